"""Commands about one's own accounts elsewhere."""

from typing import Final

from discord import app_commands
from discord.ext import commands

from cogs._answering import answer
from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import enter_token_button, link_buttons, verdict_buttons
from cogs._layout import sentence
from cogs._limits import Cost
from cogs._watch import Kind
from cogs.accounts.components import ADDRESS_WINDOW, answer_pasted
from cogs.accounts.hint_text import hints_text
from cogs.accounts.hints import hint_buttons
from cogs.accounts.listenbrainz import TOKEN_WINDOW, answer_token
from cogs.accounts.text import LISTENBRAINZ_OFFER, linked_text, offer_text, unlinked_text
from cogs.accounts.windows import window_of
from musicrec.domain.account import AccountKind

_WINDOWS: Final = {
    ADDRESS_WINDOW: ("PastedAddress", answer_pasted),
    TOKEN_WINDOW: ("Token", answer_token),
}
"""How a window is counted, and what takes up what was typed."""


class Link(commands.GroupCog, group_name="link", group_description="Link your own accounts"):
    """Link, and see what is linked."""

    @app_commands.command()
    async def spotify(self, interaction: BotInteraction) -> None:
        """Let me read and change your playlists on Spotify when you ask me to."""
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        accounts = await services.accounts.linked(listener_of(interaction))
        offer = await services.accounts.begin(listener_of(interaction), at=now())
        buttons = link_buttons(offer.url, is_pasted=offer.is_pasted)
        await interaction.edit_original_response(
            view=sentence(offer_text(offer, accounts), *buttons)
        )

    @app_commands.command()
    async def listenbrainz(self, interaction: BotInteraction) -> None:
        """Let your verdicts on ListenBrainz count here, and yours from here there."""
        await interaction.response.send_message(
            view=sentence(LISTENBRAINZ_OFFER, enter_token_button()), ephemeral=True
        )

    @app_commands.command()
    async def status(self, interaction: BotInteraction) -> None:
        """See which of your accounts are linked."""
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        accounts = await services.accounts.linked(listener_of(interaction))
        is_exchanging = any(each.kind is AccountKind.LISTENBRAINZ for each in accounts)
        hints = await services.hints.state(listener_of(interaction))
        words = [linked_text(accounts, at=now()), hints_text(hints)]
        buttons = [*(verdict_buttons() if is_exchanging else []), *hint_buttons(hints)]
        layout = sentence("\n".join(filter(None, words)), *buttons)
        await interaction.edit_original_response(view=layout)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: BotInteraction) -> None:
        """Take what was typed into a window, also one that was opened before a restart."""
        window = _WINDOWS.get(window_of(interaction) or "")
        if window is not None:
            name, work = window
            await answer(interaction, work, kind=Kind.WINDOW, name=name, cost=Cost.ORDINARY)


class Unlink(commands.Cog):
    """Let go of an account."""

    @app_commands.command()
    @app_commands.describe(account="Which account I shall forget")
    @app_commands.choices(
        account=[app_commands.Choice(name=kind.value, value=kind.value) for kind in AccountKind]
    )
    async def unlink(self, interaction: BotInteraction, account: app_commands.Choice[str]) -> None:
        """Forget one of your accounts at once, with all that I read from it."""
        await interaction.response.defer(ephemeral=True)
        kind = AccountKind(account.value)
        services = interaction.client.services
        is_forgotten = await services.accounts.unlink(listener_of(interaction), kind)
        layout = sentence(unlinked_text(kind, is_forgotten=is_forgotten))
        await interaction.edit_original_response(view=layout)
