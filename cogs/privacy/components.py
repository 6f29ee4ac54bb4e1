"""The second step of deleting everything."""

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import DELETE_DATA
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs.privacy.text import KEPT, receipt_text


class DeleteDataButton(PersistentButton, template=DELETE_DATA):
    """Delete or keep; the question is ephemeral, so only the listener can answer it."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Do what was chosen and replace the question by the outcome."""
        if self.fields["choice"] == "keep":
            await interaction.response.edit_message(view=sentence(KEPT))
            return
        await interaction.response.defer()
        receipt = await interaction.client.services.privacy.delete(listener_of(interaction))
        await interaction.edit_original_response(view=sentence(receipt_text(receipt)))
