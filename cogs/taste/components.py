"""The second step of going back in time."""

from datetime import UTC, datetime

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import REWIND
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs.taste.text import STAYED, rewound


class RewindButton(PersistentButton, template=REWIND):
    """Go back or stay; the question is ephemeral, so only the listener can answer it."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Do what was chosen and replace the question by the outcome."""
        if self.fields["to"] == "keep":
            await interaction.response.edit_message(view=sentence(STAYED))
            return
        await interaction.response.defer()
        to = datetime.fromtimestamp(int(self.fields["to"]), UTC)
        rewind = await interaction.client.services.history.rewind(
            listener_of(interaction), to, at=now()
        )
        await interaction.edit_original_response(view=sentence(rewound(rewind)))
