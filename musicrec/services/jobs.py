"""What the services ask worker processes to do: top-level functions on plain values.

A worker keeps the models it loaded last, so that asking twice about one listener is quick.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.charts import draw_scoreboard, draw_taste_profile, draw_training_report
from musicrec.domain.picture import Picture
from musicrec.domain.report import Report
from musicrec.domain.scoreboard import Scoreboard
from musicrec.domain.taste_profile import TasteProfile
from musicrec.taste import TasteModel, TrainingSet, dump_model, load_model, train

Scores = NDArray[np.float32]


def train_and_score(labelled: pd.DataFrame, songs: pd.DataFrame) -> tuple[bytes, Report, Scores]:
    """Fit the best algorithm for these labels and score every song with it.

    Args:
        labelled: Song table with the label column.
        songs: The catalogue's song table.

    Returns:
        The model's bytes, the comparison's report, and p_like for each row of ``songs``.
    """
    model = train(TrainingSet.from_table(labelled))
    return dump_model(model), model.report, model.predict(songs).astype(np.float32)


def score(blob: bytes, songs: pd.DataFrame) -> Scores:
    """Return p_like for each row of ``songs``."""
    return _model_of(blob).predict(songs).astype(np.float32)


def explain(
    blob: bytes, songs: pd.DataFrame, most: int
) -> tuple[list[float], list[tuple[str, ...]]]:
    """Return p_like and up to ``most`` reasons for each row of ``songs``."""
    model = _model_of(blob)
    return model.predict(songs).tolist(), model.reasons(songs, most=most)


def draw_report(report: Report) -> Picture:
    """Draw a training report."""
    return draw_training_report(report)


def draw_profile(profile: TasteProfile) -> Picture:
    """Draw a taste profile."""
    return draw_taste_profile(profile)


def warm_up() -> None:
    """Do nothing: what takes a new worker its first seconds is importing this module."""


def draw_scores(scoreboard: Scoreboard) -> Picture:
    """Draw a scoreboard."""
    return draw_scoreboard(scoreboard)


@lru_cache(maxsize=8)
def _model_of(blob: bytes) -> TasteModel:
    return load_model(blob)
