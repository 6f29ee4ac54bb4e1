"""What may be said about songs that were picked for somebody, on the message that shows them.

Grammar and makers of the select below a list, and of the buttons that take corrections back. A
grammar is versioned and never changes: messages with old ids stay in channels for years.
"""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import discord

from cogs._buttons import Button
from cogs._format import plain
from musicrec.domain.correction import CorrectionId, CorrectionKind
from musicrec.domain.ids import TrackId

CORRECT: Final = re.compile(r"correct:v1:(?P<track>[A-Za-z0-9:._-]{1,64})")
"""Say something about a song, or, where ``track`` is ``-``, about those that are chosen with it."""

TAKE_BACK_SAID: Final = re.compile(r"uncorrect:v1:said:(?P<interaction>\d{1,20})")
"""Take back what one choice said."""

TAKE_BACK: Final = re.compile(r"uncorrect:v1:one:(?P<correction>\d{1,18}):(?P<page>\d{1,5})")
"""Take back one correction of the list of all."""

CORRECTIONS_PAGE: Final = re.compile(r"corrections:v1:page:(?P<page>\d{1,5})")

KIND_LABELS: Final[Mapping[CorrectionKind, str]] = MappingProxyType(
    {
        CorrectionKind.MORE_LIKE_THIS: "More like this",
        CorrectionKind.TOO_FAST: "Too fast",
        CorrectionKind.TOO_SLOW: "Too slow",
        CorrectionKind.TOO_LOUD: "Too loud",
        CorrectionKind.TOO_CALM: "Too calm",
        CorrectionKind.NOT_THIS_GENRE: "Not this genre",
        CorrectionKind.NEVER_THIS_ARTIST: "Never this artist",
        CorrectionKind.KNOWN_ALREADY: "I know it already",
    }
)

MOST_SONGS: Final = 25 - len(KIND_LABELS)
"""Songs of one select; Discord allows 25 options."""

_SEVERAL: Final = "-"
_MOST_CHOSEN: Final = 4
"""So that the answer stays short: two songs and two words, or one song and three."""

_SONG, _KIND = "song:", "say:"
_LABEL: Final = 100


def correction_select(songs: Mapping[TrackId, str], *, first: int = 1) -> discord.ui.Select[Any]:
    """Make the one select of a list: choose a song of it and what should be different.

    Where there is one song, its choice is left out and one tap suffices.

    Args:
        songs: Titles of up to ``MOST_SONGS`` songs, at least one, in the order shown; untrusted
            text.
        first: The number of the first one in the list.
    """
    kinds = [
        discord.SelectOption(label=label, value=f"{_KIND}{kind}")
        for kind, label in KIND_LABELS.items()
    ]
    if len(songs) == 1:
        return discord.ui.Select(
            custom_id=f"correct:v1:{next(iter(songs))}",
            placeholder="Something off? Say what should be different",
            max_values=_MOST_CHOSEN,
            options=kinds,
        )
    choices = [
        discord.SelectOption(
            label=plain(f"{number}. {title or 'Untitled'}", _LABEL), value=f"{_SONG}{track_id}"
        )
        for number, (track_id, title) in enumerate(songs.items(), start=first)
    ]
    return discord.ui.Select(
        custom_id=f"correct:v1:{_SEVERAL}",
        placeholder="Something off? Choose a song and what should be different",
        min_values=2,
        max_values=_MOST_CHOSEN,
        options=[*choices, *kinds],
    )


def chosen(
    fields: re.Match[str], values: Sequence[str]
) -> tuple[list[TrackId], list[CorrectionKind]]:
    """Read the choice of a ``CORRECT`` select: songs, and what was said; either may be empty."""
    songs = [TrackId(value.removeprefix(_SONG)) for value in values if value.startswith(_SONG)]
    if fields["track"] != _SEVERAL:
        songs = [TrackId(fields["track"])]
    said = [value.removeprefix(_KIND) for value in values if value.startswith(_KIND)]
    return songs, [kind for kind in KIND_LABELS if kind in said]


def take_back_said_button(interaction_id: int) -> Button:
    """Make the button that takes back what one choice said."""
    return discord.ui.Button(label="Undo", custom_id=f"uncorrect:v1:said:{interaction_id}")


def take_back_button(correction_id: CorrectionId, page: int) -> Button:
    """Make the button that takes back one correction and shows the page again."""
    return discord.ui.Button(
        label="Take back", custom_id=f"uncorrect:v1:one:{correction_id}:{page}"
    )
