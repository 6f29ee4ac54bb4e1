import pytest

from musicrec.cli.report_text import _name
from musicrec.domain.report import Report
from musicrec.taste import train
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.folds import plan_folds
from musicrec.taste.race import ALGORITHM_RUNGS, Rung, n_fits, race
from musicrec.taste.trials import Arena, Contender
from tests.musicrec.taste.simulated import training_set

CHEAP = [Contender(key) for key in ("logistic_regression", "sgd", "k_neighbors")]


def arena_and_folds(told: list[int]):
    training = training_set(60)
    plan = plan_folds(training, folds=4, repeats=1, group_by=None, seed=0)
    arena = Arena(
        training.liked, seed=0, jobs=1, total=99, progress=lambda done, _: told.append(done)
    )
    return arena, plan.folds


def test_without_rungs_everybody_plays_everything():
    arena, folds = arena_and_folds([])
    raced = race(arena, CHEAP, folds, ())
    assert [trial.contender for trial in raced.finished] == CHEAP
    assert {len(trial.p_like) for trial in raced.finished} == {4}
    assert raced.stopped == []


def test_whoever_is_behind_stops_and_the_others_are_measured_as_ever():
    told: list[int] = []
    arena, folds = arena_and_folds(told)
    rungs = (Rung(1, 2), Rung(2, 1))
    raced = race(arena, CHEAP, folds, rungs)
    assert [len(trial.p_like) for trial in (*raced.finished, *raced.stopped)] == [4, 2, 1]
    assert told[-1] == n_fits(3, 4, rungs) == 3 + 2 + 2
    winner = raced.finished[0]
    assert arena.play([winner.contender], folds)[0].metrics == winner.metrics
    assert winner.aucs[0] >= raced.stopped[-1].aucs[0]


def test_rungs_beyond_the_folds_cost_nothing():
    assert n_fits(9, 5, ALGORITHM_RUNGS) == 9 + 5 + 3 * 3
    assert n_fits(9, 2, ALGORITHM_RUNGS) == 9 + 5
    assert n_fits(9, 3, ()) == 27


@pytest.fixture(scope="module")
def trained() -> Report:
    return train(training_set(80)).report


def test_training_says_who_was_stopped_early(trained: Report):
    assert {result.algorithm for result in trained.results} == {"blend", *ALGORITHMS}
    after = [result.stopped_after for result in trained.results]
    assert sorted(after, key=lambda folds: folds or 9) == [1] * 4 + [2] * 2 + [None] * 4
    assert trained.best.stopped_after is None
    assert _name(trained.results[-1]).endswith("stopped after 1 fold")
    assert Report.from_json(trained.to_json()) == trained


def test_the_kept_one_has_every_figure(trained: Report):
    best = trained.best
    assert best.metrics.calibration_error is not None
    assert best.low is not None
    assert best.low.roc_auc <= best.metrics.roc_auc
    assert trained.roc
    assert trained.calibration
