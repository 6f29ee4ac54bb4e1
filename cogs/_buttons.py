"""Every persistent button: its custom id's grammar and how to make one.

``PersistentButton`` subclasses in the features handle the clicks. A grammar is versioned and
never changes: messages with old ids stay in channels for years.
"""

import re
import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, TypeAlias

import discord

from musicrec.domain.ids import ListenerId, ShortlistId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.track import Track
from musicrec.services import DuelChoice

Button: TypeAlias = discord.ui.Button[Any]

_VALUE: Final = r"(?P<value>like|dislike)"
_SHORTLIST: Final = r"(?P<shortlist>\d{1,12})"
_GENRE: Final = r"(?P<genre>[0-9a-f]{6}|-)"
_TRACK: Final = r"(?P<track>[A-Za-z0-9:._-]{1,64})"

LABEL: Final = re.compile(rf"label:v1:{_VALUE}:{_SHORTLIST}:{_TRACK}")
"""A verdict on a card or in a list; the answer is a message of its own."""

RATE: Final = re.compile(rf"rate:v1:{_VALUE}:{_SHORTLIST}:{_GENRE}:{_TRACK}")
"""A verdict in the rating flow; the answer and the next song replace the message."""

DUEL: Final = re.compile(rf"duel:v1:(?P<choice>first|second|both|neither):{_SHORTLIST}:{_GENRE}")
"""Which of two songs; the answer and the next two replace the message."""

UNDO_DUEL: Final = re.compile(rf"undo-duel:v1:{_SHORTLIST}:{_GENRE}")
UNDO: Final = re.compile(rf"undo:v1:{_GENRE}:{_TRACK}")
START_RATING: Final = re.compile(r"rate:v1:start")
REWIND: Final = re.compile(r"rewind:v1:(?P<to>\d{1,11}|keep)")
"""Return to an instant, in seconds since 1970, or stay."""

_LISTENER: Final = r"(?P<listener>\d{1,20})"
TRAIN_PICTURE: Final = re.compile(rf"train:v1:(?P<page>report|sure|curve|matters):{_LISTENER}")
TASTE_PICTURE: Final = re.compile(rf"taste:v1:(?P<page>profile|radar|map|matters):{_LISTENER}")
"""Another picture in place of the one that is shown; for the listener it is about."""

PASTE_ADDRESS: Final = re.compile(r"link:v1:paste")
"""Opens the window for the address at which a browser ended."""

ENTER_TOKEN: Final = re.compile(r"link:v1:listenbrainz")
"""Opens the window for a token of ListenBrainz."""

EXCHANGE_VERDICTS: Final = re.compile(r"listenbrainz:v1:(?P<way>take|send)")
"""Takes verdicts over from there, or tells them there."""
_EDIT: Final = r"(?P<edit>\d{1,18})"
_PAGE: Final = r"(?P<page>\d{1,5})"
EDIT_TICK: Final = re.compile(
    rf"edit:v1:(?P<tick>on|off):{_EDIT}:{_PAGE}:(?P<position>\d{{1,6}}|all)"
)
"""Choose a song of an edit of a playlist, or leave it out."""
EDIT_PAGE: Final = re.compile(rf"edit:v1:page:{_EDIT}:{_PAGE}")
EDIT_DECIDE: Final = re.compile(rf"edit:v1:(?P<choice>make|drop|undo):{_EDIT}")
"""Make an edit, decide against it, or take it back."""

_KEPT: Final = r"(?P<kept>\d{1,18})"
MADE_PAGE: Final = re.compile(rf"made:v1:page:{_KEPT}:{_SHORTLIST}:{_PAGE}")
_ACCOUNT: Final = r"(?P<account>spotify|listenbrainz)"
MADE_SEND: Final = re.compile(rf"made:v1:send:{_KEPT}:{_SHORTLIST}:{_ACCOUNT}")
MADE_AGAIN: Final = re.compile(rf"made:v1:again:{_KEPT}:(?P<over>\d{{1,14}}):{_ACCOUNT}")
MADE_FILE: Final = re.compile(rf"made:v1:file:{_KEPT}")
"""A playlist that was made: another page of it, a copy elsewhere, another copy in the place of one
that was begun so many milliseconds after 1970, a file."""

WEEK_KEEP: Final = re.compile(r"week:v1:keep:(?P<week>\d{1,18})")
"""Keeps a weekly list as a playlist, to copy it elsewhere."""
WEEK_PAGE: Final = re.compile(rf"week:v1:page:(?P<week>\d{{1,18}}):{_PAGE}")
"""A page of a weekly list, in place of the one that is shown."""
WEEK_LOOK: Final = re.compile(rf"week:v1:look:(?P<preview>\d{{1,18}}):{_PAGE}")
"""The same of a list that was only looked at before its time."""

HINTS: Final = re.compile(r"hints:v1:(?P<what>take|forget)")
"""Takes saved and top songs over as hints, or forgets them."""

_ADVENTURE: Final = r"(?P<adventure>\d{1,3})"
EXPLORE_PLACE: Final = re.compile(rf"explore:v1:to:{_GENRE}:(?P<country>[A-Z]{{2}}|-):{_ADVENTURE}")
"""Songs of a genre, a country or both; adventure in percent."""
EXPLORE_WHERE: Final = re.compile(rf"explore:v1:where:(?P<at>here|new):{_ADVENTURE}")
"""Places to go, in this message or in one of their own."""
BLEND_PAGE: Final = re.compile(rf"blend:v1:page:{_KEPT}:{_SHORTLIST}:{_PAGE}")
ALLOW_COMPARING: Final = re.compile(rf"together:v1:allow:{_LISTENER}")
"""Lets others on this server compare their taste with that of one person, who alone may press."""

DELETE_DATA: Final = re.compile(r"privacy:v1:(?P<choice>delete|keep)")
END_SHARING: Final = re.compile(r"privacy:v1:unshare")

EMOJI: Final = {LabelValue.LIKE: "👍", LabelValue.DISLIKE: "👎"}

_DUEL_LABELS: Final = {
    DuelChoice.FIRST: "A",
    DuelChoice.SECOND: "B",
    DuelChoice.BOTH: "I like both",
    DuelChoice.NEITHER: "I like neither",
}

_ALBUMS: Final = {
    "train": {
        "report": "Report",
        "sure": "How sure",
        "curve": "Learning curve",
        "matters": "What matters",
    },
    "taste": {
        "profile": "Profile",
        "radar": "Radar",
        "map": "Map",
        "matters": "What matters",
    },
}
"""Pages of each album and what their buttons say."""

_NO_GENRE: Final = "-"


def genre_key(genre: str | None) -> str:
    """Return six hex digits that stand for a genre in a custom id, where its name has no room."""
    return _NO_GENRE if genre is None else f"{zlib.crc32(genre.encode()) & 0xFFFFFF:06x}"


def genre_of(key: str, genres: Iterable[str]) -> str | None:
    """Find the genre of a key; None for no genre and for one that is gone."""
    return next((genre for genre in genres if genre_key(genre) == key), None)


def shortlist_of(fields: re.Match[str]) -> ShortlistId | None:
    """Read the shortlist of a ``LABEL`` or ``RATE`` id; 0 stands for none."""
    number = int(fields["shortlist"])
    return ShortlistId(number) if number else None


def label_buttons(track_id: TrackId, shortlist_id: ShortlistId | None = None) -> list[Button]:
    """Make 👍 and 👎 for a card or a list."""
    return [_verdict(value, f"label:v1:{value}:{shortlist_id or 0}:{track_id}") for value in EMOJI]


def rate_buttons(
    track_id: TrackId, shortlist_id: ShortlistId | None, genre: str | None
) -> list[Button]:
    """Make 👍 and 👎 for the rating flow, which stays in its genre."""
    return [
        _verdict(value, f"rate:v1:{value}:{shortlist_id or 0}:{genre_key(genre)}:{track_id}")
        for value in EMOJI
    ]


def listen_buttons(track: Track) -> list[Button]:
    """Make a link to where the song plays; empty where nobody knows."""
    if track.listen_url is None:
        return []
    return [discord.ui.Button(label="Listen", url=track.listen_url)]


def undo_button(track_id: TrackId, genre: str | None) -> Button:
    """Make the button that takes the last rating back."""
    return discord.ui.Button(label="Undo", custom_id=f"undo:v1:{genre_key(genre)}:{track_id}")


def duel_buttons(shortlist_id: ShortlistId, genre: str | None) -> list[Button]:
    """Make the four answers to "A or B?"; the flow stays in its genre."""
    return [
        discord.ui.Button(
            label=label, custom_id=f"duel:v1:{choice}:{shortlist_id}:{genre_key(genre)}"
        )
        for choice, label in _DUEL_LABELS.items()
    ]


def undo_duel_button(shortlist_id: ShortlistId, genre: str | None) -> Button:
    """Make the button that takes the last answer of the duels back."""
    return discord.ui.Button(
        label="Undo", custom_id=f"undo-duel:v1:{shortlist_id}:{genre_key(genre)}"
    )


def start_rating_button() -> Button:
    """Make the button that opens the rating flow."""
    return discord.ui.Button(
        label="Start rating", style=discord.ButtonStyle.primary, custom_id="rate:v1:start"
    )


def picture_buttons(album: str, page: str, listener_id: ListenerId) -> list[Button]:
    """Make one button a picture of the album ``"train"`` or ``"taste"``; the shown one is off."""
    return [
        discord.ui.Button(
            label=label,
            style=discord.ButtonStyle.primary if key == page else discord.ButtonStyle.secondary,
            disabled=key == page,
            custom_id=f"{album}:v1:{key}:{listener_id}",
        )
        for key, label in _ALBUMS[album].items()
    ]


def link_buttons(url: str, *, is_pasted: bool) -> list[Button]:
    """Make the link to a service's page, and the button for the address after it."""
    allow = discord.ui.Button[Any](label="Allow at Spotify", url=url)
    paste = discord.ui.Button[Any](
        label="Paste the address",
        style=discord.ButtonStyle.primary,
        custom_id="link:v1:paste",
    )
    return [allow, paste] if is_pasted else [allow]


def enter_token_button() -> Button:
    """Make the button that opens the window for a token."""
    return discord.ui.Button(
        label="Enter my token",
        style=discord.ButtonStyle.primary,
        custom_id="link:v1:listenbrainz",
    )


def verdict_buttons() -> list[Button]:
    """Make the buttons that move verdicts between ListenBrainz and here."""
    return [
        discord.ui.Button(
            label="Take over what I loved and hated there", custom_id="listenbrainz:v1:take"
        ),
        discord.ui.Button(label="Tell it my ratings", custom_id="listenbrainz:v1:send"),
    ]


def take_hints_button() -> Button:
    """Make the button that takes saved and top songs over as hints."""
    return discord.ui.Button(
        label="Use my saved and top songs as a start", custom_id="hints:v1:take"
    )


def forget_hints_button() -> Button:
    """Make the button that forgets them."""
    return discord.ui.Button(label="Forget them", custom_id="hints:v1:forget")


def allow_comparing_button(listener_id: ListenerId, name: str = "") -> Button:
    """Make the button with which one person, named on it, agrees to be compared."""
    label = f"{name}: I agree" if name else "I agree"
    return discord.ui.Button(label=label, custom_id=f"together:v1:allow:{listener_id}")


def delete_data_buttons() -> list[Button]:
    """Make the two buttons that decide about deleting everything."""
    return [
        discord.ui.Button(
            label="Delete everything",
            style=discord.ButtonStyle.danger,
            custom_id="privacy:v1:delete",
        ),
        discord.ui.Button(label="Keep it", custom_id="privacy:v1:keep"),
    ]


def end_sharing_button() -> Button:
    """Make the button that ends every consent of whoever presses it, on all servers."""
    return discord.ui.Button(label="End all sharing", custom_id="privacy:v1:unshare")


def rewind_buttons(to: datetime) -> list[Button]:
    """Make the two buttons that decide about returning to an instant."""
    return [
        discord.ui.Button(
            label="Rewind",
            style=discord.ButtonStyle.danger,
            custom_id=f"rewind:v1:{int(to.timestamp())}",
        ),
        discord.ui.Button(label="Stay", custom_id="rewind:v1:keep"),
    ]


def _verdict(value: LabelValue, custom_id: str) -> Button:
    return discord.ui.Button(emoji=EMOJI[value], custom_id=custom_id)
