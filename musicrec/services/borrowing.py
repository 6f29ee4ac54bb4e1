"""Lean on others of the same server who opted in, while a listener has few labels.

Consents, models and labels are read anew every time and nothing borrowed is kept, so that whoever
stops sharing, takes ratings back or deletes everything is out of the very next prediction. The
arithmetic takes some 20 ms over the demo catalogue, in a thread: it never waits behind a training.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.discovery import SongMap
from musicrec.domain.errors import NoModelError, NotEnoughLabelsError
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.domain.sharing import Leaning
from musicrec.domain.shortlist import ShortlistKind
from musicrec.services.jobs import Scores
from musicrec.services.scores import ScoreCache
from musicrec.services.sound_models import sound_model
from musicrec.services.training import TrainingService
from musicrec.storage import Database, UnitOfWork
from musicrec.taste.borrow import LET_GO, Borrowed, borrow, own_share

FEWEST_PEOPLE: Final = 2
"""With one neighbour alone the predictions would tell that person's taste."""

_MOST_PEOPLE: Final = 12


@dataclass(frozen=True, eq=False, slots=True)
class Lean:
    """p_like of the well-known songs of a catalogue, and where it comes from.

    Attributes:
        catalogue: Whose songs.
        p_like: Of ``catalogue.well_known``.
        leaning: On whom.
    """

    catalogue: Catalogue
    p_like: Scores
    leaning: Leaning

    def p_like_of(self, row: int) -> float | None:
        """Return the probability of one song; None where it is not well known."""
        rows = self.catalogue.well_known
        place = int(np.searchsorted(rows, row))
        is_there = place < len(rows) and rows[place] == row
        return float(self.p_like[place]) if is_there else None


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """What a prediction stands on: the own model, a lean on others, or both; never neither."""

    listener_id: ListenerId
    model: StoredModel | None
    lean: Lean | None


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    """What is stored, as of one instant."""

    events: list[LabelEvent]
    own: ModelSummary | None
    neighbours: list[ModelSummary]
    invites: bool


class BorrowingService:
    """Finds whom a listener may lean on, and does."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        training: TrainingService,
        scores: ScoreCache,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._training = training
        self._scores = scores
        self._points: tuple[str, NDArray[np.float64]] = ("", np.empty((0, 0)))

    async def ground(
        self, listener_id: ListenerId, guild_id: int | None, *, at: datetime
    ) -> Ground:
        """Return what to predict from; fits the first model where there are labels for it.

        Raises:
            NotEnoughLabelsError: There is too little to learn from, and nobody to lean on.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        try:
            model = await self._training.ensure_model(listener_id, at=at)
        except NotEnoughLabelsError:
            lean = await self.lean(listener_id, guild_id)
            if lean is None:
                raise
            return Ground(listener_id, None, lean)
        return Ground(listener_id, model, await self.lean(listener_id, guild_id))

    async def lean(
        self, listener_id: ListenerId, guild_id: int | None, *, at_hand: bool = False
    ) -> Lean | None:
        """Predict the well-known songs with the help of others on the server.

        Args:
            listener_id: Who is in need; they need not share themselves.
            guild_id: The server; None in direct messages.
            at_hand: Never wait for a worker, even if that means to lean on fewer people.

        Returns:
            None where the listener has labels enough, or where fewer than ``FEWEST_PEOPLE`` others
            share and have a model.

        Raises:
            WorkersBusyError, WorkerLostError: The work could not be done now; not if ``at_hand``.
        """
        if guild_id is None:
            return None
        async with self._database.reading() as uow:
            read = await self._read(uow, listener_id, guild_id)
        if read is None:
            return None
        catalogue = self._catalogue.now
        said = await asyncio.gather(
            *(self._said_by(who, catalogue, at_hand=at_hand) for who in read.neighbours)
        )
        voices = [scores for scores in said if scores is not None]
        if len(voices) < FEWEST_PEOPLE:
            return None
        own = (
            None if read.own is None else await self._said_by(read.own, catalogue, at_hand=at_hand)
        )
        borrowed = await asyncio.to_thread(self._borrow, catalogue, voices, read.events, own)
        n_labels = len(read.events)
        leaning = Leaning(
            n_labels,
            len(voices),
            borrowed.own_weight,
            LET_GO - n_labels,
            invites=read.invites,
        )
        return Lean(catalogue, borrowed.p_like.astype(np.float32), leaning)

    def _borrow(
        self,
        catalogue: Catalogue,
        voices: list[Scores],
        events: list[LabelEvent],
        own: Scores | None,
    ) -> Borrowed:
        rated, liked = _labels(catalogue, events)
        own_voice = None if own is None else own.astype(np.float64)
        points = self._points_of(catalogue)
        return borrow(points, np.column_stack(voices), rated, liked, own_voice)

    async def _read(self, uow: UnitOfWork, listener_id: ListenerId, guild_id: int) -> _Read | None:
        people = await uow.sharing.neighbours(guild_id, listener_id, most=_MOST_PEOPLE)
        if len(people) < FEWEST_PEOPLE:
            return None
        n_labels = (await uow.labels.counts(listener_id)).total
        if n_labels >= LET_GO:
            return None
        summaries = [await sound_model(uow, who) for who in people]
        neighbours = [summary for summary in summaries if summary is not None]
        if len(neighbours) < FEWEST_PEOPLE:
            return None
        return _Read(
            events=await uow.labels.current(listener_id),
            own=await uow.models.latest_summary(listener_id) if own_share(n_labels) else None,
            neighbours=neighbours,
            invites=not await uow.sharing.is_shared(guild_id, listener_id)
            and not await uow.shortlists.shown_track_ids(listener_id, ShortlistKind.RECOMMEND),
        )

    async def _said_by(
        self, summary: ModelSummary, catalogue: Catalogue, *, at_hand: bool
    ) -> Scores | None:
        """Return what a model says about the well-known songs; None where it was deleted."""
        scores = self._scores.peek(summary, catalogue)
        if scores is not None or at_hand:
            return scores
        async with self._database.reading() as uow:
            model = await uow.models.latest(summary.listener_id)
        return None if model is None else await self._scores.of(model, catalogue)

    def _points_of(self, catalogue: Catalogue) -> NDArray[np.float64]:
        version, points = self._points
        if version != catalogue.version:
            rows = catalogue.well_known
            points = SongMap.of(catalogue.features(rows)).points(np.arange(len(rows)))
            self._points = (catalogue.version, points)
        return points


def _labels(
    catalogue: Catalogue, events: list[LabelEvent]
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return places among the well-known songs, and verdicts; other songs are passed over."""
    known = [(catalogue.row_of(event.track_id), event.value) for event in events]
    labelled = [(row, value is LabelValue.LIKE) for row, value in known if row is not None]
    rows = np.array([row for row, _ in labelled], dtype=np.intp)
    is_well_known = np.isin(rows, catalogue.well_known)
    places = np.searchsorted(catalogue.well_known, rows[is_well_known])
    return places, np.array([like for _, like in labelled], dtype=np.bool_)[is_well_known]


def require_model(ground: Ground) -> StoredModel:
    """Return the own model of a ground that leans on nobody.

    Raises:
        NoModelError: There is none.
    """
    if ground.model is None:
        raise NoModelError
    return ground.model
