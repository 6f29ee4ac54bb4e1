"""What workers do for weekly lists: compose one, with the reasons, from a snapshot's folder."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from musicrec.catalogue import Catalogue, Delta
from musicrec.discovery.week import WeekRequest, compose, starter
from musicrec.domain.week import WeekSong
from musicrec.services.jobs import catalogue_of, model_of
from musicrec.services.weekly_songs import week_songs


def compose_week(
    model_blob: bytes | None,
    snapshot_folder: Path,
    request: WeekRequest,
    learned: Delta | None = None,
) -> tuple[WeekSong, ...]:
    """Compose a weekly list and say why every song is in it.

    Args:
        model_blob: Of the listener; None for a starter week, whose request ranks nothing.
        snapshot_folder: Whose rows the request ranks.
        request: What is known and wanted; of rows that are in neither nothing is picked.
        learned: Songs that were learned since the snapshot was built, on top of it.

    Raises:
        ModelFormatError: The model is damaged, or of a newer program.
        StorageError: This host does not have the snapshot.
    """
    catalogue = Catalogue(catalogue_of(snapshot_folder).snapshot, learned)
    if model_blob is None:
        return week_songs(catalogue, starter(catalogue, request), None)
    request = _of_known_rows(request, catalogue)
    return week_songs(catalogue, compose(catalogue, request), model_of(model_blob))


def _of_known_rows(request: WeekRequest, catalogue: Catalogue) -> WeekRequest:
    rows = request.rows.astype(np.intp)
    there = np.flatnonzero((rows < len(catalogue.snapshot)) | catalogue.delta.has(rows))
    return replace(request, rows=request.rows[there], p_like=request.p_like[there])
