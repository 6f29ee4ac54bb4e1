"""The buttons of an edit: ticks, pages, and the decision."""

from typing import ClassVar

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import EDIT_DECIDE, EDIT_PAGE, EDIT_TICK
from cogs._components import PersistentButton
from cogs._limits import Cost
from cogs.playlists.render import edit_page, outcome_page
from musicrec.domain.playlist_edit import EditId, EditState
from musicrec.services import EditOutcome


class EditPageButton(PersistentButton, template=EDIT_PAGE):
    """Turn to another page."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Show the page as it is by now."""
        edit_id = EditId(int(self.fields["edit"]))
        edit = await interaction.client.services.edits.get(listener_of(interaction), edit_id)
        if edit.state is not EditState.PROPOSED:
            layout, _ = outcome_page(EditOutcome(edit, is_new=False))
            await interaction.response.edit_message(view=layout)
            return
        await interaction.response.edit_message(view=edit_page(edit, int(self.fields["page"])))


class EditTickButton(PersistentButton, template=EDIT_TICK):
    """Choose a song, or leave it out."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Store the tick and show the page again."""
        edits, listener_id = interaction.client.services.edits, listener_of(interaction)
        edit_id = EditId(int(self.fields["edit"]))
        position = self.fields["position"]
        if position == "all":
            edit = await edits.get(listener_id, edit_id)
            positions = [one.position for one in edit.proposals]
        else:
            positions = [int(position)]
        edit = await edits.tick(listener_id, edit_id, positions, on=self.fields["tick"] == "on")
        await interaction.response.edit_message(view=edit_page(edit, int(self.fields["page"])))


class EditDecideButton(PersistentButton, template=EDIT_DECIDE):
    """Make an edit, decide against it, or take it back."""

    cost: ClassVar[Cost] = Cost.ORDINARY

    async def on_click(self, interaction: BotInteraction) -> None:
        """Do it and replace the page by the outcome."""
        edits, listener_id = interaction.client.services.edits, listener_of(interaction)
        edit_id, choice = EditId(int(self.fields["edit"])), self.fields["choice"]
        # A stranger, or somebody whose page is gone, gets an answer of their own.
        await edits.get(listener_id, edit_id)
        await interaction.response.defer()
        if choice == "drop":
            outcome = EditOutcome(await edits.drop(listener_id, edit_id), is_new=True)
        elif choice == "make":
            outcome = await edits.make(listener_id, edit_id)
        else:
            outcome = await edits.undo(listener_id, edit_id)
        layout, files = outcome_page(outcome)
        await interaction.edit_original_response(view=layout, attachments=files)
