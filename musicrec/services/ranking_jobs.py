"""Rankings as work in parts: of one worker, or of all that have the snapshot."""

from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.filtering import all_rows_meeting
from musicrec.discovery import (
    SCORED_WHOLE,
    Found,
    Plan,
    Ranking,
    StandIn,
    dump_ranking,
    finish,
    finish_within,
    load_stand_in,
    look,
    look_within,
    parts_of,
    plan,
)
from musicrec.domain.song_filter import SongFilter
from musicrec.services.jobs import catalogue_of, model_of
from musicrec.workers import InParts

RankAll: TypeAlias = InParts[Plan | None, Found, tuple[Ranking, bytes]]
RankSome: TypeAlias = InParts[StandIn | None, Found, Ranking]


def rank_all(blob: bytes, folder: Path, n_songs: int) -> RankAll:
    """Rank all songs of a snapshot; returns the ranking, and a file with it and its stand-in."""
    return InParts(
        plan=partial(_plan, blob, folder),
        look=partial(_look, folder),
        finish=partial(_finish, blob, folder),
        parts=parts_of(n_songs) if n_songs > SCORED_WHOLE else (),
        name="rank_all",
        is_long=True,
    )


def rank_some(
    blob: bytes,
    folder: Path,
    n_songs: int,
    kept: bytes,
    *,
    only: SongFilter,
    known: NDArray[np.intp],
    most: int,
) -> RankSome:
    """Rank the songs that meet a filter but for known rows.

    Args:
        blob: Of the model.
        folder: Of the snapshot.
        n_songs: Of the snapshot.
        kept: A ranking's file, whose stand-in looks, if it has one.
        only: The filter.
        known: Rows that are left out, in any order.
        most: Songs in the ranking, few.
    """
    return InParts(
        plan=partial(_stand_in_of, kept),
        look=partial(_look_within, folder, only, known),
        finish=partial(_finish_within, blob, folder, most),
        parts=parts_of(n_songs),
        name="rank_some",
    )


def _plan(blob: bytes, folder: Path) -> Plan | None:
    return plan(catalogue_of(folder).snapshot, model_of(blob))


def _look(folder: Path, planned: Plan | None, part: slice) -> Found:
    return look(catalogue_of(folder).snapshot, planned, part)


def _finish(
    blob: bytes, folder: Path, planned: Plan | None, found: Sequence[Found]
) -> tuple[Ranking, bytes]:
    snapshot = catalogue_of(folder).snapshot
    ranking, stand_in = finish(snapshot, model_of(blob), planned, found)
    return ranking, dump_ranking(ranking, stand_in)


@lru_cache(maxsize=8)
def _stand_in_of(kept: bytes) -> StandIn | None:
    return load_stand_in(kept)


def _look_within(
    folder: Path,
    only: SongFilter,
    known: NDArray[np.intp],
    stand_in: StandIn | None,
    part: slice,
) -> Found:
    snapshot = catalogue_of(folder).snapshot
    rows = all_rows_meeting(snapshot, only, part)
    return look_within(snapshot, stand_in, rows[~np.isin(rows, known)])


def _finish_within(
    blob: bytes, folder: Path, most: int, stand_in: StandIn | None, found: Sequence[Found]
) -> Ranking:
    snapshot = catalogue_of(folder).snapshot
    return finish_within(snapshot, model_of(blob), stand_in, found, most=most)
