"""A listener's saved and top songs on Spotify, as hints of what they like.

What is taken over is which songs the listener says they keep there. Features come from elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from musicrec.accounts.opening import Accounts
from musicrec.accounts.spotify_library import LibrarySong, read_library
from musicrec.accounts.spotify_login import LIBRARY_SCOPES
from musicrec.accounts.spotify_session import SpotifyForbiddenError
from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.account import Account, AccountKind
from musicrec.domain.errors import (
    LinkingOffError,
    MusicRecError,
    NotAllowedError,
    NotLinkedError,
)
from musicrec.domain.hint import Hint, HintSource
from musicrec.domain.identity import track_id_of
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.timely_errors import TooSoonError
from musicrec.domain.track import SPOTIFY_PREFIX
from musicrec.services.accounts import AccountService
from musicrec.services.hinted_songs import counting_hints
from musicrec.services.training import TrainingService, missing_labels
from musicrec.storage import Database, UnitOfWork

AGAIN_AFTER: Final = timedelta(hours=1)
"""A library takes many calls, and all listeners share one budget for them."""

_KIND: Final = AccountKind.SPOTIFY


@dataclass(frozen=True, slots=True)
class TakenHints:
    """What became of the songs of an account.

    Attributes:
        n_taken: Songs that count as hints now.
        n_labelled: Songs that the listener has rated here, so that only the rating counts.
        n_unknown: Songs that are not in the catalogue.
        is_whole: Whether all was read; Spotify may have wanted no more calls.
        missing_labels: Ratings that are needed before anything is learned from them; 0 if enough.
    """

    n_taken: int
    n_labelled: int
    n_unknown: int
    is_whole: bool
    missing_labels: int


@dataclass(frozen=True, slots=True)
class HintState:
    """What may be done, and what was.

    Attributes:
        may_take: Whether songs may be taken over: an account is linked, and the operator lets it.
        n_counting: Hints that count, those of songs without a rating.
        n_all: Hints that are kept.
    """

    may_take: bool
    n_counting: int
    n_all: int


class HintService:
    """Takes hints over and forgets them, each when the listener says so."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        training: TrainingService,
        accounts: AccountService,
        linkable: Accounts,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._training = training
        self._accounts = accounts
        self._is_on = linkable.spotify is not None and linkable.spotify.settings.hints

    async def state(self, listener_id: ListenerId) -> HintState:
        """Return what the listener has and may do."""
        async with self._database.reading() as uow:
            account = await uow.accounts.get(listener_id, _KIND)
            n_counting = len(await counting_hints(uow, listener_id))
            n_all = len(await uow.hints.list_all(listener_id))
        return HintState(self._is_on and account is not None, n_counting, n_all)

    async def take(self, listener_id: ListenerId, *, at: datetime) -> TakenHints:
        """Read the listener's saved and top songs; those that are known become hints.

        They take the place of earlier ones.

        Raises:
            LinkingOffError: The operator does not let it.
            NotLinkedError, AccountLostError: There is no account to read.
            NotAllowedError: The account was linked without allowing it.
            TooSoonError: They were read less than ``AGAIN_AFTER`` ago.
            SourceError: Spotify cannot be asked; nothing has changed.
        """
        account = await self._allowed(listener_id)
        await self._claim(account, at)
        try:
            library = await read_library(self._accounts.session_of(listener_id))
        except SpotifyForbiddenError as error:
            await self._release(account, at)
            raise NotAllowedError(_KIND) from error
        except MusicRecError:
            await self._release(account, at)
            raise
        found, n_unknown = _known(library.songs, self._catalogue.now)
        async with self._database.writing() as uow:
            await uow.listeners.lock_known(listener_id)
            await _require_the_same(uow, account)
            labelled = await uow.labels.track_ids(listener_id)
            hints = [
                Hint(listener_id, track_id, source, at)
                for track_id, source in found.items()
                if track_id not in labelled
            ]
            await self._training.forget_hints(uow, listener_id)
            await uow.hints.put(hints)
            missing = missing_labels(await uow.labels.counts(listener_id))
        if not missing:
            self._training.retrain_soon(listener_id)
        return TakenHints(len(hints), len(found) - len(hints), n_unknown, library.is_whole, missing)

    async def forget(self, listener_id: ListenerId) -> int:
        """Forget all hints at once with what was learned from them; return how many there were."""
        async with self._database.writing() as uow:
            await uow.listeners.lock_known(listener_id)
            n_forgotten = await self._training.forget_hints(uow, listener_id)
            missing = missing_labels(await uow.labels.counts(listener_id))
        if n_forgotten and not missing:
            self._training.retrain_soon(listener_id)
        return n_forgotten

    async def forget_where_off(self) -> int:
        """Forget everybody's hints where the operator lets nobody have any; return whose number."""
        if self._is_on:
            return 0
        async with self._database.reading() as uow:
            listeners = await uow.hints.listeners()
        for listener_id in listeners:
            await self.forget(listener_id)
        return len(listeners)

    async def _claim(self, account: Account, at: datetime) -> None:
        async with self._database.writing() as uow:
            if await uow.accounts.claim_hints(account, at, after=at - AGAIN_AFTER):
                return
            last = await uow.accounts.hinted_at(account)
        if last is None:
            raise NotLinkedError(_KIND)
        what = "read your saved and top songs"
        raise TooSoonError(what, until=last + AGAIN_AFTER)

    async def _release(self, account: Account, at: datetime) -> None:
        async with self._database.writing() as uow:
            await uow.accounts.release_hints(account, at)

    async def _allowed(self, listener_id: ListenerId) -> Account:
        if not self._is_on:
            raise LinkingOffError(_KIND, "SPOTIFY_HINTS")
        async with self._database.reading() as uow:
            account = await uow.accounts.get(listener_id, _KIND)
        if account is None:
            raise NotLinkedError(_KIND)
        if not {*LIBRARY_SCOPES} <= {*account.scopes}:
            raise NotAllowedError(_KIND)
        return account


async def _require_the_same(uow: UnitOfWork, read: Account) -> None:
    """Let pass where the account that was read is linked still."""
    account = await uow.accounts.get(read.listener_id, _KIND)
    if account is None or account.account_id != read.account_id:
        raise NotLinkedError(_KIND)


def _known(
    songs: Iterable[LibrarySong], catalogue: Catalogue
) -> tuple[dict[TrackId, HintSource], int]:
    """Return the songs of the catalogue, and the number of the others."""
    found: dict[TrackId, HintSource] = {}
    n_unknown = 0
    for song in songs:
        row = _row_of(song, catalogue)
        if row is None:
            n_unknown += 1
        else:
            found[catalogue.track(row).id] = song.source
    return found, n_unknown


def _row_of(song: LibrarySong, catalogue: Catalogue) -> int | None:
    ids = [f"{SPOTIFY_PREFIX}{song.spotify_id}", *([f"isrc:{song.isrc}"] if song.isrc else [])]
    names = track_id_of(song.title, song.artists[0])
    rows = (catalogue.row_of(TrackId(one)) for one in (*ids, names))
    return next((row for row in rows if row is not None), None)
