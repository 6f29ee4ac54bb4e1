"""Whether the range that /taste compare tells holds how often two people really agree.

Simulated listeners of the demo catalogue (``population``: circles of people with much of their
taste in common, and loners) are learned from 20, 40 or 80 ratings each; every two are compared.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from listeners import catalogue
from measuring import Row, publish
from population import Bools, Floats, Population

from musicrec.discovery.together import agreement
from musicrec.domain.features import LIKED
from musicrec.taste import TrainingSet, train
from musicrec.taste.one_thread import one_thread

LISTENERS: Final = 15
N_RATINGS: Final = (20, 40, 80)

_SONGS: Final = catalogue()


@dataclass(frozen=True)
class Heard:
    """A listener whose verdict on every song is known, and what a model says about them."""

    liked: Bools
    p_like: Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=LISTENERS)
    options = parser.parse_args()
    people = Population(_SONGS, seed=0)
    with one_thread():
        for_each = [
            (n, [_heard(people, n, seed) for seed in range(options.listeners)]) for n in N_RATINGS
        ]
    publish("agreement", {"Pairs of listeners": [_row(n, heard) for n, heard in for_each]})


def _heard(people: Population, n: int, seed: int) -> Heard:
    person, rng = people.person(), np.random.default_rng([seed, n])
    rated = rng.choice(len(_SONGS), n, replace=False)
    model = train(TrainingSet.from_table(_SONGS.iloc[rated].assign(**{LIKED: person.liked[rated]})))
    return Heard(person.liked, model.predict(_SONGS))


def _row(n: int, heard: Sequence[Heard]) -> Row:
    held: list[bool] = []
    widths: list[float] = []
    beyond: list[float] = []
    for a, b in combinations(heard, 2):
        true_share = np.count_nonzero(a.liked == b.liked) / len(a.liked)
        found = agreement(a.p_like, b.p_like, n_both=0, n_same=0)
        held.append(found.low < true_share < found.high)
        widths.append(found.high - found.low)
        doubt = a.p_like * (1 - a.p_like) * b.p_like * (1 - b.p_like)
        beyond.append((true_share - found.share) / (2 * float(np.mean(np.sqrt(doubt)))))
    return {
        "ratings": n,
        "pairs": len(held),
        "range holds the truth": float(np.mean(held)),
        "width of the range": float(np.mean(widths)),
        "correlation beyond the models": float(np.sqrt(np.mean(np.square(beyond)))),
    }


if __name__ == "__main__":
    main()
