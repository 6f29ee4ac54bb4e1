"""How long it takes to say why: probability, interval, and reasons for and against.

Beside it, in the same run: the same model's prediction of the same songs without reasons. The
goal is 5 ms a song on a shortlist of 30.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pandas as pd
from listeners import catalogue, simulated_labels
from measuring import Row, publish, seconds

from musicrec.taste import TasteModel, TrainingSet, train
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.learn import BLEND, learn
from musicrec.taste.sampling import Sampling

N_LABELS: Final = 500
SIZES: Final = (1, 30, 1000)
REPEATS: Final = 20


def main() -> None:
    songs = catalogue()
    labelled = simulated_labels(songs).sample(N_LABELS, random_state=0)
    rows = [
        _row(key, model, songs.head(n))
        for key, model in _models(TrainingSet.from_table(labelled))
        for n in SIZES
    ]
    publish("reasons", {f"explaining songs, {N_LABELS} labels": rows})


def _models(training: TrainingSet) -> Iterator[tuple[str, TasteModel]]:
    """Yield a model of every way of learning, the blend first."""
    model = train(training, folds=2)
    encoded = model.encoding.encode(training.songs)
    for key in (BLEND, *ALGORITHMS):
        fitted = learn(key, Sampling.NONE, encoded, training.liked, seed=0)
        yield key, replace(model, algorithm=key, fitted=fitted)


def _row(key: str, model: TasteModel, songs: pd.DataFrame) -> Row:
    explained = seconds(lambda: model.explain(songs), repeats=REPEATS)
    predicted = seconds(lambda: model.predict(songs), repeats=REPEATS)
    return {
        "algorithm": key,
        "songs": len(songs),
        "ms_a_song": 1000 * explained / len(songs),
        "ms_a_song_without": 1000 * predicted / len(songs),
        "ms_a_call": 1000 * explained,
    }


if __name__ == "__main__":
    main()
