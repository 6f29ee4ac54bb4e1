"""Which song a server is asked about: a well-known one that teaches much and was never there."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import CurrentCatalogue
from musicrec.discovery import Known, SongMap, choose_to_rate
from musicrec.domain.server_post import PlannedPost
from musicrec.domain.track import Track
from musicrec.services.jobs import catalogue_of
from musicrec.storage import Database
from musicrec.workers import Workers


class SongChoice:
    """Chooses songs for servers, by what was posted there before."""

    def __init__(self, database: Database, catalogue: CurrentCatalogue, workers: Workers) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers

    async def choose(self, post: PlannedPost) -> Track | None:
        """Choose a song for a server; None where every well-known song was there.

        Raises:
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        async with self._database.reading() as uow:
            met = await uow.planned_posts.tracks_of(post.guild_id)
            met |= await uow.cards.tracks_on(post.guild_id)
        catalogue = self._catalogue.now
        seed = [post.guild_id, post.local_date.toordinal()]
        row = await self._workers.run(
            choose_song, catalogue.snapshot.folder, catalogue.all_rows_of(met), seed
        )
        return None if row is None else catalogue.track(row)

    def known(self, post: PlannedPost) -> Track | None:
        """Return the song that was chosen before, if it is still known."""
        return None if post.track_id is None else self._catalogue.now.get(post.track_id)


def choose_song(folder: Path, met: NDArray[np.intp], seed: list[int]) -> int | None:
    """Choose the row of a well-known song, in a worker.

    It is the question that one would ask somebody of whom nothing is known but that they answered
    about the songs that were there: popular, of the genre asked about least, unlike the others.

    Args:
        folder: Of the snapshot.
        met: Rows of songs that were there.
        seed: Equal ones choose equally.

    Returns:
        None where every well-known song was there.
    """
    rows, songs = _songs(folder)
    asked = np.flatnonzero(np.isin(rows, met))
    left = np.setdiff1d(np.arange(len(rows)), asked)
    if not len(left):
        return None
    place = choose_to_rate(songs, left, Known(asked, asked), np.random.default_rng(seed))
    return int(rows[place])


@lru_cache(maxsize=1)
def _songs(folder: Path) -> tuple[NDArray[np.intp], SongMap]:
    catalogue = catalogue_of(folder)
    return catalogue.well_known, SongMap.of(catalogue.features(catalogue.well_known))
