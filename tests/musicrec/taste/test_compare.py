from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from musicrec.domain.errors import BadInputError
from musicrec.domain.report import Report
from musicrec.taste import TrainingSet, evaluate, train
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.compare import _clearly_better, _try_remedies
from musicrec.taste.folds import plan_folds
from musicrec.taste.metrics import majority_metrics
from musicrec.taste.sampling import Sampling
from musicrec.taste.trials import Arena, Contender, Trial
from tests.musicrec.taste.simulated import rated, songs, training_set


@pytest.fixture(scope="module")
def lopsided() -> Report:
    return evaluate(training_set(100, lean=0.25), folds=3, repeats=2)


def test_every_algorithm_is_compared(lopsided: Report):
    assert {result.algorithm for result in lopsided.results} == {"blend", *ALGORITHMS}
    assert len(lopsided.results) == 1 + len(ALGORITHMS)


def test_results_after_the_kept_one_are_ranked_by_auc_then_log_loss(lopsided: Report):
    ranks = [
        (-round(result.metrics.roc_auc, 3), result.metrics.log_loss)
        for result in lopsided.results[1:]
    ]
    assert ranks == sorted(ranks)
    assert lopsided.best.metrics.roc_auc > 0.7


def test_the_baseline_says_the_majority(lopsided: Report):
    assert (lopsided.n_likes, lopsided.n_dislikes) == (25, 75)
    assert lopsided.baseline.accuracy == 0.75
    assert lopsided.baseline.roc_auc == 0.5
    assert lopsided.baseline.brier == pytest.approx(0.75 * 0.25)


def test_every_label_is_decided_once_a_repeat(lopsided: Report):
    found = lopsided.confusion
    assert found.true_likes + found.false_dislikes == 2 * 25
    assert found.true_dislikes + found.false_likes == 2 * 75


def test_balanced_labels_are_not_evened_out_and_the_report_says_so():
    report = evaluate(training_set(40), folds=2, repeats=1)
    assert {result.sampling for result in report.results} == {"none"}
    assert any("nearly balanced" in notice for notice in report.notices)


def trial(sampling: Sampling, aucs: list[float]) -> Trial:
    metrics = tuple(replace(majority_metrics(1, 2), roc_auc=auc) for auc in aucs)
    return Trial(Contender("sgd", sampling), (), metrics, 0.0)


def test_a_remedy_replaces_the_plain_way_only_by_more_than_one_standard_error():
    # Only the first three folds were played by the remedies.
    plain = trial(Sampling.NONE, [0.60, 0.70, 0.65, 0.99])
    clear = trial(Sampling.CLASS_WEIGHTS, [0.63, 0.72, 0.69])
    lucky = trial(Sampling.OVERSAMPLING, [0.80, 0.60, 0.65])
    assert _clearly_better(plain, [lucky], 3) is plain
    assert _clearly_better(plain, [clear], 3) is clear
    assert _clearly_better(plain, [trial(Sampling.OVERSAMPLING, [0.60, 0.70, 0.65])], 3) is plain


def test_a_winning_remedy_is_measured_on_every_fold():
    training = training_set(60, lean=0.2)
    plan = plan_folds(training, folds=3, repeats=2, group_by=None, seed=0)
    arena = Arena(training.liked, seed=0, jobs=1, total=0, progress=None)
    played = arena.play([Contender("sgd", Sampling.NONE)], plan.folds)[0]
    hopeless = tuple(replace(part, roc_auc=0.0) for part in played.metrics)
    remedied = _try_remedies(arena, replace(played, metrics=hopeless), plan)
    assert remedied.contender.sampling is not Sampling.NONE
    assert len(remedied.p_like) == len(remedied.metrics) == len(plan.folds)


def test_folds_shrink_to_the_rarer_label_with_a_notice():
    table = rated(30, lean=0.1)
    report = evaluate(TrainingSet.from_table(table), folds=5, repeats=1)
    assert report.folds == 3
    assert any(notice.startswith("3 folds instead of 5") for notice in report.notices)


def test_no_artist_is_learned_from_and_tested_on_in_grouped_folds():
    training = training_set(80)
    artists = training.songs["artists"].str.split(";").str[0].to_numpy()
    plan = plan_folds(training, folds=4, repeats=2, group_by="artist", seed=0)
    assert len(plan.folds) == 8
    for fold in plan.folds:
        assert not set(artists[fold.train]) & set(artists[fold.test])


def test_every_song_is_tested_once_a_repeat_on_another_shuffle():
    plan = plan_folds(training_set(50), folds=5, repeats=2, group_by=None, seed=0)
    halves = [[fold.test for fold in plan.folds if fold.repeat == repeat] for repeat in (0, 1)]
    for half in halves:
        assert sorted(np.concatenate(half)) == list(range(50))
    assert halves[0][0].tolist() != halves[1][0].tolist()


def test_grouped_evaluation_is_reported_as_such():
    report = evaluate(training_set(60), folds=3, repeats=1, group_by="artist")
    assert report.grouped_by == "artist"


def test_a_fold_with_one_kind_of_label_does_not_break_grouped_evaluation():
    table = rated(30).assign(artists=["Everyone"] * 12 + [f"Artist {n}" for n in range(18)])
    table["liked"] = [True] * 12 + [False] * 18
    report = evaluate(TrainingSet.from_table(table), folds=5, repeats=1, group_by="artist")
    assert np.isfinite(report.best.metrics.roc_auc)


@pytest.mark.parametrize("artists", ["", "Only One; Guest"])
def test_grouping_by_artist_needs_two_artists(artists: str):
    training = TrainingSet.from_table(rated(30).assign(artists=artists))
    with pytest.raises(BadInputError, match="two artists"):
        evaluate(training, group_by="artist")


@pytest.mark.parametrize(("folds", "repeats"), [(1, 1), (5, 0)])
def test_less_than_two_folds_or_one_repeat_is_refused(folds: int, repeats: int):
    with pytest.raises(BadInputError, match="folds"):
        evaluate(training_set(30), folds=folds, repeats=repeats)


def test_progress_reaches_its_total_and_never_goes_back():
    told: list[tuple[int, int]] = []
    evaluate(
        training_set(60, lean=0.2),
        folds=2,
        repeats=2,
        progress=lambda done, total: told.append((done, total)),
    )
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({total for _, total in told}) == 1
    assert told[-1][0] == told[-1][1]


def test_two_processes_find_the_same_as_one():
    training = training_set(40)
    alone, shared = (evaluate(training, folds=2, repeats=1, jobs=jobs) for jobs in (1, 2))
    assert [result.metrics for result in alone.results] == [
        result.metrics for result in shared.results
    ]


def test_labels_that_features_do_not_explain_are_not_found_explained():
    table = songs(120, seed=9)
    rng = np.random.default_rng(9)
    training = TrainingSet.from_table(table.assign(liked=rng.random(120) < 0.5))
    report = evaluate(training, folds=4, repeats=1)
    assert 0.35 < float(np.mean([result.metrics.roc_auc for result in report.results])) < 0.65


def test_out_of_fold_probabilities_come_from_models_that_did_not_learn_the_song():
    rng = np.random.default_rng(1)
    table = songs(60, seed=1).assign(liked=rng.random(60) < 0.5)
    model = train(TrainingSet.from_table(table), folds=3)
    inside = model.predict(table)[model.liked].mean() - model.predict(table)[~model.liked].mean()
    outside = model.out_of_fold[model.liked].mean() - model.out_of_fold[~model.liked].mean()
    assert outside < inside - 0.1


def test_a_genre_seen_only_in_a_test_fold_is_survived():
    table = rated(20)
    table["genre"] = ["polka", "polka"] + ["folk"] * 18
    report = evaluate(TrainingSet.from_table(pd.DataFrame(table)), folds=2, repeats=1)
    assert report.folds == 2


def test_of_very_many_labels_a_sample_is_learned_from_and_every_song_is_known_still():
    model = train(training_set(120), folds=2, most_labels=50)
    assert model.n_labels == 50
    assert len(model.out_of_fold) == 50
    assert model.knows(songs(120)).all()
    assert any(notice.startswith("Of 120 labels") for notice in model.report.notices)


def test_a_thorough_report_carries_everything(lopsided: Report):
    assert lopsided.auto is not None
    assert lopsided.new_artists is not None
    assert {result.algorithm for result in lopsided.baselines} == {"artist_mean", "popularity"}
    assert sum(each.n for each in lopsided.calibration) == 100
    assert lopsided.roc[-1] == (1.0, 1.0)
    for result in (*lopsided.results, lopsided.auto, lopsided.new_artists):
        assert result.low is not None
        assert result.high is not None
        assert result.low.roc_auc <= result.metrics.roc_auc <= result.high.roc_auc


def test_a_learning_curve_needs_ten_labels_at_its_start(lopsided: Report):
    curve = lopsided.learning_curve
    assert curve is not None
    assert curve.n_labels[-1] in (66, 67)
    assert curve.n_labels[0] >= 10
    assert curve.gain_low <= curve.gain <= curve.gain_high
    assert evaluate(training_set(12), folds=2, repeats=1).learning_curve is None
