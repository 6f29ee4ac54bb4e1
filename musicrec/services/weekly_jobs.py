"""What workers do for weekly lists: compose one, with the reasons, from a snapshot's folder."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from musicrec.catalogue import Catalogue
from musicrec.discovery.week import WeekRequest, compose, starter
from musicrec.domain.week import WeekSong
from musicrec.services.jobs import catalogue_of, model_of
from musicrec.services.weekly_songs import week_songs

Tilt: TypeAlias = Callable[[pd.DataFrame], NDArray[np.floating[Any]]]
"""From songs as ``Catalogue.features`` has them to what is added to the log odds of a like."""


def compose_week(
    model_blob: bytes | None,
    snapshot_folder: Path,
    request: WeekRequest,
    tilt: Tilt | None = None,
) -> tuple[WeekSong, ...]:
    """Compose a weekly list and say why every song is in it.

    Only songs of the snapshot are picked: those that were learned since come with the next one.

    Args:
        model_blob: Of the listener; None for a starter week, whose request ranks nothing.
        snapshot_folder: Whose rows the request ranks.
        request: What is known and wanted.
        tilt: What the listener's corrections do to the ranking; sent to the worker, so it has to
            be a function of a module or of a plain object.

    Raises:
        ModelFormatError: The model is damaged, or of a newer program.
        StorageError: This host does not have the snapshot.
    """
    catalogue = catalogue_of(snapshot_folder)
    if model_blob is None:
        return week_songs(catalogue, starter(catalogue, request), None)
    request = _of_snapshot(request, len(catalogue))
    if tilt is not None:
        request = tilted(catalogue, request, tilt)
    return week_songs(catalogue, compose(catalogue, request), model_of(model_blob))


def tilted(catalogue: Catalogue, request: WeekRequest, tilt: Tilt) -> WeekRequest:
    """Return a request with the ranking that a listener's corrections make of it."""
    shifts = np.asarray(tilt(catalogue.features(request.rows)), dtype=np.float64)
    with np.errstate(divide="ignore"):
        p_like = expit(logit(request.p_like.astype(np.float64)) + shifts)
    order = np.argsort(-p_like, kind="stable")
    return replace(request, rows=request.rows[order], p_like=p_like[order])


def _of_snapshot(request: WeekRequest, n_songs: int) -> WeekRequest:
    there = np.flatnonzero(request.rows < n_songs)
    return replace(request, rows=request.rows[there], p_like=request.p_like[there])
