"""Buttons below what is said about one's own data; these answers are seen by nobody else."""

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import DELETE_DATA, END_SHARING
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs.privacy.render import summary_layout
from cogs.privacy.text import KEPT, receipt_text, sharing_ended_text


class DeleteDataButton(PersistentButton, template=DELETE_DATA):
    """The second step of deleting everything: delete or keep."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Do what was chosen and replace the question by the outcome."""
        if self.fields["choice"] == "keep":
            await interaction.response.edit_message(view=sentence(KEPT))
            return
        await interaction.response.defer()
        receipt = await interaction.client.services.privacy.delete(listener_of(interaction))
        await interaction.edit_original_response(view=sentence(receipt_text(receipt)))


class EndSharingButton(PersistentButton, template=END_SHARING):
    """Ends every consent on every server, also where its listener is no longer."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """End them, and show what is stored now."""
        await interaction.response.defer()
        privacy, listener_id = interaction.client.services.privacy, listener_of(interaction)
        n_ended = await privacy.end_sharing(listener_id)
        summary = await privacy.show(listener_id)
        view = summary_layout(interaction, summary, sharing_ended_text(n_ended))
        await interaction.edit_original_response(view=view)
