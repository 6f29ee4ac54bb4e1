"""Brings edits of playlists to their end, whatever happens to processes and services meanwhile.

What is to be done is in the database before the first step at a home. Whoever works on an edit
holds a lease that they renew, so that two processes never do; one that died loses it after a
moment, and whoever comes next goes on from what the playlist is by then.
"""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from musicrec.domain.errors import (
    AccountLostError,
    MusicRecError,
    NotLinkedError,
    PlaylistUnusableError,
    SourceClosedError,
    SourceError,
)
from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.domain.playlist_edit import EditedList, EditId, EditState, PlaylistEdit
from musicrec.playlists.applying import apply, is_sorting
from musicrec.playlists.broken_off import is_on_the_way, with_thinned
from musicrec.playlists.undoing import undo
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.storage import Database, UnitOfWork

LEASE: Final = timedelta(seconds=30)
LOOK_AGAIN_S: Final = 60.0

_AT_ONCE: Final = 4
_RETRY: Final = timedelta(minutes=1)
_RETRY_UNLINKED: Final = timedelta(hours=1)
_LEAST_PAUSE_S: Final = 0.5
_ENDS: Final = {EditState.UNDER_WAY: EditState.DONE, EditState.UNDOING: EditState.UNDONE}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """How far a run brought an edit.

    Attributes:
        edit: As it is now.
        now: The playlist at its home; None where it is not at its end.
        edited: The list before, and what was to be done.
        waits_for: Why it is not at its end; None where somebody else is at it.
    """

    edit: PlaylistEdit
    now: Playlist | None
    edited: EditedList
    waits_for: MusicRecError | None = None

    @property
    def is_exact(self) -> bool:
        """Whether the list is the one before, song by song."""
        return self.now is not None and _identities(self.now) == _identities(self.edited.before)

    @property
    def n_lost(self) -> int:
        """How many of the songs that were chosen are not there."""
        if self.now is None:
            return 0
        there = Counter(_identities(self.now))
        chosen = [self.edited.before.items[position - 1] for position in self.edit.chosen]
        wanted = Counter(_identities(self.edited.before))
        missing = wanted - there
        return sum(min(missing[song], n) for song, n in Counter(i.identity for i in chosen).items())

    @property
    def keeps_times(self) -> bool:
        """Whether every song says that it was added when it was."""
        if self.now is None:
            return True
        times = {item.identity: item.added_at for item in self.now.items}
        return all(
            times.get(i.identity, i.added_at) == i.added_at for i in self.edited.before.items
        )


class EditRuns:
    """Works on the edits that were decided on."""

    def __init__(
        self,
        database: Database,
        places: PlaylistPlaces,
        clock: Callable[[], datetime],
        *,
        lease: timedelta = LEASE,
    ) -> None:
        """Prepare; nothing is worked on yet.

        Args:
            database: Where edits are kept.
            places: Their homes.
            clock: Tells aware UTC.
            lease: How long an edit stays with a process that says nothing any more.
        """
        self._database = database
        self._places = places
        self._clock = clock
        self._lease = lease
        self._name = secrets.token_hex(8)
        self._at_work: set[EditId] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self, *, look_again_s: float = LOOK_AGAIN_S) -> None:
        """Begin to bring everything to its end; needs a running event loop."""
        self._task = asyncio.create_task(self._go_on(look_again_s), name="edits of playlists")

    async def close(self) -> None:
        """Stop; what is under way goes on at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def resume(self) -> float | None:
        """Take up every unfinished edit that is free.

        Returns:
            Seconds until the next one may be taken up; None where none is left.
        """
        async with self._database.reading() as uow:
            unfinished = await uow.playlist_edits.unfinished()
        at = self._clock()
        idle = {one: until for one, until in unfinished.items() if one not in self._at_work}
        free = [edit_id for edit_id, until in idle.items() if until is None or until <= at]
        turn = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._resume_one(edit_id, turn) for edit_id in free))
        async with self._database.reading() as uow:
            left = (await uow.playlist_edits.unfinished()).values()
        at = self._clock()
        return min((((until or at) - at).total_seconds() for until in left), default=None)

    async def take(self, uow: UnitOfWork, edit_id: EditId) -> bool:
        """Take an edit up in the transaction that decides on it; False where another has it."""
        at = self._clock()
        return await uow.playlist_edits.take(edit_id, self._name, at=at, until=at + self._lease)

    async def run(self, edit_id: EditId, *, is_late: bool = False) -> Run | None:
        """Bring an edit that was taken to its end, or let go of it.

        Args:
            edit_id: Which.
            is_late: Nobody waits for it any more, so its listener is told at the next occasion.

        Returns:
            None where it was deleted meanwhile.
        """
        async with self._database.reading() as uow:
            edit = await uow.playlist_edits.get(edit_id)
            edited = await uow.playlist_edits.edited(edit_id)
        if edit is None or edited is None or edit_id in self._at_work or edit.state not in _ENDS:
            return None
        try:
            async with self._leased(edit_id):
                home = self._places.home(edit.listener_id, edit.place.kind)
                now = await home.bring(edit.place.list_id, _wanted(edit, edited))
        except PlaylistUnusableError as error:
            gone = Run(replace(edit, state=EditState.DROPPED), None, edited, error)
            return await self._ended(edit, gone, is_late=is_late)
        except (NotLinkedError, AccountLostError, SourceError) as error:
            await self._let_go(edit_id, self._clock() + _pause(error, self._clock()))
            return Run(edit, None, edited, error)
        except asyncio.CancelledError:  # the program ends: the next one need not wait
            await self._let_go(edit_id, self._clock())
            raise
        except Exception:
            await self._let_go(edit_id, self._clock() + _RETRY)
            raise
        self._places.forget(edit.listener_id)
        run = Run(replace(edit, state=_ENDS[edit.state]), now, edited)
        return await self._ended(edit, run, is_late=is_late)

    async def _go_on(self, look_again_s: float) -> None:
        while True:
            pause_s: float | None = None
            try:
                pause_s = await self.resume()
            except MusicRecError as error:
                _log.error("Edits of playlists could not be taken up: %s", error)
            except Exception:  # noqa: BLE001 - a bug in one look must not end all looks
                _log.exception("The look for unfinished edits failed")
            wait_s = look_again_s if pause_s is None else min(pause_s, look_again_s)
            await asyncio.sleep(max(wait_s, _LEAST_PAUSE_S))

    async def _resume_one(self, edit_id: EditId, turn: asyncio.Semaphore) -> None:
        async with turn:
            try:
                async with self._database.writing() as uow:
                    is_ours = await self.take(uow, edit_id)
                run = await self.run(edit_id, is_late=True) if is_ours else None
            except Exception:  # noqa: BLE001 - one edit's bug must not stop the others
                _log.exception("Edit %s of a playlist failed, and will be tried again", edit_id)
                return
        if run is not None and run.waits_for is not None:
            _log.info("Edit %s of a playlist waits: %s", edit_id, run.waits_for)

    async def _ended(self, before: PlaylistEdit, run: Run, *, is_late: bool) -> Run | None:
        """Store that an edit is at its end."""
        at, state = self._clock(), run.edit.state
        if before.id is None:
            return None
        async with self._database.writing() as uow:
            await uow.playlist_edits.advance(
                before.id, state, after=before.state, at=at, is_news=is_late
            )
            await uow.playlist_edits.let_go(before.id, self._name)
        return replace(run, edit=replace(run.edit, changed_at=at))

    async def _let_go(self, edit_id: EditId, until: datetime) -> None:
        async with self._database.writing() as uow:
            await uow.playlist_edits.let_go(edit_id, self._name, until=until)

    @asynccontextmanager
    async def _leased(self, edit_id: EditId) -> AsyncGenerator[None]:
        """Keep the lease of an edit inside the block."""
        task = asyncio.create_task(self._renew(edit_id))
        self._at_work.add(edit_id)
        try:
            yield
        finally:
            self._at_work.discard(edit_id)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _renew(self, edit_id: EditId) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            try:
                async with self._database.writing() as uow:
                    await self.take(uow, edit_id)
            except MusicRecError as error:  # the next one may come in time
                _log.warning("Edit %s could not be kept: %s", edit_id, error)


def _wanted(edit: PlaylistEdit, edited: EditedList) -> Callable[[Playlist], Playlist]:
    """Return what a list is to become, whatever it is by then."""
    change, back = edited.chosen(edit), edited.way_back
    if edit.state is EditState.UNDER_WAY:
        return partial(apply if is_sorting(change) else _removed, change)
    return partial(apply, back) if back is not None else partial(_restored, change)


def _removed(change: PlaylistChange, current: Playlist) -> Playlist:
    """Return a list with a removal made, also one at which somebody else's process died."""
    if is_on_the_way(change, current):
        return change.after
    return apply(change, with_thinned(change, current))


def _restored(change: PlaylistChange, current: Playlist) -> Playlist:
    """Return a list with a removal taken back."""
    if is_on_the_way(change, current):
        return change.before
    return undo(change, current).playlist


def _pause(error: MusicRecError, at: datetime) -> timedelta:
    if isinstance(error, SourceClosedError):
        return max(error.until - at, timedelta(0))
    return _RETRY if isinstance(error, SourceError) else _RETRY_UNLINKED


def _identities(playlist: Playlist) -> list[str]:
    return [item.identity for item in playlist.items]
