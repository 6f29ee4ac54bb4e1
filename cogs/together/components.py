"""The consent, and the pages of a blend."""

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import ALLOW_COMPARING, BLEND_PAGE, shortlist_of
from cogs._comparing import guild_of
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs.together.render import AGREED, NOT_YOURS, blend_page
from musicrec.domain.ids import ShortlistId
from musicrec.domain.kept_playlist import KeptId


class AllowComparingButton(PersistentButton, template=ALLOW_COMPARING):
    """Agree to be compared; the button is one person's."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Store the consent, and say what it means, to whoever pressed alone."""
        listener_id = listener_of(interaction)
        words = NOT_YOURS
        if listener_id == int(self.fields["listener"]):
            guild_id = guild_of(interaction)
            await interaction.client.services.social.comparing.allow(
                listener_id, guild_id, at=now()
            )
            words = AGREED
        await interaction.response.send_message(view=sentence(words), ephemeral=True)


class BlendPageButton(PersistentButton, template=BLEND_PAGE):
    """Turn to another page of a blend."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Show the page, to whoever made the blend alone."""
        kept_id = KeptId(int(self.fields["kept"]))
        shortlist_id = shortlist_of(self.fields) or ShortlistId(0)
        services = interaction.client.services
        made = await services.making.show(listener_of(interaction), kept_id, shortlist_id)
        accounts = await services.copies.accounts(listener_of(interaction))
        layout = blend_page(made, int(self.fields["page"]), accounts=accounts)
        await interaction.response.edit_message(view=layout)
