"""The way by hand, where browsers cannot reach the bot: the address of a page is pasted."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import discord

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import PASTE_ADDRESS
from cogs._components import PersistentButton
from cogs._errors import report
from cogs._layout import sentence
from cogs.accounts.text import done_text

_WINDOW: Final = "link:v1:pasted"
_FIELD: Final = "address"
_LONGEST: Final = 3_000


class PasteAddressButton(PersistentButton, template=PASTE_ADDRESS):
    """Opens the window."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Ask for the address."""
        await interaction.response.send_modal(_PasteWindow())


class _PasteWindow(discord.ui.Modal):
    """Asks for the address; ``answer_pasted`` takes it.

    A window that counts as finished is not stored by discord.py, which would know what to do with
    the answer only until the next restart.
    """

    def __init__(self) -> None:
        super().__init__(title="Paste the address", custom_id=_WINDOW, timeout=None)
        self.add_item(
            discord.ui.Label(
                text="Address of the page that did not open",
                description="All of it, from your browser's address bar",
                component=discord.ui.TextInput(
                    custom_id=_FIELD,
                    placeholder="http://127.0.0.1/callback?code=…",
                    max_length=_LONGEST,
                ),
            )
        )
        self.stop()


def is_pasted_address(interaction: BotInteraction) -> bool:
    """Whether somebody sent the window off."""
    is_window = interaction.type is discord.InteractionType.modal_submit
    return is_window and (interaction.data or {}).get("custom_id") == _WINDOW


async def answer_pasted(interaction: BotInteraction) -> None:
    """Finish the link; the outcome takes the place of the offer."""
    try:
        await interaction.response.defer()
        address = next(_values(interaction.data or {}), "")
        services = interaction.client.services
        account = await services.accounts.paste(listener_of(interaction), address, at=now())
        await interaction.edit_original_response(view=sentence(done_text(account)))
    except Exception as error:  # noqa: BLE001 - as for buttons; report() logs bugs
        await report(interaction, error)


def _values(part: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was typed into our field, however deep Discord nests it."""
    if part.get("custom_id") == _FIELD and isinstance(part.get("value"), str):
        yield part["value"]
    inner: list[Any] = [*part.get("components", ()), part.get("component")]
    for each in inner:
        if isinstance(each, Mapping):
            yield from _values(each)  # pyright: ignore[reportUnknownArgumentType] - JSON
