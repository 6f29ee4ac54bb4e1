"""What the routes of the stand-in's Web API share."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from bot.stand_in.exchange import Answered, Asked, failure
from bot.stand_in.library import Library, Song
from bot.stand_in.people import Listener, Playlist
from bot.stand_in.shapes import episode, local_track, page, track
from musicrec.sources.clock import Clock

T = TypeVar("T")

_ID = re.compile(r"[0-9A-Za-z]{22}")
Answer = Callable[..., Answered]


@dataclass
class State:
    """What the Web API knows.

    Attributes:
        root: Its address, ``/v1`` included.
    """

    library: Library
    clock: Clock
    root: str = "http://127.0.0.1/v1"
    listeners: dict[str, Listener] = field(default_factory=dict[str, Listener])
    playlists: dict[str, Playlist] = field(default_factory=dict[str, Playlist])
    numbers: Any = field(default_factory=lambda: count(1))

    def song(self, spotify_id: str) -> Song | None:
        """Return a song by its id."""
        return self.library.get(spotify_id)

    def track(self, uri: str) -> dict[str, Any] | None:
        """What an uri leads to; None for what is not there any more."""
        if uri.startswith("spotify:local:"):
            return local_track(uri)
        if uri.startswith("spotify:episode:"):
            return episode(uri.rpartition(":")[2], self.root)
        song = self.song(uri.rpartition(":")[2])
        return track(song, self.root) if song else None


@dataclass(frozen=True)
class Route:
    """One operation.

    Attributes:
        pattern: Of ``METHOD /path``; its groups are handed to ``answer``.
        answer: Of the listener's id, the request and the groups.
        is_personal: Whether only listeners' tokens serve.
        scopes: Of which one is needed.
    """

    pattern: str
    answer: Answer
    is_personal: bool = False
    scopes: frozenset[str] = frozenset()


class BadRequestError(Exception):
    """The request is refused as malformed; the message is sent."""


def guarded(answer: Answer) -> Answer:
    """Let a route raise what it refuses."""

    def through(*args: Any) -> Answered:
        try:
            return answer(*args)
        except BadRequestError as error:
            return failure(400, str(error))

    return through


def whole(asked: Asked, name: str, default: int, least: int, most: int) -> int:
    """A number of the query, within its limits."""
    text = asked.query.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        msg = f"Invalid {name}"
        raise BadRequestError(msg)
    return int(text)


def paged(
    asked: Asked, url: str, everything: Sequence[T], shape: Callable[[T], Any], *, limit: int = 20
) -> dict[str, Any]:
    """The page of a list that a request asks for: 50 entries at most, as documented."""
    size = whole(asked, "limit", limit, 1, 50)
    offset = whole(asked, "offset", 0, 0, 100_000)
    kept = {key: value for key, value in asked.query.items() if key not in ("limit", "offset")}
    items = [shape(each) for each in everything[offset : offset + size]]
    return page(items, url, kept, limit=size, offset=offset, total=len(everything))


def is_id(text: str) -> bool:
    """Tell whether a text is of the form of an id."""
    return bool(_ID.fullmatch(text))
