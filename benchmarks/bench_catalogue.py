"""A large catalogue, built, searched and ranked: ``SONGS=1_000_000 make bench-catalogue``.

Two catalogues: songs that lie together as the demo's do, and the worst case, where every feature is
shuffled by itself. Recall is against the model's scores of all songs, ties forgiven. One thread.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import os
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from large_catalogue import build_large
from listeners import listeners
from measuring import Row, publish
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from musicrec.catalogue import Catalogue, Snapshot
from musicrec.discovery import Scorer, StandIn, rank, rank_within
from musicrec.discovery.ranking import KEPT, Ranking
from musicrec.domain.features import FEATURE_NAMES
from musicrec.domain.song_filter import SongFilter
from musicrec.services.rankings import Ranked
from musicrec.services.recommendations import CHOICE, shortlisted
from musicrec.taste import TasteModel, TrainingSet, train
from musicrec.taste.learn import learn
from musicrec.taste.sampling import Sampling

SONGS: Final = int(os.environ.get("SONGS", "1_000_000"))
LABELS: Final = 500
HEARD: Final = 2_000
N: Final = 50
N_SEARCHES: Final = 1_000
ALGORITHMS: Final = ("blend", "logistic_regression", "random_forest")
"""The default, the one whose tail no tree can follow, and the slowest of the others."""


@dataclass(frozen=True)
class Asked:
    """A filter by the share of songs that it keeps."""

    name: str
    only: SongFilter


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        alike = build_large(Path(folder) / "alike", SONGS, shuffled=False)
        build_s = time.perf_counter() - started
        summary: dict[str, float] = {
            "songs": SONGS,
            "build_s": build_s,
            "disk_mb": sum(path.stat().st_size for path in alike.iterdir()) / 1e6,
        }
        catalogue = Catalogue(Snapshot.open(alike, verify=False))
        summary |= searches(catalogue)
        rankings = list(ranked("alike", catalogue))
        summary |= latencies(rankings)
        baselines = [scoring_everything(catalogue), reading_once(catalogue)]
        shutil.rmtree(alike)
        shuffled = build_large(Path(folder) / "shuffled", SONGS, shuffled=True)
        rankings += ranked("shuffled", Catalogue(Snapshot.open(shuffled, verify=False)))
        recalls = [float(row["recall_at_50"]) for row in rankings]
        summary |= {
            "recall_at_50_mean": float(np.mean(recalls)),
            "recall_at_50_min": min(recalls),
            "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    publish("catalogue", {"in short": [summary], "rankings": rankings, "baselines": baselines})


def searches(catalogue: Catalogue) -> dict[str, float]:
    rng = random.Random(0)  # noqa: S311 -- nothing is secret here
    times: list[float] = []
    for row in rng.sample(range(len(catalogue.snapshot)), N_SEARCHES):
        title, artists = (catalogue.snapshot.text(name, [row])[0] for name in ("title", "artists"))
        typed = f"{title} {artists}"[: rng.randint(2, 12)]
        times.append(timed(lambda typed=typed: catalogue.search(typed, limit=25)))
    return {f"autocomplete_p{p}_ms": float(np.percentile(times, p)) for p in (50, 95, 99)}


def ranked(kind: str, catalogue: Catalogue) -> Iterator[Row]:
    for listener in listeners():
        songs = listener.songs.at_most(LABELS, seed=0)
        for model in models(songs):
            yield from _ranked(kind, catalogue, listener.name, model)


def models(songs: TrainingSet) -> Iterator[TasteModel]:
    kept = train(songs)
    for algorithm in ALGORITHMS:
        encoded = kept.encoding.encode(songs.songs)
        fitted = learn(algorithm, Sampling.NONE, encoded, songs.liked, seed=0)
        yield replace(kept, algorithm=algorithm, fitted=fitted)


def _ranked(kind: str, catalogue: Catalogue, name: str, model: TasteModel) -> Iterator[Row]:
    truth = Scorer(catalogue.snapshot, model).p_like(np.arange(len(catalogue)))
    started = time.perf_counter()
    ranking, stand_in = rank(catalogue.snapshot, model)
    list_ready_s = time.perf_counter() - started
    heard = np.random.default_rng(0).choice(ranking.rows, min(HEARD, len(ranking.rows) // 10))
    for asked in filters(catalogue):
        recommend = request(catalogue, model, ranking, stand_in, heard=heard, only=asked.only)
        times = [timed(recommend) for _ in range(5)]
        yield {
            "songs": kind,
            "listener": name,
            "algorithm": model.algorithm,
            "filter": asked.name,
            "list_ready_s": list_ready_s,
            "recommend_p50_ms": float(np.median(times)),
            "recommend_p95_ms": float(np.percentile(times, 95)),
            "recall_at_50": recall(catalogue, truth, recommend(), heard, asked.only),
        }


def filters(catalogue: Catalogue) -> list[Asked]:
    """Filters that keep about half, 5 % and 0.1 % of the songs."""
    wanted = {"50 %": 0.5, "5 %": 0.05, "0.1 %": 0.001}
    candidates = [
        SongFilter(genre=genre, country=country, years=years)
        for genre in (None, catalogue.genres[-1])
        for country in (None, *catalogue.countries[:25:4])
        for years in (None, (2010, 2100), (2000, 2004), (1960, 1969), (1950, 1952))
    ]
    some = np.arange(0, len(catalogue), max(1, len(catalogue) // 100_000))
    shares = np.array([catalogue.meets(only, some).mean() for only in candidates])
    nearest = {
        name: candidates[int(np.abs(np.log(np.maximum(shares, 1e-9) / share)).argmin())]
        for name, share in wanted.items()
    }
    return [Asked("none", SongFilter()), *(Asked(name, only) for name, only in nearest.items())]


def request(
    catalogue: Catalogue,
    model: TasteModel,
    ranking: Ranking,
    stand_in: StandIn | None,
    *,
    heard: NDArray[np.uint32],
    only: SongFilter,
) -> Callable[[], NDArray[np.intp]]:
    """Do what a recommendation does, but for the database and the reasons."""

    def recommend() -> NDArray[np.intp]:
        rows = ranking.rows.astype(np.intp)
        keep = ~np.isin(rows, heard) & catalogue.meets(only, rows)
        found = Ranked(rows[keep], ranking.p_like[keep], is_complete=len(rows) == len(catalogue))
        if not found.is_complete and len(found.rows) < N * CHOICE:
            within = rank_within(
                catalogue.snapshot,
                model,
                stand_in,
                catalogue.all_meeting(only),
                most=len(heard) + N * CHOICE,
            )
            fresh = ~np.isin(within.rows, heard)
            found = Ranked(
                within.rows[fresh].astype(np.intp), within.p_like[fresh], is_complete=False
            )
        shortlisted(catalogue, found, n=N, seed=0)
        return found.rows

    return recommend


def recall(
    catalogue: Catalogue,
    truth: NDArray[np.float64],
    found: NDArray[np.intp],
    heard: NDArray[np.uint32],
    only: SongFilter,
) -> float:
    """Return the share of the best 50 by the model that are found, ties forgiven."""
    fitting = np.setdiff1d(catalogue.all_meeting(only), heard)
    n = min(N, len(fitting))
    least = np.partition(truth[fitting], -n)[-n] if n else 0.0
    return min(1.0, float((truth[found] >= least - 1e-6).sum()) / n) if n else 1.0


def latencies(rows: Sequence[Row]) -> dict[str, float]:
    def worst(column: str, *names: str) -> float:
        return max(float(row[column]) for row in rows if row["filter"] in names)

    usual = [float(row["recommend_p50_ms"]) for row in rows if row["filter"] in {"none", "50 %"}]
    return {
        "list_ready_s": worst("list_ready_s", "none"),
        "recommend_p50_ms": float(np.median(usual)),
        "recommend_p95_ms": worst("recommend_p95_ms", "none", "50 %"),
        "filtered_5pct_p95_ms": worst("recommend_p95_ms", "5 %"),
        "filtered_0.1pct_p95_ms": worst("recommend_p95_ms", "0.1 %"),
    }


def scoring_everything(catalogue: Catalogue) -> Row:
    """Take pandas and scikit-learn: a default random forest scores every song."""
    listener = list(listeners())[-1].songs.at_most(LABELS, seed=0)
    names = [name for name in FEATURE_NAMES if name in listener.songs]
    forest = RandomForestClassifier(random_state=0)
    forest.fit(listener.songs[names].fillna(-1), listener.liked)
    n = min(len(catalogue), 1_000_000)
    songs = catalogue.features(np.arange(n))[names].fillna(-1)
    taken = timed(lambda: pd.Series(np.asarray(forest.predict_proba(songs))[:, 1]).nlargest(KEPT))
    return {"what": "plain random forest scores everything", "s": taken / 1e3 * len(catalogue) / n}


def reading_once(catalogue: Catalogue) -> Row:
    """How fast memory gives the feature columns, once through."""
    columns = [catalogue.snapshot.columns[name] for name in FEATURE_NAMES]
    return {
        "what": "reading the feature columns once",
        "s": timed(lambda: [int(column.max()) for column in columns]) / 1e3,
    }


def timed(work: Callable[[], object]) -> float:
    """Return milliseconds."""
    started = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - started)


if __name__ == "__main__":
    main()
