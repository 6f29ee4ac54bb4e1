"""Commands about letting others lean on one's taste."""

from typing import Final

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._layout import sentence
from cogs.sharing.text import (
    COMPARABLE,
    NEVER_ON,
    NOT_COMPARABLE,
    NOT_COMPARABLE_ANY_MORE,
    OFF,
    ON,
    STATUS_OFF,
)

_GUESSES: Final = "guesses"
_COMPARING: Final = "comparing"
_WHATS: Final = [
    app_commands.Choice(name="Guesses for people here lean on my ratings", value=_GUESSES),
    app_commands.Choice(name="People here may compare with me", value=_COMPARING),
]


@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
@app_commands.allowed_installs(guilds=True, users=False)
class Share(
    commands.GroupCog, group_name="share", group_description="Let others here lean on your taste"
):
    """Opt in and out, server by server."""

    @app_commands.command()
    @app_commands.describe(what="What others here may use your taste for")
    @app_commands.choices(what=_WHATS)
    async def on(self, interaction: BotInteraction, what: str = _GUESSES) -> None:
        """Let guesses for people here lean on how you rate, or let them compare with you."""
        await interaction.response.defer(ephemeral=True)
        services, listener_id = interaction.client.services, listener_of(interaction)
        guild_id = _guild_of(interaction)
        if what == _COMPARING:
            await services.social.comparing.allow(listener_id, guild_id, at=now())
        else:
            await services.sharing.share(listener_id, guild_id, at=now())
        words = COMPARABLE if what == _COMPARING else ON
        await interaction.edit_original_response(view=sentence(words))

    @app_commands.command()
    @app_commands.describe(what="What nobody shall do any more; both, where you do not say")
    @app_commands.choices(what=_WHATS)
    async def off(self, interaction: BotInteraction, what: str | None = None) -> None:
        """Keep your taste to yourself on this server, from now on."""
        await interaction.response.defer(ephemeral=True)
        services, listener_id = interaction.client.services, listener_of(interaction)
        guild_id = _guild_of(interaction)
        ended: list[str] = []
        if what != _COMPARING and await services.sharing.stop(listener_id, guild_id):
            ended.append(OFF)
        if what != _GUESSES and await services.social.comparing.stop(listener_id, guild_id):
            ended.append(NOT_COMPARABLE_ANY_MORE)
        words = "\n".join(ended) or NEVER_ON
        await interaction.edit_original_response(view=sentence(words))

    @app_commands.command()
    async def status(self, interaction: BotInteraction) -> None:
        """See what others on this server may use your taste for, and what that means."""
        await interaction.response.defer(ephemeral=True)
        services, listener_id = interaction.client.services, listener_of(interaction)
        guild_id = _guild_of(interaction)
        shared = await services.sharing.is_shared(listener_id, guild_id)
        comparable = await services.social.comparing.is_allowed(listener_id, guild_id)
        words = f"{ON if shared else STATUS_OFF}\n{COMPARABLE if comparable else NOT_COMPARABLE}"
        await interaction.edit_original_response(view=sentence(words))


def _guild_of(interaction: BotInteraction) -> int:
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    return interaction.guild_id
