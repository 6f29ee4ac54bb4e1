"""How many answers the choice of questions saves, against asking in random order.

A replay: the verdicts on all songs of a label set are known; seven tenths of them are the pool
that may be asked about, the rest are held out. After every ten answers a model is refitted, and
its AUC on the held-out songs is compared with that of the same model fitted on the whole pool.
The model is a fixed, quick one (the mean of a random forest and a logistic regression), so that
hundreds of replays take minutes; what it says about the pool is what the choice gets to see, as
old as it would be in the bot.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Final

import numpy as np
from listeners import catalogue, resampled
from measuring import Row, publish, seconds
from replay import DuelReplay, DuelRule, Replay, duels, replay
from tastes import NAMES, real_names, verdicts

from musicrec.discovery import Known, SongMap, choose_to_rate
from musicrec.taste.one_thread import one_thread

SPLITS: Final = 10
SONGS_HEARD: Final = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=SPLITS, help="random splits a listener")
    parser.add_argument("--simulated", action="store_true", help="leave the real label sets out")
    options = parser.parse_args()
    names = [*NAMES, *([] if options.simulated else real_names())]
    splits = range(options.splits)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        pairs = {
            name: pool.map(_replays, [name] * len(splits), splits, chunksize=1) for name in names
        }
        contests = {
            name: pool.map(_duels, [name] * len(splits), splits, chunksize=1) for name in NAMES
        }
        replays = [_row(name, list(results)) for name, results in pairs.items()]
        compared = [row for name, runs in contests.items() for row in _duel_rows(name, list(runs))]
    publish(
        "asking",
        {
            "answers until 95 % of the full AUC, and until 95 % of its gain over 0.5": replays,
            f"duels: {SONGS_HEARD} songs heard": compared,
            "one question": _cost(),
        },
    )


def _replays(name: str, split: int) -> tuple[Replay, Replay]:
    heard = verdicts(name, split)
    with one_thread():
        ours = replay(heard, split, in_random_order=False)
        return ours, replay(heard, split, in_random_order=True)


def _row(name: str, pairs: list[tuple[Replay, Replay]]) -> Row:
    ours = [one for one, _ in pairs]
    random = [other for _, other in pairs]
    to_auc, random_to_auc = (_mean([run.to_auc for run in runs]) for runs in (ours, random))
    to_gain, random_to_gain = (_mean([run.to_gain for run in runs]) for runs in (ours, random))
    return {
        "listener": name,
        "pool": ours[0].n_pool,
        "full_auc": _mean([run.full_auc for run in ours]),
        "to_auc": to_auc,
        "random_to_auc": random_to_auc,
        "share": to_auc / random_to_auc,
        "to_gain": to_gain,
        "random_to_gain": random_to_gain,
        "gain_share": to_gain / random_to_gain,
        "liked": _mean([run.liked_share for run in ours]),
        "random_liked": _mean([run.liked_share for run in random]),
    }


def _duels(name: str, split: int) -> dict[DuelRule, DuelReplay]:
    heard = verdicts(name, split)
    with one_thread():
        return {rule: duels(heard, split, SONGS_HEARD, rule) for rule in DuelRule}


def _duel_rows(name: str, runs: list[dict[DuelRule, DuelReplay]]) -> list[Row]:
    return [
        {
            "listener": name,
            "rule": rule,
            "labels": _mean([run[rule].n_labels for run in runs]),
            "wrong": _mean([run[rule].n_wrong for run in runs]),
            "auc": _mean([run[rule].auc for run in runs]),
            "brier": _mean([run[rule].brier for run in runs]),
        }
        for rule in DuelRule
    ]


def _cost() -> list[Row]:
    rows: list[Row] = []
    for n_songs in (5_000, 100_000):
        songs = resampled(catalogue(), n_songs)
        fitted = seconds(lambda songs=songs: SongMap.of(songs))
        song_map = SongMap.of(songs)
        p_like = np.random.default_rng(0).random(n_songs)
        for n_labels in (0, 100, 1_000):
            labelled = np.arange(n_labels)
            known = Known(labelled, labelled, p_like if n_labels else None)
            rng = np.random.default_rng(0)
            candidates = np.arange(n_labels, n_songs)
            taken = seconds(partial(choose_to_rate, song_map, candidates, known, rng), repeats=10)
            rows.append(
                {
                    "songs": n_songs,
                    "labels": n_labels,
                    "ms_a_question": 1000 * taken,
                    "ms_once_a_start": 1000 * fitted,
                }
            )
    return rows


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
