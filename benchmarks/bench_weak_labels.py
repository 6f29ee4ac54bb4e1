"""What songs that somebody saved are worth beside their verdicts, by the weight they are given.

Simulated listeners of the demo catalogue (``population``), whose taste also depends on artists,
give 12 to 100 verdicts and have saved 100 or 1,000 other songs, of which they like 85 % (or 60 %).
Everything is measured on 1,500 further songs.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from listeners import catalogue
from measuring import Row, publish
from numpy.typing import NDArray
from population import Bools, Floats, Population
from scipy.special import expit, logit

from musicrec.domain.features import LIKED, WEIGHT
from musicrec.taste import MIN_EACH, PROBABLY, TrainingSet
from musicrec.taste.columns import clean_features, main_artists
from musicrec.taste.encode import Encoding
from musicrec.taste.learn import BLEND, learn, probabilities_of
from musicrec.taste.metrics import metrics_of
from musicrec.taste.one_thread import one_thread
from musicrec.taste.sampling import Sampling, rarer_count

LISTENERS: Final = 16
N_VERDICTS: Final = (12, 30, 100)
HEAPS: Final = ((100, 0.85), (1_000, 0.85), (100, 0.6))
"""How many songs were saved, and the share of them that is liked."""

WEIGHTS: Final = MappingProxyType({"ignored": 0.0, f"{PROBABLY}": PROBABLY, "fully": 1.0})
HELD_OUT: Final = 1_500
ARTISTS_MATTER: Final = 1.0
"""Standard deviation of what artists add to the log odds."""

_SONGS: Final = catalogue()
_CLEAN: Final = clean_features(_SONGS).assign(artists=_SONGS["artists"].to_numpy())
_ARTISTS: Final = {name: row for row, name in enumerate(sorted(set(main_artists(_SONGS))))}

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Saver:
    """A listener, the songs they rate, one after the other, and the songs to measure on."""

    liked: Bools
    rated: Rows
    test: Rows

    def saved(self, n: int, share: float, rng: np.random.Generator) -> Rows:
        """Return songs that are neither rated nor measured on, this share of them liked."""
        others = np.setdiff1d(np.arange(len(self.liked)), np.concatenate([self.rated, self.test]))
        n_liked = round(share * n)
        likes, dislikes = (
            rng.permutation(others[self.liked[others] == kind]) for kind in (True, False)
        )
        return np.concatenate([likes[:n_liked], dislikes[: n - n_liked]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=LISTENERS)
    options = parser.parse_args()
    found: dict[tuple[int, float], dict[tuple[int, str], list[tuple[float, ...]]]] = {
        heap: defaultdict(list) for heap in HEAPS
    }
    with one_thread():
        for seed in range(options.listeners):
            for heap, key, measured in _measure(seed):
                found[heap][key].append(measured)
    titles = {heap: f"{heap[0]} songs saved, {heap[1]:.0%} of them liked" for heap in HEAPS}
    publish("weak-labels", {titles[heap]: _rows(each) for heap, each in found.items()})


def _measure(
    seed: int,
) -> Iterator[tuple[tuple[int, float], tuple[int, str], tuple[float, ...]]]:
    saver = _saver(seed)
    for n in N_VERDICTS:
        rated = saver.rated[:n]
        for heap in HEAPS:
            saved = saver.saved(*heap, np.random.default_rng(seed))
            for name, weight in WEIGHTS.items():
                p_like = _predicted(saver, rated, saved, weight)
                metrics = metrics_of(p_like[saver.test], saver.liked[saver.test])
                surplus = float((p_like - saver.liked)[saver.test].mean())
                yield heap, (n, name), (metrics.roc_auc, metrics.brier, metrics.log_loss, surplus)


def _saver(seed: int) -> Saver:
    rng = np.random.default_rng([seed, 15])
    person = Population(_SONGS, seed).person()
    by_artist = ARTISTS_MATTER * rng.normal(size=len(_ARTISTS))
    artists = [_ARTISTS[name] for name in main_artists(_SONGS)]
    p_like: Floats = expit(logit(person.p_like) + by_artist[artists])
    liked: Bools = rng.random(len(_SONGS)) < p_like
    order = rng.permutation(len(_SONGS))
    while rarer_count(liked[order[: min(N_VERDICTS)]]) < MIN_EACH:
        order = rng.permutation(len(_SONGS))
    return Saver(liked, order[: max(N_VERDICTS)], order[-HELD_OUT:])


def _predicted(saver: Saver, rated: Rows, saved: Rows, weight: float) -> Floats:
    """Return what the blend says about every song."""
    weights = np.ones(len(rated))
    liked = saver.liked[rated]
    if weight:
        rated = np.concatenate([rated, saved])
        liked = np.concatenate([liked, np.ones(len(saved), bool)])
        weights = np.concatenate([weights, np.full(len(saved), weight)])
    training = TrainingSet.from_table(_SONGS.iloc[rated].assign(**{LIKED: liked, WEIGHT: weights}))
    encoding = Encoding.of(training.songs)
    songs = encoding.encode(training.songs)
    learned = learn(BLEND, Sampling.NONE, songs, training.liked, seed=0, weights=training.weights)
    return probabilities_of(learned, encoding.encode(_CLEAN))


def _rows(found: Mapping[tuple[int, str], Sequence[tuple[float, ...]]]) -> list[Row]:
    rows: list[Row] = []
    for (n, name), measured in found.items():
        values = np.array(measured)
        plain = np.array(found[n, "ignored"])
        auc, brier, log_loss, surplus = values.mean(axis=0).tolist()
        rows.append(
            {
                "verdicts": n,
                "saved songs count": name,
                "listeners": len(values),
                "auc": auc,
                "brier": brier,
                "log_loss": log_loss,
                "too many likes": surplus,
                "better auc than ignored": int((values[:, 0] > plain[:, 0]).sum()),
            }
        )
    return rows


if __name__ == "__main__":
    main()
