import numpy as np
import pandas as pd
import pytest

from musicrec.domain.report import Report
from musicrec.taste import TrainingSet, evaluate
from musicrec.taste.folds import later_fold
from musicrec.taste.times import labelled_at
from tests.musicrec.taste.simulated import rated


def dated(n: int, *, name: str = "Rated At") -> pd.DataFrame:
    table = rated(n)
    hours = np.random.default_rng(0).permutation(n)
    times = pd.Timestamp("2024-01-01") + pd.to_timedelta(hours, unit="h")
    return table.assign(**{name: times.strftime("%Y-%m-%dT%H:%M:%SZ")})


def test_times_are_seconds_and_unreadable_ones_unknown():
    texts = ["1970-01-01T00:01:00Z", "1970-01-02", "1970-01-01T02:00:00+02:00", "soon", None]
    found = labelled_at(pd.DataFrame({"added_at": texts}))
    assert found is not None
    assert found[:3].tolist() == [60.0, 86400.0, 0.0]
    assert np.isnan(found[3:]).all()


@pytest.mark.parametrize("times", [["never", "no"], [None, None]])
def test_a_column_without_a_readable_time_is_none(times: list[str | None]):
    assert labelled_at(pd.DataFrame({"rated_at": times})) is None


def test_times_of_labelling_win_over_times_of_adding():
    table = pd.DataFrame({"Added At": ["1970-01-01"], "labelled_at": ["1970-01-02"]})
    assert labelled_at(table) == pytest.approx([86400.0])


def test_the_last_fifth_is_tested_and_only_earlier_labels_are_learned_from():
    training = TrainingSet.from_table(dated(50))
    fold = later_fold(training)
    assert fold is not None
    assert training.labelled_at is not None
    assert (len(fold.train), len(fold.test)) == (40, 10)
    assert training.labelled_at[fold.train].max() < training.labelled_at[fold.test].min()


def test_labels_without_times_stay_out_of_both_parts():
    table = dated(60)
    table.loc[:9, "Rated At"] = ""
    fold = later_fold(TrainingSet.from_table(table))
    assert fold is not None
    assert min(*fold.train, *fold.test) >= 10
    assert len(fold.train) + len(fold.test) == 50


def test_times_follow_their_songs_into_a_sample():
    training = TrainingSet.from_table(dated(60))
    assert training.labelled_at is not None
    sample = training.at_most(20, seed=0)
    by_song = dict(zip(training.songs["track_id"], training.labelled_at, strict=True))
    assert sample.labelled_at is not None
    assert sample.labelled_at.tolist() == [by_song[song] for song in sample.songs["track_id"]]


def test_a_last_fifth_of_one_kind_is_not_measured():
    table = dated(50).sort_values("Rated At", ignore_index=True)
    table["liked"] = [True, False] * 20 + [True] * 10
    assert later_fold(TrainingSet.from_table(table)) is None


def test_evaluating_reports_the_later_labels_where_there_are_times():
    report = evaluate(TrainingSet.from_table(dated(60)), folds=2, repeats=1)
    assert report.later is not None
    assert report.later.algorithm == report.best.algorithm
    assert report.later.low is None
    assert Report.from_json(report.to_json()) == report
    assert evaluate(TrainingSet.from_table(rated(40)), folds=2, repeats=1).later is None
