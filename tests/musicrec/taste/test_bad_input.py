"""Whatever a file holds, the outcome is a clear refusal or finite numbers."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.errors import BadInputError, NotEnoughLabelsError
from musicrec.taste import TasteModel, TrainingSet, build_profile, evaluate
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.encode import Encoding
from musicrec.taste.fit import fit
from musicrec.taste.sampling import Sampling
from tests.musicrec.taste.simulated import rated

ODD_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-(10**30), 10**30),
    st.text(max_size=5),
)
ODD_COLUMN = st.sampled_from(
    ["danceability", "key", "tempo_bpm", "duration_ms", "genre", "artists"]
)


@st.composite
def odd_songs(draw: st.DrawFn, *, n: int = 24) -> pd.DataFrame:
    """Rated songs of which some columns are spoiled: by odd values, by one value, by none."""
    table = rated(n, seed=draw(st.integers(0, 5)), lean=draw(st.sampled_from([0.15, 0.5, 0.85])))
    for column in draw(st.lists(ODD_COLUMN, unique=True, max_size=4)):
        spoiled: list[Any] = draw(
            st.one_of(
                st.lists(ODD_VALUES, min_size=n, max_size=n),
                ODD_VALUES.map(lambda value: [value] * n),
            )
        )
        table[column] = pd.Series(spoiled, dtype=object)
    return table


@settings(max_examples=40, deadline=None)
@given(table=odd_songs())
def test_odd_values_never_reach_a_matrix(table: pd.DataFrame):
    training = TrainingSet.from_table(table)
    matrix = Encoding.of(training.songs).matrix(training.songs)
    assert len(matrix) == len(training.liked)
    assert not np.isinf(matrix).any()


@settings(max_examples=5, deadline=None)
@given(table=odd_songs())
def test_every_algorithm_survives_odd_values(table: pd.DataFrame):
    training = TrainingSet.from_table(table)
    features = Encoding.of(training.songs).matrix(training.songs)
    for algorithm in ALGORITHMS.values():
        fitted = fit(algorithm, Sampling.OVERSAMPLING, features, training.liked, seed=0)
        p_like = fitted.probabilities(features)
        assert ((p_like > 0) & (p_like < 1)).all()


@settings(max_examples=25, deadline=None)
@given(table=odd_songs())
def test_a_model_scores_and_explains_odd_songs(model: TasteModel, table: pd.DataFrame):
    p_like = model.predict(table)
    assert ((p_like > 0) & (p_like < 1)).all()
    explained = model.explain(table, most=2)
    assert len(explained) == len(table)
    for said in explained:
        reasons = said.reasons.for_ + said.reasons.against
        assert said.interval is not None
        numbers = (said.p_like, *said.interval, *(reason.push for reason in reasons))
        assert np.isfinite(numbers).all()
        assert all(reason.words for reason in reasons)
    assert len(model.knows(table)) == len(table)


@settings(max_examples=25, deadline=None)
@given(table=odd_songs(), catalogue=odd_songs())
def test_profiles_are_finite(table: pd.DataFrame, catalogue: pd.DataFrame):
    for lean in build_profile(table, catalogue).leans:
        numbers = (lean.catalogue_mean, lean.catalogue_sd, lean.effect)
        assert np.isfinite(numbers).all()


def assert_finite(table: pd.DataFrame) -> None:
    report = evaluate(TrainingSet.from_table(table), folds=3, repeats=1)
    for metrics in (report.baseline, *(result.metrics for result in report.results)):
        assert all(np.isfinite(getattr(metrics, name)) for name in metrics.__slots__)
    assert len(report.results) == 1 + len(ALGORITHMS)
    json.dumps(report.to_json(), allow_nan=False)


def test_ten_labels_three_of_a_kind_are_learned_from():
    assert_finite(rated(10, lean=0.3))


def test_one_binary_column_is_learned_from():
    assert_finite(rated(20)[["mode", "liked"]])


def test_a_column_that_is_known_for_a_single_song_is_survived():
    table = rated(20)[["energy", "liked"]]
    table["valence"] = [0.1, 0.2] + [np.nan] * 18
    assert_finite(table)


def test_thousands_of_genres_are_survived():
    table = rated(60).assign(genre=[f"genre {n // 2}" for n in range(60)])
    assert_finite(table)


@pytest.mark.parametrize("kind", [True, False])
def test_one_kind_of_label_is_refused(kind: bool):
    with pytest.raises(NotEnoughLabelsError):
        TrainingSet.from_table(rated(30).assign(liked=kind))


def test_an_empty_table_is_refused():
    with pytest.raises((NotEnoughLabelsError, BadInputError)):
        TrainingSet.from_table(rated(10).head(0))


def test_five_thousand_labels_are_learned_from_by_every_algorithm():
    training = TrainingSet.from_table(rated(5000)[["track_id", "energy", "acousticness", "liked"]])
    features = Encoding.of(training.songs).matrix(training.songs)
    for algorithm in ALGORITHMS.values():
        p_like = fit(algorithm, Sampling.NONE, features, training.liked, seed=0).probabilities(
            features[:50]
        )
        assert np.isfinite(p_like).all()
