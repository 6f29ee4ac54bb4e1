"""A listener with a taste, playlists of known songs, and homes that fail."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from musicrec.domain.errors import MusicRecError, SourceUnavailableError
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelValue
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistItem, numbered
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.domain.playlist_home import HomeList
from musicrec.domain.track import Track
from musicrec.services import OpenedList, Services
from tests.musicrec.playlists.lists import song

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def item_of(track: Track, minute: int = 0) -> PlaylistItem:
    return PlaylistItem(
        position=1,
        title=track.title,
        artists=track.artists,
        track_id=track.id,
        uri=str(track.id),
        added_at=NOON + timedelta(minutes=minute),
        added_by="me",
    )


def known_songs(services: Services, n: int) -> list[PlaylistItem]:
    """Return the most popular songs as items of a playlist."""
    tracks = services.songs._catalogue.now.tracks(range(n))
    return [item_of(track, minute) for minute, track in enumerate(tracks)]


def mixed_list(services: Services, n: int = 60) -> Playlist:
    """Return known songs and things that nobody can judge."""
    odd = [
        replace(song("On my disk"), kind=ItemKind.LOCAL_FILE, uri="spotify:local:x"),
        replace(song("A talk"), kind=ItemKind.EPISODE, uri="spotify:episode:1"),
        song("Never heard of", "Nobody at all"),
    ]
    items = known_songs(services, n)
    return Playlist("Mine", numbered([*items[:10], *odd, *items[10:]]))


async def learn(services: Services, listener_id: ListenerId, n: int) -> None:
    """Rate songs from all over the catalogue by their energy, loud ones badly."""
    catalogue = services.songs._catalogue.now
    for number in range(n):
        track = catalogue.track(len(catalogue) - 1 - number * (len(catalogue) // (2 * n)))
        liked = track.features["energy"] < 0.65
        await services.labels.press(
            listener_id,
            track.id,
            LabelValue.LIKE if liked else LabelValue.DISLIKE,
            at=NOON + timedelta(minutes=number),
            event_key=f"learn:{listener_id}:{number}",
        )


async def kept_here(services: Services, listener_id: ListenerId, playlist: Playlist) -> OpenedList:
    """Keep a list here and open it."""
    home = services.places.home(listener_id, PlaceKind.HERE)
    made = await home.create(playlist.title, "", playlist.items)
    services.places.forget(listener_id)
    return await services.places.open(listener_id, f"here:{made.id}")


@dataclass
class StepHome:
    """A home that changes one place of a list a step, as services elsewhere do; it may break.

    Attributes:
        lists_: Every list by its identity.
        fails: Raised before the step of that number, and forgotten.
        n_steps: Steps that were made.
    """

    lists_: dict[str, Playlist]
    fails: dict[int, MusicRecError] = field(default_factory=dict[int, MusicRecError])
    n_steps: int = 0
    n_reads: int = 0
    between: Callable[[int], None] = lambda _: None

    async def lists(self) -> Sequence[HomeList]:
        return [HomeList(key, one.title, len(one)) for key, one in self.lists_.items()]

    async def read(self, list_id: str) -> Playlist:
        self.n_reads += 1
        if error := self.fails.pop(-1, None):
            raise error
        return self.lists_[list_id]

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        while True:
            now = self.lists_[list_id]
            step = one_step(now, wanted(now))
            if step is None:
                return now
            if error := self.fails.pop(self.n_steps, None):
                raise error
            self.n_steps += 1
            self.lists_[list_id] = step
            self.between(self.n_steps)

    async def create(self, title: str, description: str, items: Sequence[PlaylistItem]) -> HomeList:
        key = f"new{len(self.lists_)}"
        self.lists_[key] = Playlist(title, numbered(items), description)
        return HomeList(key, title, len(items), f"https://home.example/{key}")


@dataclass
class LossyHome(StepHome):
    """A home whose answers may be lost after what they tell of was done.

    Attributes:
        n_lost: Answers to ``create`` that are lost from now on.
        refuses: Raised by ``create`` before anything is done, once.
        n_made: Lists that were made.
    """

    n_lost: int = 0
    refuses: list[MusicRecError] = field(default_factory=list[MusicRecError])
    n_made: int = 0
    before: Callable[[], None] = lambda: None

    async def create(self, title: str, description: str, items: Sequence[PlaylistItem]) -> HomeList:
        self.before()
        if self.refuses:
            raise self.refuses.pop()
        await asyncio.sleep(0.05)
        self.n_made += 1
        made = await super().create(title, description, items)
        if self.n_lost:
            self.n_lost -= 1
            source = "Spotify"
            raise SourceUnavailableError(source, "503")
        return made


def one_step(now: Playlist, then: Playlist) -> Playlist | None:
    """Remove, move or add one item at the first place that is wrong."""
    ours = [item.identity for item in now.items]
    theirs = [item.identity for item in then.items]
    if ours == theirs:
        return None
    items, n = list(now.items), min(len(ours), len(theirs))
    at = next((place for place in range(n) if ours[place] != theirs[place]), n)
    is_spare = at < len(ours) and ours.count(ours[at]) > theirs.count(ours[at])
    if is_spare:
        del items[at]
    elif theirs[at] in ours[at:]:
        items.insert(at, items.pop(ours.index(theirs[at], at)))
    else:
        items.insert(at, then.items[at])
    return now.with_items(items)
