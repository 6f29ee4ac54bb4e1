"""What the services ask worker processes to do: top-level functions on plain values.

A worker keeps the models it loaded last, so that asking twice about one listener is quick.
"""

import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, Snapshot
from musicrec.charts import (
    draw_certainty,
    draw_effects,
    draw_learning_curve,
    draw_radar,
    draw_scoreboard,
    draw_taste_map,
    draw_taste_profile,
    draw_training_report,
)
from musicrec.discovery import (
    AuditedList,
    Ranking,
    Scorer,
    StandIn,
    Tally,
    rank,
    rank_within,
    read_stand_in,
    tallies,
    write_ranking,
)
from musicrec.domain.picture import Picture
from musicrec.domain.reasons import Explanation
from musicrec.domain.report import AlgorithmResult, Report
from musicrec.domain.scoreboard import Scoreboard
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.taste_profile import TasteMap, TasteProfile, TasteRadar
from musicrec.taste import (
    TasteModel,
    TrainingSet,
    dump_model,
    feature_effects,
    load_model,
    measure_growth,
    train,
)

Scores = NDArray[np.float32]

_log = logging.getLogger(__name__)


def train_and_score(labelled: pd.DataFrame, folder: Path) -> tuple[bytes, Report, Scores]:
    """Fit the best algorithm for these labels and score the well-known songs with it.

    Args:
        labelled: Song table with the label column.
        folder: Of the snapshot.

    Returns:
        The model's bytes, the comparison's report, and p_like of ``Catalogue.well_known``.
    """
    model = train(TrainingSet.from_table(labelled))
    return dump_model(model), model.report, _well_known(model, folder)


def score_well_known(blob: bytes, folder: Path) -> Scores:
    """Return p_like of ``Catalogue.well_known``."""
    return _well_known(_model_of(blob), folder)


def rank_all(blob: bytes, folder: Path, path: Path) -> Ranking:
    """Rank all songs of a snapshot, and write ranking and stand-in to a file."""
    ranking, stand_in = rank(_catalogue_of(folder).snapshot, _model_of(blob))
    try:
        write_ranking(path, ranking, stand_in)
    except OSError as error:  # it is a cache: without it the next request takes longer
        _log.warning("The ranking %s cannot be kept: %s", path, error.strerror or error)
    return ranking


def rank_some(blob: bytes, folder: Path, path: Path, only: SongFilter, most: int) -> Ranking:
    """Rank the songs of a snapshot that meet a filter, with the stand-in in a ranking's file."""
    catalogue = _catalogue_of(folder)
    rows = catalogue.all_meeting(only)
    return rank_within(catalogue.snapshot, _model_of(blob), _stand_in_of(path), rows, most=most)


def tally_some(blob: bytes, folder: Path, lists: Sequence[AuditedList], some: range) -> list[Tally]:
    """Score some rows of a snapshot, and hold lists against that."""
    rows = np.arange(some.start, some.stop)
    return tallies(_catalogue_of(folder).snapshot, _model_of(blob), lists, rows)


def score(blob: bytes, songs: pd.DataFrame) -> Scores:
    """Return p_like for each row of ``songs``."""
    return _model_of(blob).predict(songs).astype(np.float32)


def explain(blob: bytes, songs: pd.DataFrame) -> list[Explanation]:
    """Return p_like, its interval and the reasons for each row of ``songs``."""
    return _model_of(blob).explain(songs)


def draw_report(report: Report) -> Picture:
    """Draw a training report."""
    return draw_training_report(report)


def draw_profile(profile: TasteProfile) -> Picture:
    """Draw a taste profile."""
    return draw_taste_profile(profile)


def draw_sureness(report: Report) -> Picture:
    """Draw ROC and calibration of a training."""
    return draw_certainty(report)


def draw_growth(labelled: pd.DataFrame, kept: AlgorithmResult) -> Picture:
    """Measure the learning curve of the way of learning that was kept, and draw it."""
    training = TrainingSet.from_table(labelled)
    return draw_learning_curve(measure_growth(training, kept.algorithm, kept.sampling))


def draw_what_matters(blob: bytes, songs: pd.DataFrame) -> Picture:
    """Measure what each feature does to a model's answers about ``songs``, and draw it."""
    return draw_effects(feature_effects(_model_of(blob), songs))


def draw_taste_radar(radar: TasteRadar) -> Picture:
    """Draw a taste radar."""
    return draw_radar(radar)


def draw_map(taste: TasteMap) -> Picture:
    """Draw a map of likes and dislikes."""
    return draw_taste_map(taste)


def warm_up() -> None:
    """Do nothing: what takes a new worker its first seconds is importing this module."""


def draw_scores(scoreboard: Scoreboard) -> Picture:
    """Draw a scoreboard."""
    return draw_scoreboard(scoreboard)


def _well_known(model: TasteModel, folder: Path) -> Scores:
    catalogue = _catalogue_of(folder)
    return Scorer(catalogue.snapshot, model).p_like(catalogue.well_known).astype(np.float32)


@lru_cache(maxsize=8)
def _model_of(blob: bytes) -> TasteModel:
    return load_model(blob)


@lru_cache(maxsize=2)
def _catalogue_of(folder: Path) -> Catalogue:
    # Whoever sent the folder has read every file of it.
    return Catalogue(Snapshot.open(folder, verify=False))


@lru_cache(maxsize=8)
def _stand_in_of(path: Path) -> StandIn | None:
    return read_stand_in(path)
