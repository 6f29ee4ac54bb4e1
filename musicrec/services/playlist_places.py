"""Where a listener's playlists are, and how one is opened: by name, by link, or from a file."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, TypeAlias

from musicrec.domain.errors import BadInputError, MusicRecError, PlaylistUnusableError
from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import EditedFile, Place, PlaceKind
from musicrec.domain.playlist_home import HomeList, PlaylistHome
from musicrec.services.playlist_jobs import read_file
from musicrec.workers import Workers

HomeOf: TypeAlias = Callable[[ListenerId], PlaylistHome]
Homes: TypeAlias = Mapping[PlaceKind, HomeOf]

PLACE_NAMES: Final[Mapping[PlaceKind, str]] = MappingProxyType(
    {PlaceKind.HERE: "Made here", PlaceKind.SPOTIFY: "On Spotify"}
)

_PATIENCE_S: Final = 1.5
"""Discord waits 3 s for the lists; a home that takes longer is there at the next letter."""
_FRESH: Final = timedelta(seconds=30)
_READING_S: Final = 60.0
_MOST_CACHED: Final = 1_000
_LONGEST_REFERENCE: Final = 100
_SPOTIFY_LINK: Final = re.compile(
    r"(?:https?://)?open\.spotify\.com/(?:intl-[\w-]+/)?playlist/(\w+)|spotify:playlist:(\w+)"
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ListChoice:
    """A playlist that may be picked.

    Attributes:
        reference: What ``PlaylistPlaces.open`` understands, at most 100 characters.
        place: Where it is.
        n_items: How long it is; None where that is not told.
    """

    reference: str
    place: Place
    n_items: int | None


@dataclass(frozen=True)
class OpenedList:
    """A playlist that was read.

    Attributes:
        place: Where it is.
        playlist: What it is now.
        file: What was attached, where it is a file.
    """

    place: Place
    playlist: Playlist
    file: EditedFile | None = None


@dataclass(slots=True)
class _Cached:
    """The lists of one listener at one home, or the question for them."""

    asked_at: datetime
    asking: asyncio.Task[Sequence[HomeList]]


class PlaylistPlaces:
    """Every home of playlists."""

    def __init__(self, homes: Homes, workers: Workers, clock: Callable[[], datetime]) -> None:
        self._homes = homes
        self._workers = workers
        self._clock = clock
        self._cache: dict[tuple[ListenerId, PlaceKind], _Cached] = {}

    @property
    def kinds(self) -> frozenset[PlaceKind]:
        """Homes that there are."""
        return frozenset(self._homes)

    def home(self, listener_id: ListenerId, kind: PlaceKind) -> PlaylistHome:
        """Return a listener's home of a kind.

        Raises:
            PlaylistUnusableError: There is none of that kind.
        """
        if kind not in self._homes:
            msg = f"Playlists {PLACE_NAMES.get(kind, kind).lower()} are not offered any more."
            raise PlaylistUnusableError(msg)
        return self._homes[kind](listener_id)

    def forget(self, listener_id: ListenerId) -> None:
        """Ask anew for a listener's lists, because some were changed."""
        for kind in self._homes:
            self._cache.pop((listener_id, kind), None)

    async def close(self) -> None:
        """Stop asking."""
        asking = [cached.asking for cached in self._cache.values()]
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def choices(self, listener_id: ListenerId, text: str, *, limit: int) -> list[ListChoice]:
        """Complete what a listener typed so far, at once; homes that fail are left out."""
        found = await self._known(listener_id)
        begun = fold(text)
        names = [(one, fold(one.place.title)) for one in found]
        fitting = [one for one, name in names if begun in name]
        return fitting[:limit]

    async def open(self, listener_id: ListenerId, reference: str) -> OpenedList:
        """Read the playlist that a reference, a link, or a title means.

        Raises:
            PlaylistUnusableError: There is none, or it may not be read; says why.
            NotLinkedError, AccountLostError, SourceError: Its home cannot be asked.
        """
        kind, list_id = await self._meant(listener_id, reference.strip())
        playlist = await self.home(listener_id, kind).read(list_id)
        return OpenedList(Place(kind, list_id, playlist.title), playlist)

    async def open_file(self, name: str, data: bytes) -> OpenedList:
        """Read an attached file in a worker.

        Raises:
            BadInputError: It is no playlist, damaged, or too much.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        reading = self._workers.run(read_file, data, name)
        try:
            file = await asyncio.wait_for(reading, _READING_S)
        except TimeoutError as error:
            msg = f"{name} could not be read within {_READING_S:.0f} seconds; split it."
            raise BadInputError(msg) from error
        place = Place(PlaceKind.FILE, "", name)
        return OpenedList(place, file.playlist, EditedFile(name, str(file.format), data))

    async def _meant(self, listener_id: ListenerId, text: str) -> tuple[PlaceKind, str]:
        if link := _SPOTIFY_LINK.match(text):
            return await self._linked(listener_id, link[1] or link[2])
        prefix, _, list_id = text.partition(":")
        if list_id and prefix in {str(kind) for kind in self._homes}:
            return PlaceKind(prefix), list_id
        known = await self._known(listener_id)
        exact = [one for one in known if fold(one.place.title) == fold(text)]
        similar = [one for one in known if fold(text) in fold(one.place.title)]
        if not (exact or similar) or not fold(text):
            msg = (
                f"None of your playlists is called “{text[:60]}”. Pick one from those that appear"
                " while you type, or attach a file."
            )
            raise PlaylistUnusableError(msg)
        place = (exact or similar)[0].place
        return place.kind, place.list_id

    async def _linked(self, listener_id: ListenerId, list_id: str) -> tuple[PlaceKind, str]:
        """Look for the list of a Spotify link among the listener's own ones."""
        if PlaceKind.SPOTIFY in self._homes:
            own = await self.home(listener_id, PlaceKind.SPOTIFY).lists()
            if any(one.id == list_id for one in own):
                return PlaceKind.SPOTIFY, list_id
        msg = (
            "Spotify lets me read only playlists that you own or edit with others, after you linked"
            " your account; this one is none of them. You can save it as a file, for example with"
            " Exportify, and attach that."
        )
        raise PlaylistUnusableError(msg)

    async def _known(self, listener_id: ListenerId) -> list[ListChoice]:
        asking = {kind: self._asked(listener_id, kind) for kind in self._homes}
        if not asking:
            return []
        await asyncio.wait(asking.values(), timeout=_PATIENCE_S)
        return [
            ListChoice(f"{kind}:{one.id}", Place(kind, one.id, one.title), one.n_items)
            for kind, task in asking.items()
            if task.done() and not task.cancelled()
            for one in task.result()
            if len(f"{kind}:{one.id}") <= _LONGEST_REFERENCE
        ]

    def _asked(self, listener_id: ListenerId, kind: PlaceKind) -> asyncio.Task[Sequence[HomeList]]:
        """Ask a home, unless it was asked a moment ago; the answer may come later."""
        at, key = self._clock(), (listener_id, kind)
        cached = self._cache.get(key)
        if cached is None or at - cached.asked_at > _FRESH:
            if len(self._cache) >= _MOST_CACHED:
                self._cache.clear()
            asking = asyncio.create_task(_lists(self._homes[kind](listener_id), kind))
            self._cache[key] = cached = _Cached(at, asking)
        return cached.asking


async def _lists(home: PlaylistHome, kind: PlaceKind) -> Sequence[HomeList]:
    try:
        return await home.lists()
    except MusicRecError as error:
        _log.info("Playlists %s are left out: %s", kind, error)
    except Exception:  # noqa: BLE001 - one home's bug must not hide the lists of the others
        _log.exception("Playlists %s are left out", kind)
    return ()
