"""Commands about one's weekly list."""

import logging
from typing import Any, Final, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._breaks import FAILURES
from cogs._layout import sentence
from cogs._waiting import telling_place
from cogs._zones import zone_choices
from cogs.weekly.plan_text import NEVER_ON, OFF, Assumed, told, trouble_text, turned_on
from cogs.weekly.quiet import quiet_lines, set_quiet
from cogs.weekly.render import MOST_WEEKS, history_page, preview_page
from cogs.weekly.rooms import RoomOption
from cogs.weekly.text import DAYS
from cogs.weekly.wishes import DM, HERE, Wishes, planned
from musicrec.domain.errors import MusicRecError
from musicrec.domain.weekly_plan import SIZES, SpotifyCopy
from musicrec.services import has_one_zone

_Text: TypeAlias = app_commands.Range[str, 1, 100]
_RoomId: TypeAlias = app_commands.Transform[int, RoomOption]

_DAYS: Final = [app_commands.Choice(name=name, value=day) for day, name in enumerate(DAYS)]
_PLACES: Final = [
    app_commands.Choice(name="Direct messages", value=DM),
    app_commands.Choice(name="This channel or thread", value=HERE),
]
_COPIES: Final = [
    app_commands.Choice(name="No copy", value=SpotifyCopy.NONE.value),
    app_commands.Choice(name="One playlist, overwritten every week", value=SpotifyCopy.SAME.value),
    app_commands.Choice(name="A new playlist every week", value=SpotifyCopy.NEW.value),
]


_log = logging.getLogger(__name__)


class Weekly(
    commands.GroupCog, group_name="weekly", group_description="A playlist of your own every week"
):
    """Weekly lists: when, where, what would come, what came."""

    @app_commands.command()
    @app_commands.rename(zone="time_zone")
    @app_commands.describe(
        day="The day it comes; usually Friday",
        hour="Your local time, like 18, 18:30 or 6pm",
        zone="Type your city or country and pick one",
        where="Where it comes; usually direct messages",
        channel="Or another channel or thread of this server",
        size="How many songs; usually 30",
        adventure="0 stays close to what you like, 100 goes far; usually 50",
        spotify="Also as a playlist of your linked Spotify account",
    )
    @app_commands.choices(day=_DAYS)
    @app_commands.choices(where=_PLACES, spotify=_COPIES)
    @app_commands.autocomplete(zone=zone_choices)
    async def on(  # noqa: PLR0917 - each is an option, passed by name
        self,
        interaction: BotInteraction,
        day: int | None = None,
        hour: _Text | None = None,
        zone: _Text | None = None,
        where: str | None = None,
        channel: _RoomId | None = None,
        size: app_commands.Range[int, SIZES.start, SIZES.stop - 1] | None = None,
        adventure: app_commands.Range[int, 0, 100] | None = None,
        spotify: str | None = None,
    ) -> None:
        """Get a list every week, or change when, where and what; the rest stays as it is."""
        await interaction.response.defer(ephemeral=True)
        services, listener_id, at = interaction.client.services, listener_of(interaction), now()
        wishes = Wishes(day, hour, zone, where, channel, size, adventure, spotify)
        before = await services.weekly.plan(listener_id)
        plan = await planned(interaction, wishes, before, at=at)
        kept = await services.weekly.turn_on(plan, at=at)
        summary = await services.privacy.show(listener_id)
        words = turned_on(
            kept,
            before,
            await services.weekly.next_due(listener_id),
            at=at,
            assumed=_assumed(interaction.locale) if zone is None and not before else Assumed.NOT,
            n_labels=summary.likes + summary.dislikes,
        )
        lines = await quiet_lines(interaction, await services.weekly.next_due(listener_id))
        await interaction.edit_original_response(view=sentence("\n".join([words, *lines])))

    @app_commands.command()
    async def off(self, interaction: BotInteraction) -> None:
        """Get no more weekly lists; those that you got stay."""
        was_on = await interaction.client.services.weekly.turn_off(listener_of(interaction))
        words = OFF if was_on else NEVER_ON
        await interaction.response.send_message(view=sentence(words), ephemeral=True)

    @app_commands.command()
    async def when(self, interaction: BotInteraction) -> None:
        """See when and where your next list comes, by your own clock."""
        weekly, listener_id = interaction.client.services.weekly, listener_of(interaction)
        plan, due_at = await weekly.plan(listener_id), await weekly.next_due(listener_id)
        lines = await quiet_lines(interaction, due_at)
        words = "\n".join([told(plan, due_at, at=now()), *lines])
        await interaction.response.send_message(view=sentence(words), ephemeral=True)

    @app_commands.command()
    @app_commands.rename(zone="time_zone")
    @app_commands.describe(
        begin="When they begin, by your clock, like 22, 22:30 or 10pm",
        end="When they end, like 8; without both times they are ended",
        zone="Type your city or country and pick one",
    )
    @app_commands.autocomplete(zone=zone_choices)
    async def quiet(
        self,
        interaction: BotInteraction,
        begin: _Text | None = None,
        end: _Text | None = None,
        zone: _Text | None = None,
    ) -> None:
        """Have hours every day in which I send you nothing by myself."""
        words = await set_quiet(interaction, begin, end, zone)
        await interaction.response.send_message(view=sentence(words), ephemeral=True)

    @app_commands.command()
    async def now(self, interaction: BotInteraction) -> None:
        """See what your next list would be; this does not use up your week."""
        await interaction.response.defer(ephemeral=True)
        weekly = interaction.client.services.weekly
        async with telling_place(interaction):
            preview = await weekly.preview(listener_of(interaction), at=now())
        layout, files = preview_page(preview)
        await interaction.edit_original_response(view=layout, attachments=files)

    @app_commands.command()
    @app_commands.describe(search="Words of a title or an artist: which week had that song?")
    async def history(self, interaction: BotInteraction, search: _Text = "") -> None:
        """Find the weekly lists that you got, and open them again."""
        weeks = await interaction.client.services.weekly.history(
            listener_of(interaction), search, most=MOST_WEEKS + 1
        )
        view = history_page(weeks[:MOST_WEEKS], search, is_all=len(weeks) <= MOST_WEEKS)
        await interaction.response.send_message(view=view, ephemeral=True)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: BotInteraction, command: app_commands.Command[Any, ..., Any]
    ) -> None:
        """Say once, after whatever the listener did next, that a list could not be brought."""
        if command is self.when:
            return
        weekly = interaction.client.services.weekly
        try:
            if trouble := await weekly.tell_trouble(listener_of(interaction)):
                view = sentence(trouble_text(trouble))
                await interaction.followup.send(view=view, ephemeral=True)
        except (MusicRecError, *FAILURES) as error:
            _log.warning("A listener could not be told why no list came: %s", error)


def _assumed(locale: discord.Locale) -> Assumed:
    return Assumed.SURELY if has_one_zone(locale.value) else Assumed.UNSURELY
