"""Builds a catalogue while files may not grow, as on a full disk; prints what that raises."""

import resource
import sys
from pathlib import Path

from musicrec.domain.errors import StorageError
from tests.musicrec.catalogue.builders import build, write_songs

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
files = write_songs(folder, 2)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    build(folder / "data", files)
except StorageError as error:
    print(error)  # noqa: T201 - what the test reads
