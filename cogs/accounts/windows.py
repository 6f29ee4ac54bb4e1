"""Windows that ask for one line, and what was typed into them.

A window that counts as finished is not stored by discord.py, which would know what to do with the
answer only until the next restart. So answers come to the cog's listener, by the window's id.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import discord

from cogs._bot import BotInteraction

_FIELD: Final = "line"


class Window(discord.ui.Modal):
    """Asks for one line.

    Args:
        custom_id: By which its answer is known.
        title: Of the window.
        label: Of the line.
        hint: Below the label.
        example: Shown while nothing is typed.
        longest: Characters that may be typed.
    """

    def __init__(
        self, custom_id: str, title: str, label: str, *, hint: str, example: str, longest: int
    ) -> None:
        super().__init__(title=title, custom_id=custom_id, timeout=None)
        line = discord.ui.TextInput[Any](custom_id=_FIELD, placeholder=example, max_length=longest)
        self.add_item(discord.ui.Label(text=label, description=hint, component=line))
        self.stop()


def window_of(interaction: BotInteraction) -> str | None:
    """Return the id of the window that somebody sent off; None for anything else."""
    if interaction.type is not discord.InteractionType.modal_submit:
        return None
    return (interaction.data or {}).get("custom_id")


def typed_in(interaction: BotInteraction) -> str:
    """Return the line that was typed."""
    return next(_values(interaction.data or {}), "")


def _values(part: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was typed into our field, however deep Discord nests it."""
    if part.get("custom_id") == _FIELD and isinstance(part.get("value"), str):
        yield part["value"]
    inner: list[Any] = [*part.get("components", ()), part.get("component")]
    for each in inner:
        if isinstance(each, Mapping):
            yield from _values(each)  # pyright: ignore[reportUnknownArgumentType] - JSON
