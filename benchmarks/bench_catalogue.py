"""A large catalogue, built, searched and ranked: ``make bench-catalogue SONGS=1_000_000``.

Two catalogues: songs that lie together as the demo's do, and the worst case, where every feature is
shuffled by itself. Times are of one thread; two processes build, and score everything for recall.
Ends with an error where rankings miss more of the best songs than they may.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import numpy as np
import pandas as pd
from adding_songs import adding_1000_songs
from catalogue_ranking import Measured, everybodys_models, ranked
from catalogue_searching import searched
from large_catalogue import build_large
from listeners import listeners
from measuring import Clock, Row, milliseconds, publish
from memory import peak_of_memory
from sklearn.ensemble import RandomForestClassifier

from musicrec.catalogue import Catalogue, Snapshot
from musicrec.discovery.ranking import KEPT
from musicrec.domain.features import FEATURE_NAMES

SONGS: Final = int(os.environ.get("SONGS", "1_000_000"))
LEAST_MEAN_RECALL: Final = 0.98
LEAST_RECALL: Final = 0.95
_LABELS: Final = 500
_BASELINE_ROWS: Final = 1_000_000


P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Built:
    """A snapshot and what it took, without the time in which its songs were made up."""

    folder: Path
    seconds: float
    making_up_s: float
    peak_mb: float


def main() -> int:
    """Measure, publish, and return how the process ends."""
    with tempfile.TemporaryDirectory() as folder:
        alike, shuffled = (_built(Path(folder), name) for name in ("alike", "shuffled"))
        owners = everybodys_models(SONGS)
        searches = _alone(searched, alike.folder)
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            rankings = [
                each
                for name, built in (("alike", alike), ("shuffled", shuffled))
                for each in ranked(name, built.folder, owners, pool)
            ]
        catalogue = Catalogue(Snapshot.open(alike.folder, verify=False))
        baselines = [scoring_everything(catalogue), reading_once(catalogue)]
        summary = {
            **size(alike, shuffled),
            **searches,
            **latencies(rankings),
            **recall(rankings),
            **adding_1000_songs(catalogue, owners[-1].model),
        }
    tables = {
        "in short": [summary],
        "rankings": [each.row() for each in rankings],
        "baselines": baselines,
    }
    publish("catalogue", tables)
    return judged(summary)


def size(alike: Built, shuffled: Built) -> dict[str, float]:
    """Return what the slower build took, and the larger snapshot."""
    return {
        "songs": SONGS,
        "build_s": max(alike.seconds, shuffled.seconds),
        "making_songs_up_s": max(alike.making_up_s, shuffled.making_up_s),
        "build_peak_mb": max(alike.peak_mb, shuffled.peak_mb),
        "disk_mb": max(
            sum(path.stat().st_size for path in built.folder.iterdir()) / 1e6
            for built in (alike, shuffled)
        ),
    }


def latencies(rankings: Sequence[Measured]) -> dict[str, float]:
    """Return the slowest list, and times over all models and both catalogues."""

    def percentile(share: int, *names: str) -> float:
        times = [each.times_ms for each in rankings if each.filter in names]
        return float(np.percentile(np.concatenate(times), share))

    return {
        "list_ready_s": max(each.list_ready_s for each in rankings),
        "recommend_p50_ms": percentile(50, "none", "50 %"),
        "recommend_p95_ms": percentile(95, "none", "50 %"),
        "filtered_5pct_p95_ms": percentile(95, "5 %"),
        "filtered_0.1pct_p95_ms": percentile(95, "0.1 %"),
    }


def recall(rankings: Sequence[Measured]) -> dict[str, float]:
    """Return the mean over all models, filters and both catalogues, and the worst of them."""
    found = [each.recall_at_50 for each in rankings]
    return {"recall_at_50_mean": float(np.mean(found)), "recall_at_50_min": min(found)}


def judged(summary: Row) -> int:
    """Return 1, and say so, where too many of the best songs are missed."""
    mean, least = float(summary["recall_at_50_mean"]), float(summary["recall_at_50_min"])
    if mean >= LEAST_MEAN_RECALL and least >= LEAST_RECALL:
        return 0
    print(
        f"Rankings miss too much: recall@50 is {mean:.3f} in the mean and {least:.3f} at worst;"
        f" {LEAST_MEAN_RECALL} and {LEAST_RECALL} are asked for.",
        file=sys.stderr,
    )
    return 1


def scoring_everything(catalogue: Catalogue) -> Row:
    """Take pandas and scikit-learn: a default random forest scores every song."""
    songs = list(listeners())[-1].songs.at_most(_LABELS, seed=0)
    names = [name for name in FEATURE_NAMES if name in songs.songs]
    forest = RandomForestClassifier(random_state=0)
    forest.fit(songs.songs[names].fillna(-1), songs.liked)
    n = min(len(catalogue), _BASELINE_ROWS)
    table = catalogue.features(np.arange(n))[names].fillna(-1)
    taken = milliseconds(
        lambda: pd.Series(np.asarray(forest.predict_proba(table))[:, 1]).nlargest(KEPT)
    )
    return {"what": "plain random forest scores everything", "s": taken / 1e3 * len(catalogue) / n}


def reading_once(catalogue: Catalogue) -> Row:
    """Take how fast memory gives the feature columns, once through."""
    columns = [catalogue.snapshot.columns[name] for name in FEATURE_NAMES]
    taken = milliseconds(lambda: [int(column.max()) for column in columns])
    return {"what": "reading the feature columns once", "s": taken / 1e3}


def _built(folder: Path, name: str) -> Built:
    return _alone(_build, folder / name, name == "shuffled")


def _build(root: Path, shuffled: bool) -> Built:  # noqa: FBT001 -- sent to a process as it is
    clock = Clock()
    started = time.perf_counter()
    with peak_of_memory() as peak:
        folder = build_large(root, SONGS, shuffled=shuffled, clock=clock)
    taken = time.perf_counter() - started
    return Built(folder, taken - clock.seconds, clock.seconds, peak.mb)


def _alone(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do it in a process of its own, whose memory nothing else has grown."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *args, **kwargs).result()


if __name__ == "__main__":
    sys.exit(main())
