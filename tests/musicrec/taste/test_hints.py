from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from musicrec.domain.errors import BadInputError, NotEnoughLabelsError
from musicrec.domain.report import Report
from musicrec.taste import (
    PROBABLY,
    TasteModel,
    TrainingSet,
    dump_model,
    evaluate,
    load_model,
    measure_growth,
    train,
)
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.encode import Encoding, Floats
from musicrec.taste.fit import fit
from musicrec.taste.folds import later_fold, plan_folds
from musicrec.taste.hints import (
    MOST_HINTS,
    bounded,
    inner_folds,
    log_odds_by_hints,
    weights_of,
)
from musicrec.taste.kernel_fit import fit_kernel
from musicrec.taste.learn import learn, probabilities_of
from musicrec.taste.metrics import roc_auc
from musicrec.taste.offsets import fit_offsets
from musicrec.taste.ridge import fit_ridge
from musicrec.taste.sampling import Sampling, log_odds_moved, remedies_for
from tests.musicrec.taste.simulated import rated, songs

LEAN = 0.4
EVERY_WAY = [
    ("blend", Sampling.NONE),
    *(
        (key, sampling)
        for key, algorithm in ALGORITHMS.items()
        for sampling in (Sampling.NONE, *remedies_for(algorithm))
    ),
]


def saved(n: int, *, seed: int = 5) -> pd.DataFrame:
    """Songs that the listener of ``rated`` likes, as hints."""
    everything = rated(4 * n, seed=seed, lean=LEAN)
    return everything[everything["liked"]].head(n).assign(weight=PROBABLY)


def with_saved(n: int, n_saved: int) -> pd.DataFrame:
    return pd.concat([rated(n, lean=LEAN).assign(weight=np.nan), saved(n_saved)])


def training(n: int, n_saved: int) -> TrainingSet:
    return TrainingSet.from_table(with_saved(n, n_saved))


@pytest.fixture(scope="module")
def hinted() -> TasteModel:
    return train(training(60, 80))


def told(report: Report) -> dict[str, Any]:
    """All but the times."""
    timeless = [replace(result, fit_s=0.0) for result in (*report.results, *report.baselines)]
    auto = None if report.auto is None else replace(report.auto, fit_s=0.0)
    return replace(report, results=tuple(timeless), baselines=(), auto=auto).to_json()


@pytest.mark.parametrize("weight", [1.0, np.nan, None])
def test_labels_that_all_count_alike_make_the_very_same_model(weight: float | None):
    table = rated(60, lean=0.3)
    plain = train(TrainingSet.from_table(table))
    alike = train(TrainingSet.from_table(table.assign(weight=weight)))
    assert told(alike.report) == told(plain.report)
    blobs = [
        dump_model(replace(model, report=replace(plain.report, results=plain.report.results)))
        for model in (alike, plain)
    ]
    assert blobs[0] == blobs[1]


@pytest.mark.parametrize(("key", "sampling"), EVERY_WAY)
def test_every_algorithm_learns_the_same_from_full_weights(key: str, sampling: Sampling):
    labelled = TrainingSet.from_table(rated(60, lean=0.3))
    encoded = Encoding.of(labelled.songs).encode(labelled.songs)
    plain, weighted = (
        learn(key, sampling, encoded, labelled.liked, seed=3, weights=weights)
        for weights in (None, np.ones(60))
    )
    expected = probabilities_of(plain, encoded).tolist()
    assert probabilities_of(weighted, encoded).tolist() == expected


@pytest.mark.parametrize("weight", [0, -0.5, 1.01, np.inf, "much"])
def test_a_weight_out_of_range_is_refused(weight: object):
    weights = pd.Series([1] * 29 + [weight], dtype=object)
    with pytest.raises(BadInputError, match="above 0 and at most 1"):
        TrainingSet.from_table(rated(30).assign(weight=weights))


def test_weights_stay_with_their_songs_when_rows_are_dropped():
    table = with_saved(40, 30).sample(frac=1, random_state=0)
    found = TrainingSet.from_table(pd.concat([table.head(9), table]))
    expected = table.set_index("track_id")["weight"].fillna(1).loc[found.songs["track_id"]]
    assert found.weights is not None
    assert found.weights.tolist() == expected.tolist()
    assert found.verdicts.tolist() == np.flatnonzero(expected == 1).tolist()


def test_of_a_song_with_a_verdict_the_verdict_alone_counts():
    table = rated(30)
    disliked = table[~table["liked"]].head(2)
    hints = disliked.assign(liked=True, weight=PROBABLY)
    found = TrainingSet.from_table(pd.concat([hints, table.assign(weight=1.0)]))
    assert found.weights is None
    assert found.notices[0] == "2 repeated songs were counted once."
    plain = TrainingSet.from_table(table)
    assert found.liked.tolist() == plain.liked.tolist()
    assert found.fingerprints == plain.fingerprints


def test_hints_that_contradict_each_other_are_left_out():
    hint = saved(1)
    table = pd.concat([rated(30), hint, hint.assign(liked=False), saved(3).tail(2)])
    found = TrainingSet.from_table(table)
    assert len(found.liked) == 32
    assert "1 songs were both liked and disliked" in found.notices[0]


def test_only_verdicts_are_enough_to_learn_from():
    with pytest.raises(NotEnoughLabelsError) as refused:
        TrainingSet.from_table(with_saved(200, 200).assign(weight=PROBABLY))
    assert (refused.value.likes, refused.value.dislikes) == (0, 0)
    nine = rated(9, lean=0.5).assign(weight=1.0)
    with pytest.raises(NotEnoughLabelsError):
        TrainingSet.from_table(pd.concat([nine, saved(200)]))


def test_hints_together_count_at_most_as_much_as_the_verdicts():
    many = bounded(training(20, 200).weights)
    assert many is not None
    assert many[many < 1].sum() == pytest.approx(20)
    few = bounded(training(20, 10).weights)
    assert few is not None
    assert set(few[few < 1]) == {PROBABLY}
    assert weights_of(many, np.flatnonzero(many == 1)) is bounded(np.ones(3)) is None


def test_a_sample_keeps_verdicts_before_hints():
    found = training(40, 60).at_most(50, seed=0)
    assert len(found.liked) == len(found.songs) == 50
    assert len(found.verdicts) == 40
    fewer = training(40, 60).at_most(20, seed=0)
    assert (len(fewer.liked), fewer.weights) == (20, None)


def test_of_very_many_hints_a_sample_is_learned_from():
    many = training(12, MOST_HINTS + 200)
    found = many.at_most(10_000, seed=0)
    assert len(found.liked) == 12 + MOST_HINTS
    assert len(found.verdicts) == 12
    assert found.notices[-1].startswith(f"Of {12 + MOST_HINTS + 200} labels a sample of")


@pytest.mark.parametrize("group_by", [None, "artist"])
def test_hints_are_learned_from_and_never_tested(group_by: Any):
    labelled = training(60, 60)
    artists = labelled.songs["artists"].str.split(";").str[0].to_numpy()
    plan = plan_folds(labelled, folds=3, repeats=1, group_by=group_by, seed=0)
    hints = set(range(60, 120))
    tested = sorted(row for fold in plan.folds for row in fold.test.tolist())
    assert tested == labelled.verdicts.tolist()
    for fold in plan.folds:
        own = set(artists[fold.test])
        allowed = {row for row in hints if group_by is None or artists[row] not in own}
        assert set(fold.train.tolist()) & hints == allowed
        assert fold.weights is not None
        assert len(fold.verdicts) == 60 - len(fold.test)
        assert labelled.songs.iloc[fold.train[fold.verdicts]].index.isin(range(60)).all()


def test_of_hints_only_those_before_the_later_labels_are_learned_from():
    table = with_saved(60, 40)
    days = [*range(60), *range(30, 70)]
    at = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(days, unit="D")
    fold = later_fold(TrainingSet.from_table(table.assign(labelled_at=at.astype(str))))
    assert fold is not None
    assert sorted(fold.test.tolist()) == list(range(48, 60))
    assert sorted(fold.train.tolist()) == [*range(48), *range(60, 78)]


def test_inner_folds_predict_every_label_once_and_spread_the_verdicts():
    labelled = training(30, 50)
    folds = inner_folds(labelled.liked, 5, seed=0, weights=labelled.weights)
    assert sorted(row for _, test in folds for row in test.tolist()) == list(range(80))
    for train_rows, test in folds:
        assert not set(train_rows) & set(test)
        assert (np.isin(test, labelled.verdicts).sum(), len(test)) == (6, 16)


def test_a_report_counts_and_measures_verdicts_alone(hinted: TasteModel):
    report = hinted.report
    assert (report.n_likes, report.n_dislikes) == (24, 36)
    assert report.baseline.accuracy == 0.6
    decided = report.confusion
    assert decided.true_likes + decided.false_dislikes == 24
    assert decided.true_dislikes + decided.false_likes == 36
    assert sum(each.n for each in report.calibration) == 60
    assert len(hinted.out_of_fold) == len(hinted.liked) == hinted.n_labels == 60
    said = "80 labels counted less: they were learned from, but every figure is about the other 60"
    assert any(notice.startswith(said) for notice in report.notices)


def test_a_thorough_evaluation_has_the_same_figures_for_counts():
    report = evaluate(training(40, 40), folds=2, repeats=1)
    assert (report.n_likes, report.n_dislikes) == (16, 24)
    assert report.learning_curve is not None
    assert report.learning_curve.n_labels[-1] == 20
    assert report.learning_curve.more_labels == 40


def test_a_curve_grows_with_verdicts():
    curve, plain = (
        measure_growth(labelled, "logistic_regression", "none")
        for labelled in (training(60, 50), TrainingSet.from_table(rated(60, lean=LEAN)))
    )
    assert curve is not None
    assert plain is not None
    assert (curve.n_labels, curve.more_labels) == (plain.n_labels, 60)


def test_a_hint_is_a_known_song_that_the_listener_did_not_speak_about(hinted: TasteModel):
    assert hinted.knows(saved(80)).all()
    assert not hinted.likes(saved(80)).any()
    assert hinted.n_known >= 140
    verdicts = rated(60, lean=LEAN)
    assert hinted.likes(verdicts).tolist() == verdicts["liked"].tolist()


def test_reasons_count_what_the_listener_said(hinted: TasteModel):
    said = rated(60, lean=LEAN)
    for genre, tally in hinted.tallies.genres.items():
        own = said[said["genre"] == genre]
        assert (tally.likes, tally.songs) == (own["liked"].sum(), len(own))
    tempo = said["tempo_bpm"].median()
    assert hinted.typical.middle["tempo_bpm"] == pytest.approx(tempo)


def test_a_number_that_only_hints_have_teaches_nothing():
    valence = np.r_[np.full(30, np.nan), np.linspace(0, 1, 40)]
    labelled = TrainingSet.from_table(with_saved(30, 40).assign(valence=valence))
    assert "valence" not in Encoding.of(labelled.songs).feature_names
    assert "unknown: valence" in labelled.notices[-1]


def test_a_model_survives_storing(hinted: TasteModel):
    loaded = load_model(dump_model(hinted))
    new = songs(20, seed=9)
    assert [said.p_like for said in loaded.explain(new)] == hinted.predict(new).tolist()
    assert loaded.out_of_fold.tolist() == hinted.out_of_fold.tolist()
    assert loaded.n_labels == 60


@pytest.mark.parametrize(("key", "sampling"), EVERY_WAY)
def test_probabilities_keep_the_verdicts_share_of_likes(key: str, sampling: Sampling):
    labelled = training(100, 200)
    encoding = Encoding.of(labelled.songs)
    encoded = encoding.encode(labelled.songs)
    learned = learn(key, sampling, encoded, labelled.liked, seed=0, weights=labelled.weights)
    heard = rated(300, seed=8, lean=LEAN)
    p_like = probabilities_of(learned, encoding.encode(TrainingSet.from_table(heard).songs))
    # Fully grown trees heed weights so little that balanced ones are not moved back exactly.
    assert abs(float(p_like.mean()) - LEAN) < (0.1 if sampling is Sampling.NONE else 0.16)
    assert roc_auc(p_like, heard["liked"].to_numpy()) > 0.7
    assert (learned.n_likes, learned.n_labels) == (40, 100)


def test_a_heap_of_saved_songs_makes_nothing_likelier_on_the_whole():
    model, plain = train(training(80, 300)), train(TrainingSet.from_table(rated(80, lean=LEAN)))
    heard = rated(400, seed=8, lean=LEAN)
    p_like, liked = model.predict(heard), heard["liked"].to_numpy()
    assert abs(float(p_like.mean() - plain.predict(heard).mean())) < 0.04
    assert abs(float(model.out_of_fold.mean()) - LEAN) < 0.05
    assert np.mean((p_like - liked) ** 2) < np.mean((plain.predict(heard) - liked) ** 2)


def test_beside_hints_no_remedies_for_imbalance_are_tried():
    table = pd.concat([rated(60, lean=0.2).assign(weight=1.0), saved(30)])
    report = train(TrainingSet.from_table(table)).report
    assert {result.sampling for result in report.results} == {"none"}
    assert not any("nothing to even out" in notice for notice in report.notices)


def test_hints_that_are_right_help_where_verdicts_are_few():
    heard = rated(400, seed=8, lean=LEAN)

    def auc(n_saved: int) -> float:
        model = train(training(14, n_saved))
        return roc_auc(model.predict(heard), heard["liked"].to_numpy())

    assert auc(100) > auc(0) + 0.02


def test_what_cannot_weigh_learns_from_the_verdicts_alone():
    labelled, plain = training(50, 60), TrainingSet.from_table(rated(50, lean=LEAN))
    matrix = Encoding.of(labelled.songs).matrix(labelled.songs)
    knn = ALGORITHMS["k_neighbors"]
    both = fit(knn, Sampling.NONE, matrix, labelled.liked, seed=0, weights=labelled.weights)
    alone = fit(knn, Sampling.NONE, matrix[:50], plain.liked, seed=0)
    assert both.probabilities(matrix).tolist() == alone.probabilities(matrix).tolist()


@pytest.mark.parametrize("key", ["blend", "svc"])
def test_with_too_few_verdicts_of_a_kind_their_share_is_predicted(key: str):
    labelled = training(50, 60)
    rows = np.r_[np.flatnonzero(labelled.liked[:50])[:5], np.arange(50, 110)]
    encoded = Encoding.of(labelled.songs).encode(labelled.songs).rows(rows)
    weights = weights_of(labelled.weights, rows)
    learned = learn(key, Sampling.NONE, encoded, labelled.liked[rows], seed=0, weights=weights)
    assert learned.n_labels == 5
    assert len(set(probabilities_of(learned, encoded))) == 1


def halves(liked: list[bool], weights: list[float]) -> tuple[np.ndarray, Floats]:
    return np.array(liked), np.array(weights)


def test_hints_raise_the_log_odds_by_what_they_add_to_the_share_of_likes():
    liked, weights = halves([True, True, False, False, True, True], [1, 1, 1, 1, 0.5, 0.5])
    # By hand: 3 likes to 2 dislikes are learned from, 2 to 2 were said.
    assert log_odds_by_hints(liked, weights) == pytest.approx(np.log(1.5))
    assert log_odds_by_hints(liked, None) == 0.0
    assert log_odds_moved(liked, Sampling.NONE, weights) == pytest.approx(np.log(1.5))
    # Four likes to two dislikes are balanced, whatever they weigh.
    balanced = log_odds_moved(liked, Sampling.OVERSAMPLING, weights)
    assert balanced == pytest.approx(np.log(1.5) - np.log(2))


def test_two_hints_on_one_spot_are_one_of_twice_the_weight():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(40, 3))
    liked = features[:, 0] + rng.normal(size=40) > 0
    double = fit_ridge(
        np.r_[features, features[:9]],
        np.r_[liked, np.ones(9, bool)],
        penalty=1.0,
        weights=np.r_[np.ones(40), np.full(9, 0.6)],
    )
    twice = fit_ridge(
        np.r_[features, features[:9], features[:9]],
        np.r_[liked, np.ones(18, bool)],
        penalty=1.0,
        weights=np.r_[np.ones(40), np.full(18, 0.3)],
    )
    assert twice.weights == pytest.approx(double.weights, abs=1e-4)
    assert twice.intercept == pytest.approx(double.intercept, abs=1e-4)
    assert twice.left_out[:40] == pytest.approx(double.left_out[:40], abs=1e-3)


def test_verdicts_are_landmarks_even_among_very_many_hints():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(820, 2))
    liked = np.r_[np.arange(20) < 10, np.ones(800, bool)]
    weights = np.r_[np.ones(20), np.full(800, 0.02)]
    model, _ = fit_kernel(features, liked, seed=0, weights=weights)
    scaled = model.scaling.apply(features[:20])
    found = (model.landmarks[:, None] == scaled).all(axis=2).any(axis=0)
    assert found.sum() >= 18


def test_an_artist_of_many_saved_songs_is_liked_only_beyond_the_other_artists():
    names = [*("one", "other") * 20, *["one"] * 30, *["other"] * 30]
    credits_ = np.fromiter([(name,) for name in names], dtype=object, count=100)
    liked = np.r_[np.arange(40) % 4 < 2, np.ones(60, bool)]
    weights = np.r_[np.ones(40), np.full(60, PROBABLY)]
    zero = np.zeros(100)
    offsets, _ = fit_offsets(zero, credits_, liked, seed=0, weights=weights)
    alone, _ = fit_offsets(zero[:40], credits_[:40], liked[:40], seed=0)
    for name in ("one", "other"):
        assert abs(offsets.by_artist[name] - alone.by_artist[name]) < 0.2
