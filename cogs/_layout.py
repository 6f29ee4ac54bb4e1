"""A message in Components V2, and the pieces that several features show."""

import io
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import discord

from cogs._format import MAX_LAYOUT_TEXT, block
from musicrec.domain.picture import Picture

ACCENT: Final = discord.Colour(0x1DB27C)

Item: TypeAlias = discord.ui.Item[Any]


class Layout(discord.ui.LayoutView):
    """A message that discord.py need not remember, because its buttons are dynamic items.

    A view that counts as finished is not stored; otherwise every ephemeral answer would stay in
    memory, with a timer of its own, for 15 minutes.
    """

    def __init__(self, *items: Item) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.stop()


def text(content: str) -> discord.ui.TextDisplay[Any]:
    """Wrap Discord markdown."""
    return discord.ui.TextDisplay(content)


def sentence(content: str, *buttons: Item) -> Layout:
    """Lay out a plain answer, with buttons below it if any are given."""
    rows: list[Item] = [discord.ui.ActionRow(*buttons)] if buttons else []
    return Layout(text(content), *rows)


def illustrated(
    headline: str,
    picture: Picture,
    *,
    filename: str,
    footer: str = "",
    buttons: Sequence[Item] = (),
) -> tuple[Layout, discord.File]:
    """Lay out a picture below a headline, followed by buttons and its text twin.

    Buttons come before the text, so that they stay in place when the text grows.

    Returns:
        The layout and the file that has to be sent with it.
    """
    file = discord.File(io.BytesIO(picture.png), filename)
    gallery = discord.ui.MediaGallery[Any](
        discord.MediaGalleryItem(f"attachment://{filename}", description=picture.description)
    )
    room = MAX_LAYOUT_TEXT - len(headline) - len(footer)
    row: list[Item] = [discord.ui.ActionRow[Any](*buttons)] if buttons else []
    parts: list[Item] = [text(headline), gallery, *row, text(block(picture.text, room))]
    if footer:
        parts.append(text(footer))
    return Layout(discord.ui.Container(*parts, accent_colour=ACCENT)), file
