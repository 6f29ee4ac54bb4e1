"""Builds a catalogue on a disk that is full but for some bytes; prints what that raises.

Then there is room again, and the build succeeds.
"""

import os
import sys
from pathlib import Path

from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.versions import current_folder
from musicrec.domain.errors import StorageError
from tests.musicrec.catalogue.builders import SONGS, build, write_songs


def in_use(data_dir: Path) -> Snapshot:
    folder = current_folder(data_dir / "catalogue")
    assert folder is not None
    snapshot = Snapshot.open(folder, verify=True)
    assert len(snapshot) == SONGS
    return snapshot


disk, elsewhere, free = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
data_dir = disk / "data"
build(data_dir, write_songs(elsewhere, 1))
before = in_use(data_dir)
files = write_songs(elsewhere, 2)
room = os.statvfs(disk)
filler = disk / "filler"
filler.write_bytes(bytes(room.f_bavail * room.f_frsize - free))
try:
    build(data_dir, files)
except StorageError as error:
    print(error)  # noqa: T201 - what the test reads
assert in_use(data_dir).version == before.version
filler.unlink()
build(data_dir, files)
assert in_use(data_dir).version != before.version
