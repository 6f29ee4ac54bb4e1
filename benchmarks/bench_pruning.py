"""Whether pruning keeps its promise, on labels that the model has not seen, and how long it takes.

Of every listener some labels are learned from and others are held out, again and again. The goal:
at precision 0.9 at most a tenth of what is removed was liked, or nothing is promised. Beside it, in
the same run: removing every song below even chances, which is what no threshold would mean. The
goal of time is 2 s for a playlist of 500 songs, scored and explained.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import tastes
from listeners import catalogue, listeners, simulated_labels
from measuring import Row, publish, seconds
from numpy.typing import NDArray

from musicrec.domain.features import LIKED
from musicrec.domain.guess import EVEN_CHANCE
from musicrec.taste import TasteModel, TrainingSet, train

PRECISIONS: Final = (0.8, 0.9)
SIZES: Final = (100, 300, None)
"""Labels learned from; None is seven tenths of all."""
SPLITS: Final = 10
SIMULATED: Final = 3
"""Persons of every simulated taste."""
N_SONGS: Final = 500
N_LABELS: Final = 500

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """One model and what it says of songs that it has not learned."""

    listener: str
    labels: str
    model: TasteModel
    p_like: NDArray[np.float64]
    liked: Bools


def main() -> None:
    splits = list(_splits())
    kinds = list(dict.fromkeys((split.listener, split.labels) for split in splits))
    rows = [
        _row([split for split in splits if (split.listener, split.labels) == kind], precision)
        for kind in kinds
        for precision in PRECISIONS
    ]
    publish("pruning", {"held-out songs": rows, "a playlist": [_time()]})


def _splits() -> Iterator[Split]:
    for who in listeners():
        if who.name == "simulated":
            continue
        table = who.songs.songs.assign(**{LIKED: who.songs.liked})
        for size in SIZES:
            for seed in range(SPLITS):
                yield _split(who.name, table, size, seed)
    for name in tastes.NAMES:
        for seed in range(SIMULATED):
            heard = tastes.verdicts(name, 100 + seed)
            yield _split("simulated", heard.songs.assign(**{LIKED: heard.liked}), 300, seed)


def _split(name: str, table: pd.DataFrame, size: int | None, seed: int) -> Split:
    mixed = table.sample(frac=1, random_state=seed)
    n = size or round(0.7 * len(mixed))
    held_out = mixed.iloc[n:]
    model = train(TrainingSet.from_table(mixed.iloc[:n]), seed=seed)
    liked = held_out[LIKED].to_numpy(dtype=np.bool_)
    return Split(name, "70 %" if size is None else str(size), model, model.predict(held_out), liked)


def _row(splits: list[Split], precision: float) -> Row:
    pruned = [_removed(split, precision) for split in splits]
    removed = sum(int(of_one.sum()) for of_one in pruned)
    liked = sum(int((of_one & s.liked).sum()) for s, of_one in zip(splits, pruned, strict=True))
    plain = [split.p_like < EVEN_CHANCE for split in splits]
    n_likes = sum(int(split.liked.sum()) for split in splits)
    n_dislikes = sum(int((~split.liked).sum()) for split in splits)
    return {
        "listener": splits[0].listener,
        "labels": splits[0].labels,
        "precision": precision,
        "models": len(splits),
        "promised": sum(_threshold(split, precision) is not None for split in splits),
        "broken": sum(
            _share(s.liked, of_one) > 1 - precision
            for s, of_one in zip(splits, pruned, strict=True)
        ),
        "removed": removed,
        "liked_of_removed": liked / max(removed, 1),
        "removed_of_likes": liked / n_likes,
        "removed_of_dislikes": (removed - liked) / n_dislikes,
        "liked_below_even": _share(
            np.concatenate([split.liked for split in splits]), np.concatenate(plain)
        ),
    }


def _threshold(split: Split, precision: float) -> float | None:
    return split.model.definite_dislike_threshold(precision)


def _removed(split: Split, precision: float) -> Bools:
    threshold = _threshold(split, precision)
    return split.p_like <= (-1.0 if threshold is None else threshold)


def _share(liked: Bools, removed: Bools) -> float:
    return float(liked[removed].mean()) if removed.any() else 0.0


def _time() -> Row:
    songs = catalogue()
    labelled = simulated_labels(songs).sample(N_LABELS, random_state=0)
    model = train(TrainingSet.from_table(labelled))
    playlist = songs.sample(N_SONGS, random_state=1)
    scored = seconds(lambda: model.predict(playlist))
    explained = seconds(lambda: model.explain(playlist))
    return {"songs": N_SONGS, "scored_seconds": scored, "explained_seconds": explained}


if __name__ == "__main__":
    main()
