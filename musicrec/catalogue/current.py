"""The catalogue in use: a newer snapshot is taken up while the bot runs."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from musicrec.catalogue.catalogue import Catalogue
from musicrec.catalogue.delta import MOST_SONGS
from musicrec.catalogue.demo import ensure_demo
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.versions import Reading, current_folder, remove_unused
from musicrec.domain.errors import StorageError
from musicrec.domain.learned_song import LearnedSong

IMPORTED: Final = "catalogue"
"""Folder, in the data folder, of the snapshots of imported songs."""
DEMO: Final = "demo"
"""The same of the demo songs."""


def open_catalogue(data_dir: Path) -> Catalogue:
    """Open what was imported, or else the demo songs.

    Raises:
        CatalogueMissingError: There is neither.
        StorageError: What was imported is damaged, or the demo songs cannot be stored.
    """
    return Catalogue(Snapshot.open(_folder_in_use(data_dir), verify=True))


class CurrentCatalogue:
    """Gives the catalogue of this moment; whoever holds an older one may go on reading it.

    Attributes:
        data_dir: The data folder.
    """

    def __init__(self, data_dir: Path, *, most_learned: int = MOST_SONGS) -> None:
        """Open what was imported, or else the demo songs; every file is checked.

        Args:
            data_dir: The data folder.
            most_learned: Learned songs from which on no more are taken until the next build.

        Raises:
            CatalogueMissingError: There is neither.
            StorageError: What was imported is damaged, or the demo songs cannot be stored.
        """
        self.data_dir = data_dir
        remove_unused(data_dir / IMPORTED)
        self._most_learned = most_learned
        self._lock = threading.Lock()
        self._reading, snapshot = _open(data_dir)
        self._now = Catalogue(snapshot)

    @property
    def now(self) -> Catalogue:
        """The catalogue in use; hold on to it for as long as you hold rows."""
        return self._now

    def learn(self, songs: Sequence[LearnedSong]) -> bool:
        """Add songs, or what was learned anew about some, to search and recommendations at once.

        Args:
            songs: In the order of storing; some thousand at most.

        Returns:
            Whether they were taken; not where too many were learned since the last build.
        """
        with self._lock:
            if len(self._now.delta) >= self._most_learned:
                return False
            self._now = self._now.with_learned(songs)
        return True

    def refresh(self) -> bool:
        """Take up a newer snapshot, if one was put into use; reads every file of it.

        Learned songs that it has merged are no longer shown in its stead.

        Returns:
            Whether there was one.

        Raises:
            StorageError: It is damaged; the old one stays in use.
        """
        if _folder_in_use(self.data_dir) == self._now.snapshot.folder:
            return False
        reading, snapshot = _open(self.data_dir)
        with self._lock:
            through = snapshot.manifest.learned_through
            songs = self._now.delta.songs
            left = [song for song in songs if song.number is None or song.number > through]
            self._now = Catalogue(snapshot).with_learned(left)
            self._reading, replaced = reading, self._reading
        replaced.close()
        remove_unused(self.data_dir / IMPORTED)
        return True

    def close(self) -> None:
        """Let the snapshot be deleted."""
        self._reading.close()


def _folder_in_use(data_dir: Path) -> Path:
    return current_folder(data_dir / IMPORTED) or ensure_demo(data_dir / DEMO)


def _open(data_dir: Path) -> tuple[Reading, Snapshot]:
    """Open the snapshot in use; it may be replaced and deleted meanwhile, so look twice."""
    folder = _folder_in_use(data_dir)
    try:
        return _read(folder)
    except StorageError:
        newer = _folder_in_use(data_dir)
        if newer == folder:
            raise
        return _read(newer)


def _read(folder: Path) -> tuple[Reading, Snapshot]:
    reading = Reading(folder)
    try:
        return reading, Snapshot.open(folder, verify=True)
    except StorageError:
        reading.close()
        raise
