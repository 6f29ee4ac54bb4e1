"""The snapshot in use as a catalogue in memory."""

from pathlib import Path

from musicrec.catalogue.catalogue import Catalogue
from musicrec.catalogue.recordings import SOURCE, Recordings
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.versions import current_folder
from musicrec.domain.features import TITLE, TRACK_ID


def open_current(data_dir: Path) -> Catalogue | None:
    """Open the songs in use; None if nothing was imported yet.

    Raises:
        StorageError: They are damaged, out of reach, or of a newer program.
    """
    folder = current_folder(data_dir / "catalogue")
    if folder is None:
        return None
    snapshot = Snapshot.open(folder, verify=True)
    rows = range(len(snapshot))
    table = snapshot.table(rows).assign(**{SOURCE: [snapshot.sources(row)[TITLE] for row in rows]})
    links = {one: str(table[TRACK_ID][row]) for row in rows for one in snapshot.links(row)}
    return Catalogue(Recordings(table, links), version=folder.name, name=snapshot.manifest.name)
