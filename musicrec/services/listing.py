"""A listener's ranking as they should see it: filtered, corrected, without what they know."""

import asyncio
from dataclasses import replace
from typing import Final

import numpy as np

from musicrec.catalogue import Catalogue
from musicrec.discovery import HEAD, NO_CORRECTIONS, Corrections
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.model import StoredModel
from musicrec.domain.shortlist import ShortlistKind
from musicrec.domain.song_filter import SongFilter
from musicrec.services.rankings import Ranked, RankingStore
from musicrec.storage import UnitOfWork

CHOICE: Final = 40
"""Songs to choose each recommended one from: two of an artist are taken, and artists cluster."""

_HANDED_OUT: Final = (ShortlistKind.RECOMMEND, ShortlistKind.WEEK, ShortlistKind.EXPLORE)
_CHOICE_OF_CORRECTED: Final = 5_000
"""Songs to look for where corrections may turn a list upside down or take artists out of it."""


async def listed(
    rankings: RankingStore,
    model: StoredModel,
    catalogue: Catalogue,
    only: SongFilter,
    known: set[TrackId],
    *,
    corrections: Corrections = NO_CORRECTIONS,
    n: int,
) -> Ranked:
    """Rank what meets a filter; look again where the best songs of all hold too few of it.

    Args:
        rankings: Of all models.
        model: Whose best songs.
        catalogue: Where.
        only: What they are limited to.
        known: Songs that will be left out; some may be among those returned.
        corrections: Of the listener.
        n: Songs that will be chosen.

    Raises:
        WorkersBusyError, WorkerLostError: The work could not be done now.
    """
    best = meeting(await rankings.of(model, catalogue), catalogue, only)
    ranked = await corrected(best, catalogue, corrections)
    wanted = n * CHOICE
    if ranked.is_complete or len(without(ranked, catalogue, known).rows) >= wanted:
        return ranked
    choice = max(wanted, _CHOICE_OF_CORRECTED) if corrections.standing else wanted
    rows = catalogue.all_rows_of(known)
    best = await rankings.within(model, catalogue, only, known=rows, most=choice)
    return await corrected(best, catalogue, corrections)


async def corrected(ranked: Ranked, catalogue: Catalogue, corrections: Corrections) -> Ranked:
    """Return a ranking after the listener's corrections; ``p_like`` is what they are told."""
    if not corrections.standing:
        return ranked
    rows, p_like = await asyncio.to_thread(
        corrections.correct, catalogue, ranked.rows, ranked.p_like
    )
    is_cut = bool(corrections.taps) and len(ranked.rows) > HEAD
    return Ranked(rows, p_like.astype(np.float32), ranked.is_complete and not is_cut)


def meeting(ranked: Ranked, catalogue: Catalogue, only: SongFilter) -> Ranked:
    """Leave out what does not meet a filter."""
    if only.is_open:
        return ranked
    meets = catalogue.meets(only, ranked.rows)
    return replace(ranked, rows=ranked.rows[meets], p_like=ranked.p_like[meets])


def without(ranked: Ranked, catalogue: Catalogue, known: set[TrackId]) -> Ranked:
    """Leave known songs out."""
    fresh = ~np.isin(ranked.rows, catalogue.all_rows_of(known))
    return replace(ranked, rows=ranked.rows[fresh], p_like=ranked.p_like[fresh])


async def known_songs(uow: UnitOfWork, listener_id: ListenerId) -> set[TrackId]:
    """Return the songs that were rated or recommended, or that the listener said to know."""
    labelled = await uow.labels.track_ids(listener_id)
    shown = await uow.shortlists.shown_track_ids(listener_id, *_HANDED_OUT)
    return labelled | shown | await uow.corrections.known_track_ids(listener_id)
