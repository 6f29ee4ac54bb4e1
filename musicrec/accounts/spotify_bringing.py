"""A playlist on Spotify on its way to what it should be, one call at a time.

Three things may happen between two calls. Somebody else changes the list: then it is read again and
what is wanted is asked again. A reply is lost: the list tells whether the call took effect. Spotify
still shows the version before: it is given a few seconds. Nothing is kept elsewhere, so that
whoever begins again after a crash is in the same position.
"""

from collections import Counter
from collections.abc import Callable
from typing import Final

from musicrec.accounts.spotify_calls import PlaylistCalls
from musicrec.accounts.spotify_items import key_of, stuck_among
from musicrec.accounts.spotify_reading import Version, read_version, shows
from musicrec.domain.errors import PlaylistUnusableError, SourceUnavailableError
from musicrec.domain.playlist import Playlist
from musicrec.playlists.broken_off import with_back
from musicrec.playlists.steps import MOST_URIS, Insert, Move, Remove, Step, next_step
from musicrec.sources.clock import Clock
from musicrec.sources.fields import Document, text
from musicrec.sources.replies import FailedError
from musicrec.sources.settings import SPOTIFY

_LAGS_S: Final = (0.5, 1.0, 2.0, 4.0)
"""Waits before further looks for a change that was made."""
_UNSEEN_MOVES: Final = 10
"""Moves in a row that are made without a look at what became of them; they lose nothing, and each
look costs as much of the day's quota as a move."""
_LATE: Final = "it does not show yet what was changed"
_MOST_FAILURES: Final = 3
"""In a row."""
_MOST_REFUSED: Final = 20
"""Songs and groups of songs that Spotify does not take."""

Wanted = Callable[[Playlist], Playlist]


class Bringing:
    """Brings one list to where it should be.

    Args:
        list_id: Which.
        wanted: What the list should be, of what it is.
        most_steps: After which it is given up.
    """

    def __init__(
        self, calls: PlaylistCalls, clock: Clock, list_id: str, wanted: Wanted, most_steps: int
    ) -> None:
        self._calls, self._clock = calls, clock
        self._list_id, self._wanted, self._most_steps = list_id, wanted, most_steps
        self._version: Version | None = None  # None where the list is known without being read
        self._now: list[str] = []
        self._snapshot_id = ""
        self._past: set[str] = set()  # versions that are over, but may be shown once more
        self._n_unseen = 0
        self._goal = Playlist()
        self._stuck: set[str] = set()
        self._owed: set[str] = set()  # removed, although it stays
        self._batch = MOST_URIS
        self._n_failures = self._n_refused = 0

    async def run(self) -> Playlist:
        """Make one step after the other.

        Returns:
            The list as it was read after the last one.

        Raises:
            PlaylistUnusableError: It is gone, may not be changed, or never gets there.
            SourceError: Spotify cannot be asked.
        """
        await self._look()
        for _ in range(self._most_steps):
            step = self._next()
            if step is not None:
                await self._take(step)
            elif self._version is None:
                await self._look(self._now, made=self._snapshot_id)
            else:
                return self._version.playlist
        msg = (
            f"The playlist is not as it should be after {self._most_steps} steps, perhaps because "
            "somebody changes it at the same time; try again later."
        )
        raise PlaylistUnusableError(msg)

    def _next(self) -> Step | None:
        step = next_step(self._now, self._keys, self._stuck)
        if isinstance(step, Insert):
            return Insert(step.at, step.uris[: self._batch])
        return step

    @property
    def _keys(self) -> list[str]:
        return [key_of(item) for item in self._goal.items]

    async def _look(self, *expected: list[str], made: str = "") -> None:
        """Read the list; ask what is wanted unless it is as expected.

        Args:
            expected: What it may be.
            made: The version that is known to be so, and may be shown before all its songs are.

        Raises:
            SourceUnavailableError: Only versions are shown that are over.
        """
        version = await read_version(self._calls, self._list_id)
        for wait_s in _LAGS_S:
            is_over = version.snapshot_id in self._past
            if not is_over and (version.keys in expected or version.snapshot_id != made):
                break
            await self._clock.sleep(wait_s)
            version = await read_version(self._calls, self._list_id)
        if version.snapshot_id in self._past:
            raise SourceUnavailableError(SPOTIFY, _LATE)
        if version.keys not in expected:
            lost = [item.position for item in self._goal.items if key_of(item) in self._owed]
            self._goal = self._wanted(with_back(self._goal, lost, version.playlist))
            self._stuck |= stuck_among((*version.playlist.items, *self._goal.items))
            self._owed = set()
        self._arrive(version.keys, version.snapshot_id)
        self._version = version

    def _arrive(self, keys: list[str], snapshot_id: str) -> None:
        """Note what the list is now, without it having been read."""
        if self._snapshot_id not in ("", snapshot_id):
            self._past.add(self._snapshot_id)
        self._version, self._now, self._snapshot_id = None, keys, snapshot_id

    async def _take(self, step: Step) -> None:
        missing = Counter(self._keys) - Counter(self._now)
        self._owed = set(step.uris) if isinstance(step, Remove) else self._owed & set(missing)
        try:
            made = await self._calls.take(self._list_id, step, self._snapshot_id)
        except SourceUnavailableError as error:
            self._n_failures += 1
            if self._n_failures > _MOST_FAILURES:
                raise
            if _is_final(error):
                await self._refused(step)
            else:
                await self._clear_up(step)
            return
        self._n_failures, self._batch = 0, MOST_URIS
        await self._follow(step, made)

    async def _follow(self, step: Step, made: str) -> None:
        """See what became of a step; read the list where that is not what was expected."""
        before, expected = self._now, step.applied(self._now)
        self._n_unseen = self._n_unseen + 1 if isinstance(step, Move) else 0
        if self._n_unseen % _UNSEEN_MOVES and made and made != self._snapshot_id:
            self._arrive(expected, made)
            return
        head = await self._head_after(made, expected)
        shown = text(head, "snapshot_id")
        if shown == made and shows(head, expected):
            self._arrive(expected, made)
            return
        if self._is_over(shown, made):
            raise SourceUnavailableError(SPOTIFY, _LATE)
        await self._look(expected, before)
        if self._now == before and self._snapshot_id == made:
            self._give_up(step)

    async def _head_after(self, made: str, expected: list[str]) -> Document:
        """Look at the list until it shows what was made, or what somebody else made."""
        for wait_s in _LAGS_S:
            head = await self._calls.head(self._list_id)
            shown = text(head, "snapshot_id")
            is_due = shown == made and not shows(head, expected)
            if not is_due and not self._is_over(shown, made):
                return head
            await self._clock.sleep(wait_s)
        return await self._calls.head(self._list_id)

    def _is_over(self, shown: str, made: str) -> bool:
        return shown != made and shown in {self._snapshot_id, *self._past}

    async def _clear_up(self, step: Step) -> None:
        """Find out whether a call took effect whose reply was lost."""
        for wait_s in _LAGS_S[:-1]:
            await self._clock.sleep(wait_s)
            head = await self._calls.head(self._list_id)
            if not self._is_over(text(head, "snapshot_id"), ""):
                await self._look(step.applied(self._now), self._now)
                return

    async def _refused(self, step: Step) -> None:
        """Find the songs that Spotify does not take, unless the list changed under our hands."""
        head = await self._calls.head(self._list_id)
        if text(head, "snapshot_id") != self._snapshot_id:
            await self._look(self._now)
        elif isinstance(step, Insert):
            self._n_failures = 0
            self._n_refused += 1
            if self._n_refused > _MOST_REFUSED:
                msg = "Spotify does not take the songs that should be added to this playlist."
                raise PlaylistUnusableError(msg)
            if len(step.uris) == 1:
                self._stuck.update(step.uris)
            self._batch = len(step.uris) // 2 or MOST_URIS

    def _give_up(self, step: Step) -> None:
        """Leave alone what Spotify says to have changed and has not.

        Raises:
            PlaylistUnusableError: It does not even move songs.
        """
        if isinstance(step, Move):
            msg = "Spotify does not move the songs of this playlist."
            raise PlaylistUnusableError(msg)
        self._stuck.update(step.uris)


def _is_final(error: SourceUnavailableError) -> bool:
    """Whether a call was refused as it is, and surely had no effect."""
    return isinstance(error.__cause__, FailedError) and error.__cause__.is_final
