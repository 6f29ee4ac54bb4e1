"""The way by hand, where browsers cannot reach the bot: the address of a page is pasted."""

from typing import Final

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import PASTE_ADDRESS
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs.accounts.text import done_text
from cogs.accounts.windows import Window, typed_in

ADDRESS_WINDOW: Final = "link:v1:pasted"
_LONGEST: Final = 3_000


class PasteAddressButton(PersistentButton, template=PASTE_ADDRESS):
    """Opens the window."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Ask for the address."""
        window = Window(
            ADDRESS_WINDOW,
            "Paste the address",
            "Address of the page that did not open",
            hint="All of it, from your browser's address bar",
            example="http://127.0.0.1/callback?code=…",
            longest=_LONGEST,
        )
        await interaction.response.send_modal(window)


async def answer_pasted(interaction: BotInteraction) -> None:
    """Finish the link; the outcome takes the place of the offer."""
    await interaction.response.defer()
    services = interaction.client.services
    account = await services.accounts.paste(
        listener_of(interaction), typed_in(interaction), at=now()
    )
    await interaction.edit_original_response(view=sentence(done_text(account)))
