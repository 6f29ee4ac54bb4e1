"""The catalogue in use: a newer snapshot is taken up while the bot runs."""

import threading
from collections.abc import Iterable
from pathlib import Path

from musicrec.catalogue.catalogue import Catalogue
from musicrec.catalogue.delta import Delta
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.versions import Reading, current_folder, remove_unused
from musicrec.domain.errors import CatalogueMissingError, StorageError
from musicrec.domain.learned_song import LearnedSong


class CurrentCatalogue:
    """Gives the catalogue of this moment; whoever holds an older one may go on reading it.

    Attributes:
        root: Where the snapshots lie.
    """

    def __init__(self, root: Path) -> None:
        """Open what is in use, every file checked.

        Raises:
            CatalogueMissingError: There is no snapshot.
            StorageError: It is damaged or of a newer program.
        """
        self.root = root
        remove_unused(root)
        self._lock = threading.Lock()
        self._reading, snapshot = _open(root)
        self._now = Catalogue(snapshot)

    @property
    def now(self) -> Catalogue:
        """The catalogue in use; keep it for as long as rows are kept."""
        return self._now

    def learn(self, songs: Iterable[LearnedSong]) -> None:
        """Add songs, or what was learned anew about some, to search and recommendations at once."""
        with self._lock:
            known = self._now
            self._now = Catalogue(known.snapshot, Delta.of([*known.delta.songs, *songs]))

    def refresh(self) -> bool:
        """Take up a newer snapshot, if one was put into use; reads every file of it.

        Returns:
            Whether there was one.

        Raises:
            StorageError: It is damaged; the old one stays in use.
        """
        folder = current_folder(self.root)
        if folder is None or folder == self._now.snapshot.folder:
            return False
        reading, snapshot = _open(self.root)
        with self._lock:
            left = [
                song for song in self._now.delta.songs if snapshot.row_of(song.track.id) is None
            ]
            self._now = Catalogue(snapshot, Delta.of(left))
            self._reading, replaced = reading, self._reading
        replaced.close()
        return True

    def close(self) -> None:
        """Let the snapshot be deleted."""
        self._reading.close()


def _open(root: Path) -> tuple[Reading, Snapshot]:
    """Open the snapshot in use; another one may be put into use in the meantime, so look twice."""
    for is_last_try in (False, True):
        folder = current_folder(root)
        if folder is None:
            raise CatalogueMissingError
        try:
            reading = Reading(folder)
            return reading, Snapshot.open(folder, verify=True)
        except StorageError:
            if is_last_try or current_folder(root) == folder:
                raise
    raise CatalogueMissingError
