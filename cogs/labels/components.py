"""👍 and 👎 on cards and in lists."""

from cogs._bot import BotInteraction
from cogs._buttons import LABEL
from cogs._components import PersistentButton
from cogs._learned import learned
from cogs._rating import press, show_next_song
from musicrec.services import LabelChange


class LabelButton(PersistentButton, template=LABEL):
    """Store the verdict and answer the clicker alone, with the next song to rate."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Set, change or take back the label."""
        outcome = await press(interaction, self.fields)
        if outcome is None:
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        taken_back = outcome.change is LabelChange.TAKEN_BACK
        await show_next_song(
            interaction,
            answer=learned(outcome),
            undo=None if taken_back else outcome.track.id,
        )
