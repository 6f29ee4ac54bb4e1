"""Places, songs from there and the passport as messages."""

from typing import Any, Final

import discord

from cogs._buttons import Button, label_buttons
from cogs._layout import Item, Layout, illustrated, text
from cogs._picks import correction_select
from cogs.explore.buttons import place_button, where_button
from cogs.explore.text import (
    exploration_words,
    outlook_words,
    place_name,
    proposal_words,
    song_words,
)
from musicrec.domain.passport import Passport
from musicrec.domain.picture import Picture
from musicrec.domain.places import Place, PlaceKind
from musicrec.services import USUAL_ADVENTURE, Exploration, Outlook

_STEP: Final = 0.25


def outlook_layout(outlook: Outlook, language: str) -> Layout:
    """Show places with a button each, and the dial below them."""
    lines = [
        proposal_words(number, proposed, language)
        for number, proposed in enumerate(outlook.places, start=1)
    ]
    there = [_to(each.place, outlook.adventure, language) for each in outlook.places]
    content = "\n".join([outlook_words(outlook), *lines])
    dial = discord.ui.ActionRow[Any](*_dial(outlook.adventure))
    return Layout(text(content), discord.ui.ActionRow[Any](*there), dial)


def exploration_layout(found: Exploration, language: str) -> Layout:
    """Show songs with their buttons, and the ways on below them."""
    texts = [song_words(song, language) for song in found.songs]
    texts[0] = f"{exploration_words(found, language)}\n{texts[0]}"
    items: list[Item] = []
    for content, song in zip(texts, found.songs, strict=True):
        row = discord.ui.ActionRow[Any](*label_buttons(song.track.id, found.shortlist.id))
        items += [text(content), row]
    titles = {song.track.id: song.track.title for song in found.songs}
    items.append(discord.ui.ActionRow[Any](correction_select(titles)))
    more = place_button("More from here", found.only.genre, found.only.country, found.adventure)
    others = where_button("Other places", found.adventure, at="new")
    return Layout(*items, discord.ui.ActionRow[Any](more, others))


def passport_layout(
    passport: Passport, picture: Picture, language: str
) -> tuple[Layout, discord.File]:
    """Show the map, its words, and the way to the next stamp."""
    ways: list[Button] = [where_button("Where to?", USUAL_ADVENTURE, at="new")]
    if passport.next is not None:
        ways.insert(0, _to(passport.next.place, USUAL_ADVENTURE, language))
    return illustrated("### Your passport", picture, filename="passport.png", buttons=ways)


def _to(place: Place, adventure: float, language: str) -> Button:
    is_genre = place.kind is PlaceKind.GENRE
    genre, country = (place.name, None) if is_genre else (None, place.name)
    return place_button(place_name(place, language), genre, country, adventure)


def _dial(adventure: float) -> list[Button]:
    closer = where_button("Closer to what I know", max(0.0, adventure - _STEP), at="here")
    bolder = where_button("Bolder", min(1.0, adventure + _STEP), at="here")
    closer.disabled, bolder.disabled = adventure <= 0, adventure >= 1
    return [closer, bolder]
