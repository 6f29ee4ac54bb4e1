"""The buttons between places, songs and the passport."""

from typing import Final

import discord

from cogs._buttons import Button, genre_key
from cogs._format import plain

_MAX_LABEL: Final = 80
"""Characters of a button's label (Discord's limit)."""


def place_button(label: str, genre: str | None, country: str | None, adventure: float) -> Button:
    """Make the button that shows songs of a genre, a country or both.

    Args:
        label: Names the place; untrusted text.
        genre: As the catalogue spells it.
        country: ISO 3166-1 alpha-2 code.
        adventure: In [0, 1].
    """
    where = f"{genre_key(genre)}:{country or '-'}"
    return discord.ui.Button(
        label=plain(label, _MAX_LABEL),
        custom_id=f"explore:v1:to:{where}:{round(100 * adventure)}",
    )


def where_button(label: str, adventure: float, *, at: str) -> Button:
    """Make the button that proposes places.

    Args:
        label: What it says.
        adventure: In [0, 1].
        at: ``"here"`` in the same message, ``"new"`` in one of their own.
    """
    return discord.ui.Button(
        label=label, custom_id=f"explore:v1:where:{at}:{round(100 * adventure)}"
    )
