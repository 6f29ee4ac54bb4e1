"""Weekly lists: what becomes of them in twenty weeks, and how many are composed in a second.

Listeners with known tastes rate every song of every list over the demo catalogue, and every recipe
learns from its own answers. That catalogue is small for it: twenty lists of 30 are a seventh of all
songs, so that even whoever knew the truth runs out of good ones; lists of 10 do not, nor lists of
30 from ROOMY_SONGS (20,000) like the demo's, for half as many listeners. Then lists are composed
over SONGS (1,000,000) made-up songs for listeners whose rankings are there already. LISTENERS (6)
says how many are simulated, LISTS (200) how many lists are timed.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from large_catalogue import build_large
from measuring import Row, publish
from weekly_catalogue import roomy
from weekly_listeners import subjects
from weekly_quality import Simulation, quality
from weekly_throughput import due, in_cluster, in_workers, one_core

from musicrec.catalogue import Catalogue, open_catalogue

SONGS: Final = int(os.environ.get("SONGS", "1_000_000"))
ROOMY_SONGS: Final = int(os.environ.get("ROOMY_SONGS", "20_000"))
LISTENERS: Final = int(os.environ.get("LISTENERS", "6"))
LISTS: Final = int(os.environ.get("LISTS", "200"))
N: Final = 30
N_FEW: Final = 10
SEED: Final = 23
"""Of the listeners; the composition was tuned on those of 101, and some of it chosen on 17."""


def main() -> None:
    publish("weekly", {**simulated(), **simulated_with_room(), **timed()})


def simulated() -> dict[str, list[Row]]:
    with TemporaryDirectory() as folder:
        catalogue = open_catalogue(Path(folder))
        return {
            f"{LISTENERS} listeners, lists of {n}": _quality(catalogue, LISTENERS, n)
            for n in (N, N_FEW)
        }


def simulated_with_room() -> dict[str, list[Row]]:
    with TemporaryDirectory() as folder:
        catalogue = roomy(Path(folder), ROOMY_SONGS)
        few = (LISTENERS + 1) // 2
        name = f"{few} listeners, lists of {N}, {len(catalogue):,} songs"
        return {name: _quality(catalogue, few, N)}


def _quality(catalogue: Catalogue, n_listeners: int, n: int) -> list[Row]:
    simulation = Simulation(catalogue, n=n)
    return quality(simulation, [*subjects(simulation.songs, n_listeners, seed=SEED)])


def timed() -> dict[str, list[Row]]:
    with TemporaryDirectory() as folder:
        snapshot = build_large(Path(folder), SONGS, shuffled=False)
        listeners = due(snapshot)
        return {
            f"{SONGS:,} songs, one core": [one_core(snapshot, listeners, LISTS)],
            f"{SONGS:,} songs, worker processes": [in_workers(snapshot, listeners, LISTS)],
            f"{SONGS:,} songs, Dask workers": [in_cluster(snapshot, listeners, LISTS)],
        }


if __name__ == "__main__":
    main()
