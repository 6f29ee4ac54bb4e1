"""How long it takes to score songs and to make a shortlist from a whole catalogue.

Beside it, in the same run: scikit-learn's random forest with its default settings, fitted on the
same labels, scoring and sorting the same songs.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Final

import numpy as np
import pandas as pd
from listeners import catalogue, resampled, simulated_labels
from measuring import Row, publish, seconds
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from musicrec.discovery import arrange
from musicrec.domain.features import ARTISTS, FEATURE_NAMES, LIKED
from musicrec.domain.reasons import Explanation
from musicrec.taste import TasteModel, TrainingSet, train
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.columns import clean_features
from musicrec.taste.fit import fit
from musicrec.taste.sampling import Sampling

N_LABELS: Final = 500
N_SHORTLIST: Final = 30
LARGE: Final = 100_000


def main() -> None:
    songs = catalogue()
    labelled = simulated_labels(songs).sample(N_LABELS, random_state=0)
    model = train(TrainingSet.from_table(labelled))
    forest = RandomForestClassifier(random_state=0).fit(_numbers(labelled), labelled[LIKED])
    tables = [songs, resampled(songs, LARGE)]
    publish(
        "recommending",
        {
            f"scoring {LARGE:,} songs, {N_LABELS} labels": _scoring(
                model, labelled, forest, tables[1]
            ),
            f"a shortlist of {N_SHORTLIST}": [_shortlist(model, forest, table) for table in tables],
        },
    )


def _scoring(
    model: TasteModel, labelled: pd.DataFrame, forest: RandomForestClassifier, songs: pd.DataFrame
) -> list[Row]:
    baseline = seconds(lambda: forest.predict_proba(_numbers(songs)))
    rows: list[Row] = [_score_row("plain random forest", baseline, baseline, len(songs))]
    training = TrainingSet.from_table(labelled)
    features = model.encoding.matrix(training.songs)
    clean = clean_features(songs)
    for algorithm in ALGORITHMS.values():
        fitted = fit(algorithm, Sampling.NONE, features, training.liked, seed=0)
        taken = seconds(lambda fitted=fitted: fitted.probabilities(model.encoding.matrix(clean)))
        rows.append(_score_row(algorithm.title, taken, baseline, len(songs)))
    return rows


def _score_row(name: str, taken: float, baseline: float, n_songs: int) -> Row:
    return {
        "algorithm": name,
        "us_per_song": 1e6 * taken / n_songs,
        "times_plain": taken / baseline,
    }


def _shortlist(model: TasteModel, forest: RandomForestClassifier, songs: pd.DataFrame) -> Row:
    artists = [tuple(names.split("; ")) for names in songs[ARTISTS]]
    taken = seconds(lambda: _recommend(model, songs, artists))
    baseline = seconds(lambda: _plain_shortlist(forest, songs))
    return {
        "songs": len(songs),
        "algorithm": model.algorithm,
        "seconds": taken,
        "of_that_scoring": seconds(lambda: model.predict(songs)),
        "of_that_known": seconds(lambda: model.knows(songs)),
        "plain_seconds": baseline,
        "times_plain": taken / baseline,
    }


def _recommend(
    model: TasteModel, songs: pd.DataFrame, artists: list[tuple[str, ...]]
) -> list[Explanation]:
    scores = np.where(model.knows(songs), np.nan, model.predict(songs))
    rows = arrange(scores, artists, n=N_SHORTLIST)
    return model.explain(songs.iloc[rows])


def _plain_shortlist(forest: RandomForestClassifier, songs: pd.DataFrame) -> NDArray[np.intp]:
    p_dislike = np.asarray(forest.predict_proba(_numbers(songs)))[:, 0]
    return np.argsort(p_dislike)[:N_SHORTLIST]


def _numbers(songs: pd.DataFrame) -> pd.DataFrame:
    return songs[[name for name in FEATURE_NAMES if name in songs]]


if __name__ == "__main__":
    main()
