"""Rank a large catalogue by some listeners' models, and count what the rankings miss.

Recall is against the model's scores of all songs, ties forgiven.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from listeners import listeners
from measuring import Row, milliseconds
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, Snapshot
from musicrec.discovery import NO_CORRECTIONS, Scorer, StandIn, rank, rank_within
from musicrec.discovery.ranking import Ranking
from musicrec.domain.song_filter import SongFilter
from musicrec.services.rankings import Ranked
from musicrec.services.recommendations import CHOICE, shortlisted
from musicrec.taste import TasteModel, TrainingSet, train
from musicrec.taste.learn import learn
from musicrec.taste.sampling import Sampling

ALGORITHMS: Final = ("blend", "logistic_regression", "random_forest")
"""The default, the one whose tail no tree can follow, and the slowest of the others."""

_LABELS: Final = 500
_HEARD: Final = 2_000
_N: Final = 50
_REPEATS: Final = 9
_AT_ONCE: Final = 500_000
_MOST_FOR_EVERYBODY: Final = 5_000_000
_TIE: Final = 1e-6

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """A filter by the share of songs that it keeps."""

    name: str
    only: SongFilter


@dataclass(frozen=True)
class Owned:
    """A model and whose it is."""

    listener: str
    model: TasteModel


@dataclass(frozen=True)
class Measured:
    """One model asked for songs that meet one filter."""

    songs: str
    listener: str
    algorithm: str
    filter: str
    list_ready_s: float
    times_ms: Sequence[float]
    recall_at_50: float

    def row(self) -> Row:
        """Return it as a row of a table."""
        return {
            **{name: value for name, value in vars(self).items() if name != "times_ms"},
            "recommend_p50_ms": float(np.median(self.times_ms)),
            "recommend_max_ms": max(self.times_ms),
        }


def everybodys_models(n_songs: int) -> list[Owned]:
    """Fit every algorithm to every listener's labels.

    Above some millions of songs two listeners must do: scoring all of them takes hours.
    """
    everybody = list(listeners())
    return [
        Owned(listener.name, model)
        for listener in (everybody if n_songs <= _MOST_FOR_EVERYBODY else everybody[-2:])
        for model in _models(listener.songs.at_most(_LABELS, seed=0))
    ]


def ranked(
    kind: str, folder: Path, owners: Sequence[Owned], pool: ProcessPoolExecutor
) -> Iterator[Measured]:
    """Yield times and recall of every model and filter over a snapshot; ``kind`` names it."""
    catalogue = Catalogue(Snapshot.open(folder, verify=False))
    for owned in owners:
        truth = _truth(folder, owned.model, len(catalogue), pool)
        started = time.perf_counter()
        listing = rank(catalogue.snapshot, owned.model)
        list_ready_s = time.perf_counter() - started
        for asked in _filters(catalogue):
            times, found = _asked(catalogue, owned.model, listing, truth, asked)
            yield Measured(
                kind, owned.listener, owned.model.algorithm, asked.name, list_ready_s, times, found
            )


def _models(songs: TrainingSet) -> Iterator[TasteModel]:
    kept = train(songs)
    for algorithm in ALGORITHMS:
        encoded = kept.encoding.encode(songs.songs)
        fitted = learn(algorithm, Sampling.NONE, encoded, songs.liked, seed=0)
        yield replace(kept, algorithm=algorithm, fitted=fitted)


def _asked(
    catalogue: Catalogue,
    model: TasteModel,
    listing: tuple[Ranking, StandIn | None],
    truth: Floats,
    asked: Asked,
) -> tuple[list[float], float]:
    """Return milliseconds of some requests, and their recall."""
    ranking, stand_in = listing
    heard = np.random.default_rng(0).choice(ranking.rows, min(_HEARD, len(ranking.rows) // 10))
    recommend = _request(catalogue, model, ranking, stand_in, heard=heard, only=asked.only)
    times = [milliseconds(recommend) for _ in range(_REPEATS)]
    return times, _recall(catalogue, truth, recommend(), heard, asked.only)


def _truth(folder: Path, model: TasteModel, n: int, pool: ProcessPoolExecutor) -> Floats:
    starts = range(0, n, _AT_ONCE)
    parts = [pool.submit(_scored, folder, model, s, min(s + _AT_ONCE, n)) for s in starts]
    return np.concatenate([part.result() for part in parts])


def _scored(folder: Path, model: TasteModel, start: int, stop: int) -> Floats:
    scores = Scorer(_snapshot(folder), model).p_like(np.arange(start, stop))
    return scores.astype(np.float32)


@lru_cache(maxsize=1)
def _snapshot(folder: Path) -> Snapshot:
    return Snapshot.open(folder, verify=False)


def _filters(catalogue: Catalogue) -> list[Asked]:
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


def _request(
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
        if not found.is_complete and len(found.rows) < _N * CHOICE:
            fitting = catalogue.all_meeting(only)
            within = rank_within(
                catalogue.snapshot,
                model,
                stand_in,
                fitting[~np.isin(fitting, heard)],
                most=_N * CHOICE,
            )
            found = Ranked(within.rows.astype(np.intp), within.p_like, is_complete=False)
        shortlisted(catalogue, found, NO_CORRECTIONS, n=_N, seed=0)
        return found.rows

    return recommend


def _recall(
    catalogue: Catalogue,
    truth: Floats,
    found: NDArray[np.intp],
    heard: NDArray[np.uint32],
    only: SongFilter,
) -> float:
    """Return the share of the best 50 by the model that are found, ties forgiven."""
    fitting = np.setdiff1d(catalogue.all_meeting(only), heard)
    n = min(_N, len(fitting))
    least = np.partition(truth[fitting], -n)[-n] if n else 0.0
    return min(1.0, float((truth[found] >= least - _TIE).sum()) / n) if n else 1.0
