"""Hold tastes against each other, of people who opted in to that on the same server.

That consent is one of its own: whoever shares their taste (``services.sharing``) was promised that
nobody sees a name. Consents, labels and models are read anew every time and nothing of others is
kept, so that whoever opts out or deletes everything is out of the very next answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, CurrentCatalogue, Delta
from musicrec.discovery import Corrections
from musicrec.domain.errors import BadInputError
from musicrec.domain.guess import Guess, GuessPlace
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.model import StoredModel
from musicrec.domain.together import Comparison
from musicrec.domain.together_errors import NotComparableError
from musicrec.services.corrections import CorrectionService
from musicrec.services.rankings import RankingStore
from musicrec.services.sound_models import sound_model
from musicrec.services.together_jobs import compare_tastes
from musicrec.services.training import TrainingService
from musicrec.storage import Database, UnitOfWork
from musicrec.workers import Workers

_BEST_OF_EACH: Final = 2_000
"""Songs that each person would like best, among which something for all is looked for."""


@dataclass(frozen=True, eq=False, slots=True)
class Gathered:
    """What several people's tastes are told from.

    Attributes:
        catalogue: Whose songs.
        models: One a person, in the order asked for.
        labels: Current labels of each.
        corrections: Of each, what they said beside verdicts.
        rows: Of the catalogue, ascending: well-known songs, and those that each would like best.
    """

    catalogue: Catalogue
    models: tuple[StoredModel, ...]
    labels: tuple[list[LabelEvent], ...]
    corrections: tuple[Corrections, ...]
    rows: NDArray[np.intp]

    @property
    def learned(self) -> Delta:
        """What was learned of ``rows`` since the snapshot was built; workers know no other."""
        return self.catalogue.delta.only(self.rows)

    @property
    def never(self) -> frozenset[str]:
        """Folded names of artists whom one of them never wants to hear."""
        return frozenset[str]().union(*(each.never for each in self.corrections))

    @property
    def rows_blocked(self) -> NDArray[np.intp]:
        """Those of ``rows`` that are by such an artist, as far as columns tell."""
        blocked = [each.blocked(self.catalogue, self.rows) for each in self.corrections]
        return self.rows[np.any(blocked, axis=0)]

    def rows_labelled(self, value: LabelValue | None = None) -> NDArray[np.intp]:
        """Return rows of songs that anybody labelled, or labelled so."""
        said = (event for events in self.labels for event in events)
        return self.catalogue.all_rows_of(
            {event.track_id for event in said if value is None or event.value is value}
        )


class ComparingService:
    """Keeps consents, and compares two tastes."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        training: TrainingService,
        rankings: RankingStore,
        *,
        corrections: CorrectionService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._training = training
        self._rankings = rankings
        self._corrections = corrections

    async def allow(self, listener_id: ListenerId, guild_id: int, *, at: datetime) -> None:
        """Consent that people on this server see how the listener's taste compares."""
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            await uow.comparing.allow(guild_id, listener_id, at)

    async def stop(self, listener_id: ListenerId, guild_id: int) -> bool:
        """Withdraw the consent from now on; tell whether there was one."""
        async with self._database.writing() as uow:
            return await uow.comparing.stop(guild_id, listener_id)

    async def is_allowed(self, listener_id: ListenerId, guild_id: int) -> bool:
        """Tell whether the listener consents on this server."""
        async with self._database.reading() as uow:
            return bool(await uow.comparing.those_who_allow(guild_id, [listener_id]))

    async def missing(
        self, guild_id: int, people: Sequence[ListenerId], *, asker: ListenerId
    ) -> tuple[ListenerId, ...]:
        """Return those who cannot be compared, in their order.

        They have not opted in on this server, or have no model; it is not told which. The asker
        is only missing where they have not opted in: a model is learned when they ask.
        """
        async with self._database.reading() as uow:
            return await _missing(uow, guild_id, people, asker)

    async def compare(
        self,
        guild_id: int,
        first: ListenerId,
        second: ListenerId,
        *,
        asker: ListenerId,
        at: datetime,
    ) -> Comparison:
        """Hold two people's tastes against each other.

        Raises:
            BadInputError: It is one person twice.
            NotComparableError: One of them has not opted in, or has no model.
            NotEnoughLabelsError: The asker has too few labels to learn from.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        if first == second:
            msg = "that is one person twice; name somebody else."
            raise BadInputError(msg)
        gathered = await self.gather(guild_id, (first, second), asker=asker, at=at)
        of_first, of_second = (_verdicts(events) for events in gathered.labels)
        both = of_first.keys() & of_second.keys()
        a, b = (model.blob for model in gathered.models)
        comparison = await self._workers.run(
            compare_tastes,
            (a, b),
            gathered.catalogue.snapshot.folder,
            gathered.rows,
            np.union1d(gathered.rows_labelled(), gathered.rows_blocked),
            gathered.learned,
            never=gathered.never,
            n_both=len(both),
            n_same=sum(of_first[track_id] is of_second[track_id] for track_id in both),
        )
        if asker in (first, second):
            own = gathered.models[asker != first]
            await self._note(_told(comparison, own, at, is_first=asker == first))
        return comparison

    async def _note(self, guesses: Sequence[Guess]) -> None:
        """Keep what the asker was told about their own taste, to be held against their verdict."""
        async with self._database.writing() as uow:
            if guesses and await uow.listeners.lock_known(guesses[0].listener_id):
                await uow.guesses.add(*guesses)

    async def gather(
        self,
        guild_id: int,
        people: Sequence[ListenerId],
        *,
        asker: ListenerId,
        at: datetime,
    ) -> Gathered:
        """Read what is needed of people who all opted in.

        Raises:
            NotComparableError: One of them has not opted in, or has no model.
            NotEnoughLabelsError: The asker has too few labels to learn from.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        if missing := await self.missing(guild_id, people, asker=asker):
            raise NotComparableError(missing)
        if asker in people:
            await self._training.ensure_model(asker, at=at)
        async with self._database.reading() as uow:
            if missing := await _missing(uow, guild_id, people, asker):
                raise NotComparableError(missing)
            models = [await uow.models.latest(who) for who in people]
            labels = [await uow.labels.current(who) for who in people]
        if lost := [who for who, one in zip(people, models, strict=True) if one is None]:
            raise NotComparableError(tuple(lost))
        found = tuple(model for model in models if model is not None)
        catalogue = self._catalogue.now
        rows = await self._rows(found, catalogue)
        corrections = [await self._corrections.of(who) for who in people]
        return Gathered(catalogue, found, tuple(labels), tuple(corrections), rows)

    async def _rows(self, models: Sequence[StoredModel], catalogue: Catalogue) -> NDArray[np.intp]:
        best = [(await self._rankings.of(model, catalogue)).rows for model in models]
        rows = np.unique(np.concatenate([catalogue.well_known, *(b[:_BEST_OF_EACH] for b in best)]))
        return np.setdiff1d(rows, list(catalogue.delta.hidden), assume_unique=True)


async def _missing(
    uow: UnitOfWork, guild_id: int, people: Sequence[ListenerId], asker: ListenerId
) -> tuple[ListenerId, ...]:
    allowing = await uow.comparing.those_who_allow(guild_id, people)
    return tuple(
        [
            who
            for who in people
            if who not in allowing or (who != asker and await sound_model(uow, who) is None)
        ]
    )


def _told(comparison: Comparison, own: StoredModel, at: datetime, *, is_first: bool) -> list[Guess]:
    return [
        Guess(
            own.summary.listener_id,
            song.track.id,
            song.first if is_first else song.second,
            at,
            GuessPlace.PREDICT,
            own.summary.id,
        )
        for song in (comparison.for_both, comparison.splits)
        if song is not None
    ]


def _verdicts(events: Sequence[LabelEvent]) -> dict[TrackId, LabelValue]:
    return {event.track_id: event.value for event in events}
