"""Copies of kept playlists at their listeners' accounts: one each, however often it is asked for.

That a copy is begun is stored before anything is done elsewhere, and what it is called there as
soon as that is known. So whoever asks again is given the first one, also after a crash. Only where
the answer to its making was lost nobody knows whether there is one; then the listener decides.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Final

from musicrec.accounts.spotify_session import SpotifyForbiddenError
from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.account import AccountKind
from musicrec.domain.errors import (
    AccountLostError,
    LinkingOffError,
    NotInvitedError,
    NotLinkedError,
    PlaylistUnusableError,
    SourceClosedError,
)
from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.playlist import Playlist, PlaylistItem
from musicrec.domain.playlist_copy import PlaylistCopy
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.domain.playlist_home import PlaylistHome
from musicrec.domain.track import SPOTIFY_PREFIX
from musicrec.playlists.formats.links import track_id_of_link
from musicrec.services.listenbrainz import ListenBrainzService
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.sources.flights import Flights
from musicrec.storage import Database

_NOTHING_MADE: Final = (
    AccountLostError,
    LinkingOffError,
    NotInvitedError,
    NotLinkedError,
    PlaylistUnusableError,
    SourceClosedError,
    SpotifyForbiddenError,
)
"""Failures after which there surely is no list; after any other one there may be."""


class CopyState(Enum):
    """What became of asking for a copy."""

    NEW = "new"
    THERE = "there"
    """It was made before."""
    UNSURE = "unsure"
    """It was begun before, and nobody knows what became of that."""
    STUCK = "stuck"
    """It is there without all of its songs, and they cannot be added."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of asking for a copy.

    Attributes:
        copy: The one that there is now, or may be.
        state: What is known about it.
        title: Of the list; untrusted text.
        n_left_out: Songs of a new one that have no identity there.
        problem: Why it is stuck.
    """

    copy: PlaylistCopy
    state: CopyState
    title: str
    n_left_out: int = 0
    problem: str = ""


class PlaylistCopies:
    """Makes copies."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        places: PlaylistPlaces,
        listenbrainz: ListenBrainzService,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._places = places
        self._listenbrainz = listenbrainz
        self._clock = clock
        self._flights: Flights[Copied] = Flights()

    async def accounts(self, listener_id: ListenerId) -> tuple[AccountKind, ...]:
        """Return where the listener may be offered a copy."""
        async with self._database.reading() as uow:
            linked = await uow.accounts.get(listener_id, AccountKind.LISTENBRAINZ)
        has_spotify = PlaceKind.SPOTIFY in self._places.kinds
        return (
            *((AccountKind.SPOTIFY,) if has_spotify else ()),
            *((AccountKind.LISTENBRAINZ,) if linked is not None else ()),
        )

    async def send(
        self,
        listener_id: ListenerId,
        kept_id: KeptId,
        account: AccountKind,
        *,
        instead_of: int | None = None,
    ) -> Copied:
        """Make a copy of a kept list, or return the one that there is.

        Args:
            listener_id: Whose.
            kept_id: Which.
            account: Where.
            instead_of: ``PlaylistCopy.begun_ms`` of one that does not count any more.

        Raises:
            PlaylistUnusableError: The list is gone, or there would be no song in the copy.
            NotLinkedError, AccountLostError, LinkingOffError: The account cannot be used.
            SourceError: The service cannot be asked.
        """
        # Two presses at once share one making, which goes on when nobody waits any more.
        return await self._flights.join(
            f"{listener_id}:{kept_id}:{account}",
            lambda: self._send(listener_id, kept_id, account, instead_of),
        )

    async def close(self) -> None:
        """Wait for copies that are being made."""
        await self._flights.land()

    async def _send(
        self, listener_id: ListenerId, kept_id: KeptId, account: AccountKind, over: int | None
    ) -> Copied:
        playlist, copy, is_new = await self._begun(listener_id, kept_id, account, over)
        if is_new:
            copy = await self._made(copy, playlist)
        elif not copy.list_id:
            return Copied(copy, CopyState.UNSURE, playlist.title)
        elif copy.n_items is not None:
            return Copied(copy, CopyState.THERE, playlist.title)
        if copy.n_items is None:
            try:
                copy = await self._filled(copy, playlist)
            except PlaylistUnusableError as error:
                return Copied(copy, CopyState.STUCK, playlist.title, problem=str(error))
        n_left_out = max(0, len(playlist) - (copy.n_items or 0))
        return Copied(copy, CopyState.NEW, playlist.title, n_left_out)

    async def _begun(
        self, listener_id: ListenerId, kept_id: KeptId, account: AccountKind, over: int | None
    ) -> tuple[Playlist, PlaylistCopy, bool]:
        """Return the list and its copy, and whether that is begun only now."""
        async with self._database.writing() as uow:
            is_known = await uow.listeners.lock_known(listener_id)
            playlist = await uow.kept_playlists.get(listener_id, kept_id) if is_known else None
            if playlist is None:
                msg = "This list is somebody else's, or I do not keep it any more."
                raise PlaylistUnusableError(msg)
            linked = await uow.accounts.get(listener_id, account)
            account_id = "" if linked is None else linked.account_id
            found = await uow.playlist_copies.get(kept_id, account, account_id)
            if found is not None and found.begun_ms != over:
                return playlist, found, False
            at = self._clock()
            copy = PlaylistCopy(listener_id, kept_id, account, account_id, begun_at=at)
            await uow.playlist_copies.begin(copy)
        return playlist, copy, True

    async def _made(self, copy: PlaylistCopy, playlist: Playlist) -> PlaylistCopy:
        try:
            made = await self._make(copy, playlist)
        except _NOTHING_MADE:
            async with self._database.writing() as uow:
                await uow.playlist_copies.give_up(copy)
            raise
        await self._note(made)
        return made

    async def _make(self, copy: PlaylistCopy, playlist: Playlist) -> PlaylistCopy:
        """Make a list; on Spotify an empty one, whose name is stored before its songs are added."""
        if copy.account is AccountKind.LISTENBRAINZ:
            published = (await self._listenbrainz.publish(copy.listener_id, playlist)).made
            return replace(copy, list_id=published.id, url=published.url, n_items=published.n_items)
        if not _on_spotify(playlist, self._catalogue.now):
            msg = "I know none of these songs on Spotify, so nothing was made."
            raise PlaylistUnusableError(msg)
        empty = await self._spotify(copy).create(playlist.title, playlist.description, ())
        return replace(copy, list_id=empty.id, url=empty.url)

    async def _filled(self, copy: PlaylistCopy, playlist: Playlist) -> PlaylistCopy:
        """Add the songs that are not in a list on Spotify yet."""
        songs = _on_spotify(playlist, self._catalogue.now)
        now = await self._spotify(copy).bring(copy.list_id, partial(_with_all, songs))
        full = replace(copy, n_items=len(songs) - len(_missing(songs, now)))
        await self._note(full)
        return full

    async def _note(self, copy: PlaylistCopy) -> None:
        async with self._database.writing() as uow:
            await uow.playlist_copies.put(copy)
        self._places.forget(copy.listener_id)

    def _spotify(self, copy: PlaylistCopy) -> PlaylistHome:
        return self._places.home(copy.listener_id, PlaceKind.SPOTIFY)


def _on_spotify(playlist: Playlist, catalogue: Catalogue) -> list[PlaylistItem]:
    """Return the songs whose id on Spotify is known, by the name that they have there."""
    named = ((item, _spotify_id(item, catalogue)) for item in playlist.items)
    return [replace(item, uri=uri) for item, uri in named if uri]


def _spotify_id(item: PlaylistItem, catalogue: Catalogue) -> str | None:
    row = None if item.track_id is None else catalogue.row_of(item.track_id)
    others = () if row is None else catalogue.ids_of(row)
    ids = (track_id_of_link(item.uri), item.track_id, *others)
    return next((one for one in ids if one is not None and one.startswith(SPOTIFY_PREFIX)), None)


def _with_all(songs: Sequence[PlaylistItem], now: Playlist) -> Playlist:
    return now.with_items([*now.items, *_missing(songs, now)])


def _missing(songs: Sequence[PlaylistItem], now: Playlist) -> list[PlaylistItem]:
    """Return the songs that a list has not; what else is in it does not matter."""
    there = Counter(item.identity for item in now.items)
    missing: list[PlaylistItem] = []
    for song in songs:
        if there[song.identity]:
            there[song.identity] -= 1
        else:
            missing.append(song)
    return missing
