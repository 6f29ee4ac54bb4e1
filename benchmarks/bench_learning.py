"""1,000 songs into a catalogue: learned one by one, beside building the snapshot anew.

``SONGS=1_000_000 python benchmarks/bench_learning.py``.
"""

import os
import tempfile
import time
from pathlib import Path
from typing import Final

from adding_songs import adding_1000_songs, songs_to_add
from large_catalogue import build_large
from listeners import listeners
from measuring import publish

from musicrec.catalogue import Catalogue, Snapshot, import_songs, write_table
from musicrec.catalogue.learned_entries import song_table
from musicrec.taste import train

SONGS: Final = int(os.environ.get("SONGS", "1_000_000"))
LABELS: Final = 500


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "data" / "catalogue"
        catalogue = Catalogue(Snapshot.open(build_large(root, SONGS, shuffled=False), verify=False))
        model = train(list(listeners())[-1].songs.at_most(LABELS, seed=0))
        learning = adding_1000_songs(catalogue, model)
        file = Path(folder) / "added.parquet"
        write_table(song_table(song.track for song in songs_to_add(catalogue)), file)
        started = time.perf_counter()
        import_songs(root.parent, [file])
        rebuilding = {"rebuild_ms": 1e3 * (time.perf_counter() - started)}
    publish("learning", {"1,000 songs more": [{"songs": SONGS} | learning | rebuilding]})


if __name__ == "__main__":
    main()
