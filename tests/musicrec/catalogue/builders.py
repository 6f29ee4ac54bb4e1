"""Forks processes that build one catalogue after the other until they are killed.

Every line on stdin makes one; its process id is printed. Forked, not started, because importing
pandas takes longer than a build.
"""

import os
import sys
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import numpy as np
import pandas as pd

from musicrec.catalogue.importing import build_from_files
from musicrec.catalogue.sources.staging import SongSource

SONGS = 3_000
"""In every catalogue."""


def write_songs(folder: Path, seed: int) -> list[Path]:
    """Make songs up, in two files that share half of them."""
    rng = np.random.default_rng(abs(seed))
    songs = pd.DataFrame(
        {
            "title": [f"Song {seed} {row}" for row in range(SONGS)],
            "artist": "LP",
            "popularity": rng.integers(101, size=SONGS),
            "energy": rng.random(SONGS),
        }
    )
    files = [folder / f"{seed}-{name}.csv" for name in "ab"]
    songs[: SONGS * 3 // 4].to_csv(files[0], index=False)
    songs[SONGS // 4 :].to_csv(files[1], index=False)
    return files


def build(data_dir: Path, files: list[Path]) -> None:
    """Build a catalogue of files."""
    sources = [SongSource(path) for path in files]
    build_from_files(data_dir, sources, name="test", created_at=datetime(2026, 1, 1, tzinfo=UTC))


def main(folder: Path) -> None:
    songs = cycle([write_songs(folder, seed) for seed in (1, 2, 3)])
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            for files in songs:
                build(folder / "data", files)
        next(songs)
        print(child, flush=True)  # noqa: T201 - what the test reads
        os.waitpid(child, 0)
        print("dead", flush=True)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main(Path(sys.argv[1]))
