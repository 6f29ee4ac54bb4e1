"""Weekly lists: what becomes of them in twenty weeks, and how many are composed in a second.

Listeners with known tastes rate every song of every list over the demo catalogue, and every recipe
learns from its own answers. That catalogue is small for it: twenty lists of 30 are a seventh of all
songs, so that even whoever knew the truth runs out of good ones; lists of 10 do not. Then lists are
composed over SONGS (1,000,000) made-up songs for listeners whose rankings are there already.
LISTENERS (6) says how many are simulated, LISTS (200) how many lists are timed.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from large_catalogue import build_large
from measuring import Row, publish
from weekly_listeners import subjects
from weekly_quality import Simulation, quality
from weekly_throughput import due, in_workers, one_core

from musicrec.catalogue import open_catalogue

SONGS: Final = int(os.environ.get("SONGS", "1_000_000"))
LISTENERS: Final = int(os.environ.get("LISTENERS", "6"))
LISTS: Final = int(os.environ.get("LISTS", "200"))
SIZES: Final = (30, 10)
SEED: Final = 17
"""Of the listeners; the composition was tuned on others."""


def main() -> None:
    publish("weekly", {**simulated(), **timed()})


def simulated() -> dict[str, list[Row]]:
    with TemporaryDirectory() as folder:
        catalogue = open_catalogue(Path(folder))
        tables: dict[str, list[Row]] = {}
        for n in SIZES:
            simulation = Simulation(catalogue, n=n)
            listeners = [*subjects(simulation.songs, LISTENERS, seed=SEED)]
            tables[f"{LISTENERS} listeners, lists of {n}"] = quality(simulation, listeners)
        return tables


def timed() -> dict[str, list[Row]]:
    with TemporaryDirectory() as folder:
        snapshot = build_large(Path(folder), SONGS, shuffled=False)
        listeners = due(snapshot)
        return {
            f"{SONGS:,} songs, one core": [one_core(snapshot, listeners, LISTS)],
            f"{SONGS:,} songs, worker processes": [in_workers(snapshot, listeners, LISTS)],
        }


if __name__ == "__main__":
    main()
