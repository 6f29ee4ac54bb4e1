"""Commands about one's own accounts elsewhere."""

from discord import app_commands
from discord.ext import commands

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import link_buttons
from cogs._layout import sentence
from cogs.accounts.components import answer_pasted, is_pasted_address
from cogs.accounts.text import linked_text, offer_text, unlinked_text
from musicrec.domain.account import AccountKind


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
    async def status(self, interaction: BotInteraction) -> None:
        """See which of your accounts are linked."""
        await interaction.response.defer(ephemeral=True)
        services = interaction.client.services
        accounts = await services.accounts.linked(listener_of(interaction))
        await interaction.edit_original_response(view=sentence(linked_text(accounts, at=now())))

    @commands.Cog.listener()
    async def on_interaction(self, interaction: BotInteraction) -> None:
        """Take a pasted address, also one whose window was opened before a restart."""
        if is_pasted_address(interaction):
            await answer_pasted(interaction)


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
        was_linked = await services.accounts.unlink(listener_of(interaction), kind)
        answer = sentence(unlinked_text(kind, was_linked=was_linked))
        await interaction.edit_original_response(view=answer)
