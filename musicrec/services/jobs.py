"""What the services ask worker processes to do: top-level functions on plain values.

A worker keeps the models it loaded last, so that asking twice about one listener is quick.
"""

import platform
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
from musicrec.discovery import AuditedList, Scorer, Tally, tallies
from musicrec.domain.errors import StorageError
from musicrec.domain.picture import Picture
from musicrec.domain.reasons import Explanation
from musicrec.domain.report import AlgorithmResult, Report
from musicrec.domain.scoreboard import Scoreboard
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
    return _well_known(model_of(blob), folder)


def tally_some(blob: bytes, folder: Path, lists: Sequence[AuditedList], some: range) -> list[Tally]:
    """Score some rows of a snapshot, and hold lists against that."""
    rows = np.arange(some.start, some.stop)
    return tallies(catalogue_of(folder).snapshot, model_of(blob), lists, rows)


def score(blob: bytes, songs: pd.DataFrame) -> Scores:
    """Return p_like for each row of ``songs``."""
    return model_of(blob).predict(songs).astype(np.float32)


def explain(blob: bytes, songs: pd.DataFrame) -> list[Explanation]:
    """Return p_like, its interval and the reasons for each row of ``songs``."""
    return model_of(blob).explain(songs)


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
    return draw_effects(feature_effects(model_of(blob), songs))


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
    catalogue = catalogue_of(folder)
    return Scorer(catalogue.snapshot, model).p_like(catalogue.well_known).astype(np.float32)


@lru_cache(maxsize=8)
def model_of(blob: bytes) -> TasteModel:
    """Load a model, unless it was among the last ones."""
    return load_model(blob)


@lru_cache(maxsize=2)
def catalogue_of(folder: Path) -> Catalogue:
    """Open a snapshot, unless it was among the last ones.

    Raises:
        StorageError: This host does not have it, or its files have the wrong sizes.
    """
    if not folder.is_dir():
        msg = (
            f"The worker on {platform.node()} has no songs in {folder}: copy that folder there from"
            " the bot's host under the same path, or share it."
        )
        raise StorageError(msg)
    # Whoever sent the folder has read every file of it.
    return Catalogue(Snapshot.open(folder, verify=False))
