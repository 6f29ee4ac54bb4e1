"""A worker's job in the stead of composing: the best songs that are neither rated nor shown."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind, WeekSong
from musicrec.services.jobs import catalogue_of


@dataclass(frozen=True, eq=False)
class TinyRequest:
    """What it is asked."""

    rows: NDArray[np.intp]
    p_like: NDArray[np.floating[Any]]
    history: Mapping[TrackId, bool]
    shown: Collection[TrackId]
    blocked: Collection[str]
    n: int
    adventure: float
    seed: int


def compose_tiny(blob: bytes | None, folder: Path, request: TinyRequest) -> tuple[WeekSong, ...]:
    catalogue = catalogue_of(folder)
    rows = catalogue.well_known if blob is None else request.rows
    known = catalogue.all_rows_of([*request.history, *request.shown])
    places = np.flatnonzero(~np.isin(rows, known))[: min(request.n, 20)]
    return tuple(
        WeekSong(
            position,
            track.id,
            track.title,
            track.artists,
            None if blob is None else float(request.p_like[place]),
            PickKind.NEW,
            f"adventure {request.adventure}, without {', '.join(request.blocked) or 'nobody'}",
        )
        for position, (place, track) in enumerate(
            zip(places, catalogue.tracks(rows[places].tolist()), strict=True), start=1
        )
    )
