"""Saved and top songs on Spotify as a start: taken over and forgotten by a button."""

from typing import ClassVar

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import HINTS, Button, forget_hints_button, take_hints_button
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs._limits import Cost
from cogs.accounts.hint_text import forgotten_text, taken_hints_text
from musicrec.services import HintState


class HintsButton(PersistentButton, template=HINTS):
    """Takes songs over, or forgets them; a message of its own says what came of it."""

    cost: ClassVar[Cost] = Cost.HEAVY

    async def on_click(self, interaction: BotInteraction) -> None:
        """Do so."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        service, listener_id = interaction.client.services.hints, listener_of(interaction)
        if self.fields["what"] == "forget":
            answer = sentence(forgotten_text(await service.forget(listener_id)))
        else:
            taken = await service.take(listener_id, at=now())
            buttons = [forget_hints_button()] if taken.n_taken else []
            answer = sentence(taken_hints_text(taken), *buttons)
        await interaction.edit_original_response(view=answer)


def hint_buttons(state: HintState) -> list[Button]:
    """Make the one button that serves now, if any."""
    if state.n_all:
        return [forget_hints_button()]
    return [take_hints_button()] if state.may_take else []
