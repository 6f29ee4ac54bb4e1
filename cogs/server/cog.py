"""The settings of a server."""

from typing import Final

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, now
from cogs._layout import sentence
from cogs._zones import zone_choices
from cogs.server.links_text import NEVER_ON, NO_INTENT, OFF, on
from cogs.server.managing import guild_managed_by, require_room
from cogs.server.text import (
    NEVER_QUIET,
    QUIET_ENDED,
    ended,
    quiet_from_now,
    settings_text,
    started,
    trouble_text,
)
from musicrec.domain.errors import BadInputError
from musicrec.domain.quiet import QuietHours
from musicrec.domain.server_post import Cadence, ServerPlan, ServerPostKind

_CADENCES: Final = [
    app_commands.Choice(name="every day", value=Cadence.DAILY.value),
    app_commands.Choice(name="Monday to Friday", value=Cadence.WEEKDAYS.value),
    app_commands.Choice(name="once a week", value=Cadence.WEEKLY.value),
]
_DAYS: Final = [
    app_commands.Choice(name=name, value=number)
    for number, name in enumerate(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    )
]
_HOUR: Final = "At which hour of the local day, 0 to 23"
_ZONE: Final = "Whose clocks, for example Europe/Berlin; they appear while you type"


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.default_permissions(manage_guild=True)
class Server(commands.GroupCog, group_name="settings", group_description="Settings of this server"):
    """Chooses channels, and what is posted there by the clock."""

    @app_commands.command()
    @app_commands.describe(channel="Where links of songs become cards to rate; none ends it")
    async def links(
        self, interaction: BotInteraction, channel: discord.TextChannel | None = None
    ) -> None:
        """Let links of songs in one channel become cards that everybody there can rate."""
        guild_id = guild_managed_by(interaction)
        links = interaction.client.services.links
        if channel is None:
            words = OFF if await links.forget(guild_id) else NEVER_ON
        elif not interaction.client.intents.message_content:
            words = NO_INTENT
        else:
            require_room(channel)
            await links.choose(guild_id, channel.id, at=now())
            words = on(channel.mention)
        await _answer(interaction, guild_id, words)

    @app_commands.command()
    @app_commands.describe(
        channel="Where a song to rate is posted; none ends it",
        when="On which days",
        hour=_HOUR,
        zone=_ZONE,
        day="Of songs once a week",
    )
    @app_commands.choices(when=_CADENCES)
    @app_commands.choices(day=_DAYS)
    @app_commands.autocomplete(zone=zone_choices)
    async def songs(  # noqa: PLR0917 - each is an option, passed by name
        self,
        interaction: BotInteraction,
        channel: discord.TextChannel | None = None,
        when: str = Cadence.DAILY.value,
        hour: app_commands.Range[int, 0, 23] = 18,
        zone: app_commands.Range[str, 1, 60] = "UTC",
        day: int = 0,
    ) -> None:
        """Have a song to rate posted in a channel by the clock, never the same one twice."""
        await _choose(
            interaction,
            ServerPostKind.SONG,
            channel,
            cadence=Cadence(when),
            weekday=day,
            hour=hour,
            zone=zone,
        )

    @app_commands.command()
    @app_commands.describe(
        channel="Where the week's digest is posted; none ends it",
        day="On which day",
        hour=_HOUR,
        zone=_ZONE,
    )
    @app_commands.choices(day=_DAYS)
    @app_commands.autocomplete(zone=zone_choices)
    async def digest(
        self,
        interaction: BotInteraction,
        channel: discord.TextChannel | None = None,
        day: int = 6,
        hour: app_commands.Range[int, 0, 23] = 18,
        zone: app_commands.Range[str, 1, 60] = "UTC",
    ) -> None:
        """Have a weekly digest posted: most liked, most divisive, first to like."""
        await _choose(
            interaction,
            ServerPostKind.DIGEST,
            channel,
            cadence=Cadence.WEEKLY,
            weekday=day,
            hour=hour,
            zone=zone,
        )

    @app_commands.command()
    @app_commands.describe(
        begin="At which hour of the local day they begin, 0 to 23",
        end="At which hour they end, 0 to 23; without both they are ended",
        zone=_ZONE,
    )
    @app_commands.autocomplete(zone=zone_choices)
    async def quiet(
        self,
        interaction: BotInteraction,
        begin: app_commands.Range[int, 0, 23] | None = None,
        end: app_commands.Range[int, 0, 23] | None = None,
        zone: app_commands.Range[str, 1, 60] = "UTC",
    ) -> None:
        """Have hours every day in which I post nothing here by the clock."""
        guild_id = guild_managed_by(interaction)
        quiet = interaction.client.services.quiet
        if begin is None and end is None:
            words = QUIET_ENDED if await quiet.end_for_server(guild_id) else NEVER_QUIET
        else:
            hours = QuietHours(*_minutes(begin, end), zone)
            words = quiet_from_now(await quiet.keep_for_server(guild_id, hours))
        await _answer(interaction, guild_id, words)

    @app_commands.command()
    async def show(self, interaction: BotInteraction) -> None:
        """See what I post in this server by the clock, and what went wrong."""
        guild_id = guild_managed_by(interaction)
        plans = await interaction.client.services.social.server_plans.of_server(guild_id)
        hours = await interaction.client.services.quiet.of_server(guild_id)
        await _answer(interaction, guild_id, settings_text(plans, hours))


def _minutes(begin: int | None, end: int | None) -> tuple[int, int]:
    if begin is None or end is None:
        msg = "say at which hour the quiet hours begin and at which they end, like 22 and 8."
        raise BadInputError(msg)
    return begin * 60, end * 60


async def _choose(
    interaction: BotInteraction,
    kind: ServerPostKind,
    channel: discord.TextChannel | None,
    *,
    cadence: Cadence,
    weekday: int,
    hour: int,
    zone: str,
) -> None:
    """Begin or end what is posted of a kind, and say so."""
    guild_id = guild_managed_by(interaction)
    plans = interaction.client.services.social.server_plans
    if channel is None:
        words = ended(kind, was_on=await plans.end(guild_id, kind))
    else:
        require_room(channel)
        begun = await plans.begin(
            ServerPlan(guild_id, kind, channel.id, cadence, weekday, hour * 60, zone, since=now())
        )
        words = started(begun)
    await _answer(interaction, guild_id, words)


async def _answer(interaction: BotInteraction, guild_id: int, words: str) -> None:
    """Answer, and tell what went wrong since."""
    plans = await interaction.client.services.social.server_plans.of_server(guild_id)
    lines = [words, *(trouble_text(plan) for plan in plans if plan.trouble)]
    await interaction.response.send_message(view=sentence("\n".join(lines)), ephemeral=True)
