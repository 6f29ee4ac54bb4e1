"""👍 and 👎 on cards and in lists."""

from cogs._bot import BotInteraction
from cogs._buttons import LABEL
from cogs._components import PersistentButton
from cogs._rating import answer_press, press


class LabelButton(PersistentButton, template=LABEL):
    """Store the verdict and answer the clicker alone, with the next song to rate."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Set, change or take back the label."""
        outcome = await press(interaction, self.fields)
        if outcome is None:
            return
        await answer_press(interaction, outcome, in_place=False)
