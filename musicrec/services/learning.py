"""Songs that become known one by one: stored, and in use at once."""

import asyncio
import logging
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import FEATURE_RANGES
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong
from musicrec.domain.track import Track
from musicrec.storage import Database

_AT_ONCE: Final = 500
"""Songs read in one piece: some 10 ms of the event loop."""

_log = logging.getLogger(__name__)


class SongLearning:
    """Stores what was learned about songs, and takes up what others stored.

    The table has everything that was ever learned. A build merges all of it into the snapshot,
    which tells how far it got; what was stored later is in the catalogue's delta.
    """

    def __init__(self, database: Database, catalogue: CurrentCatalogue) -> None:
        self._database = database
        self._catalogue = catalogue
        self._taking = asyncio.Lock()
        self._version = ""
        self._last = 0
        self._is_full = False

    async def learn(self, songs: Sequence[LearnedSong], *, at: datetime) -> None:
        """Store songs; they are in search and recommendations when this returns.

        Args:
            songs: One that is stored already takes the place of what was learned before.
            at: Now.

        Raises:
            BadInputError: One of them has no title, or a value that cannot be; none is stored.
            StorageError: They could not be stored, or not be read again.
        """
        for song in songs:
            _require_usable(song.track)
        async with self._database.writing() as uow:
            await uow.learned_songs.put(songs, at)
        await self.catch_up()

    async def learned(self, track_id: TrackId) -> LearnedSong | None:
        """Return what was learned of a song before, under this very id.

        Raises:
            StorageError: The database is out of reach or failed.
        """
        async with self._database.reading() as uow:
            return await uow.learned_songs.get(track_id)

    async def catch_up(self) -> int:
        """Take up what was stored since, by any process, and return how many songs that were.

        Where nothing is new this is one look at the end of an index.

        Raises:
            StorageError: The database is out of reach or failed.
        """
        async with self._taking, self._database.reading() as uow:
            self._look_at_snapshot()
            n_taken = 0
            while songs := await uow.learned_songs.since(self._last, most=_AT_ONCE):
                if not await asyncio.to_thread(self._catalogue.learn, songs):
                    self._tell_full()
                    break
                self._last = songs[-1].number or self._last
                n_taken += len(songs)
            return n_taken

    def _look_at_snapshot(self) -> None:
        """Begin again after the last song that the snapshot in use has merged, if it is new.

        What the one before had merged, or had no room for, the new one may lack.
        """
        snapshot = self._catalogue.now.snapshot
        if self._version != snapshot.version:
            self._version, self._last = snapshot.version, snapshot.manifest.learned_through
            self._is_full = False

    def _tell_full(self) -> None:
        if not self._is_full:
            _log.warning(
                "Too many songs were learned since the catalogue was built; newer ones are stored,"
                " but wait for the next build: run `musicrec import-songs` or"
                " `musicrec catalogue build`."
            )
        self._is_full = True


def _require_usable(track: Track) -> None:
    if not track.title.strip():
        msg = f"The song {track.id} has no title."
        raise BadInputError(msg)
    for name, value in track.features.items():
        low, high = FEATURE_RANGES.get(name, (math.inf, -math.inf))
        if not low <= value <= high:
            msg = f"The song {track.id} has {name} = {value}, which cannot be."
            raise BadInputError(msg)


async def all_learned(database: Database, *, after: int = 0) -> list[LearnedSong]:
    """Return everything that was ever learned, in the order of storing.

    Args:
        database: Of the bot.
        after: The number of a song, after which it begins.

    Raises:
        StorageError: The database is out of reach or failed.
    """
    async with database.reading() as uow:
        return await uow.learned_songs.since(after)
