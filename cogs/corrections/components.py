"""The select below a list of songs, and the way back from it."""

from cogs._bot import BotInteraction, listener_of, now
from cogs._components import PersistentButton, PersistentSelect
from cogs._layout import sentence
from cogs._picks import CORRECT, TAKE_BACK_SAID, chosen, take_back_said_button
from cogs._rating import event_key
from cogs.corrections.text import BOTH_NEEDED, answer_words, taken_back_words
from musicrec.services import SaidChange


class CorrectionSelect(PersistentSelect, template=CORRECT):
    """Correct the taste of whoever chooses, whoever the list was made for."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Store every word about every song that was chosen, and say what it changes."""
        songs, kinds = chosen(self.fields, self.values)
        if not songs or not kinds:
            await interaction.response.send_message(view=sentence(BOTH_NEEDED), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        corrections = interaction.client.services.corrections
        said = [
            await corrections.say(
                listener_of(interaction), song, kind, at=now(), event_key=event_key(interaction)
            )
            for song in songs
            for kind in kinds
        ]
        is_new = any(one.change is SaidChange.NEW for one in said)
        undo = [take_back_said_button(interaction.id)] if is_new else []
        await interaction.edit_original_response(view=sentence(answer_words(said), *undo))


class TakeBackSaidButton(PersistentButton, template=TAKE_BACK_SAID):
    """Take back what one choice said; the answer it is on is ephemeral."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Take it back and replace the answer by what was taken back."""
        await interaction.response.defer()
        taken = await interaction.client.services.corrections.take_back_said(
            listener_of(interaction),
            f"interaction:{self.fields['interaction']}",
            at=now(),
        )
        await interaction.edit_original_response(view=sentence(taken_back_words(taken)))
