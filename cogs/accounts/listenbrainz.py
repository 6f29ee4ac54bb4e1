"""ListenBrainz: the token comes by a window; verdicts go either way when a button is pressed."""

from typing import ClassVar, Final

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import ENTER_TOKEN, EXCHANGE_VERDICTS, verdict_buttons
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs._limits import Cost
from cogs.accounts.text import sent_text, taken_text, token_done_text
from cogs.accounts.windows import Window, typed_in

TOKEN_WINDOW: Final = "link:v1:token"  # noqa: S105 - the window's name
_LONGEST: Final = 200


class EnterTokenButton(PersistentButton, template=ENTER_TOKEN):
    """Opens the window."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Ask for the token."""
        window = Window(
            TOKEN_WINDOW,
            "Link ListenBrainz",
            "Your user token",
            hint="From listenbrainz.org/settings",
            example="01234567-89ab-cdef-0123-456789abcdef",
            longest=_LONGEST,
        )
        await interaction.response.send_modal(window)


async def answer_token(interaction: BotInteraction) -> None:
    """Link the account; the outcome takes the place of the offer."""
    await interaction.response.defer()
    services = interaction.client.services
    account = await services.listenbrainz.link(
        listener_of(interaction), typed_in(interaction), at=now()
    )
    answer = sentence(token_done_text(account), *verdict_buttons())
    await interaction.edit_original_response(view=answer)


class ExchangeVerdictsButton(PersistentButton, template=EXCHANGE_VERDICTS):
    """Takes verdicts over from ListenBrainz, or tells it ours."""

    cost: ClassVar[Cost] = Cost.HEAVY

    async def on_click(self, interaction: BotInteraction) -> None:
        """Do so; a message of its own says what came of it."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        service, listener_id = interaction.client.services.listenbrainz, listener_of(interaction)
        if self.fields["way"] == "take":
            words = taken_text(await service.take_over(listener_id, at=now()))
        else:
            words = sent_text(await service.send_back(listener_id))
        await interaction.edit_original_response(view=sentence(words))
