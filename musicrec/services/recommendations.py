"""Songs that a listener will probably like and has not met here."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery import arrange
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.features import ARTISTS, GENRE
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import StoredModel
from musicrec.domain.reasons import Explanation, Reason
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.track import Track
from musicrec.services.jobs import explain
from musicrec.services.scores import ScoreCache
from musicrec.services.training import TrainingService
from musicrec.storage import Database, UnitOfWork
from musicrec.workers import Workers

_STRONG = 0.5
"""Push in log odds from which on the artist is told first: 12 % of probability around 0.5."""


@dataclass(frozen=True, slots=True)
class Recommendations:
    """A stored shortlist with its songs, in the entries' order, and how far to trust it."""

    shortlist: Shortlist
    tracks: tuple[Track, ...]
    explanations: tuple[Explanation, ...]
    n_labels: int
    algorithm_title: str
    accuracy: float
    baseline_accuracy: float


class RecommendationService:
    """Ranks the catalogue by a listener's model and cuts a shortlist."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        workers: Workers,
        training: TrainingService,
        scores: ScoreCache,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._training = training
        self._scores = scores

    async def recommend(
        self, listener_id: ListenerId, *, n: int = 5, genre: str | None = None, at: datetime
    ) -> Recommendations:
        """Return up to ``n`` songs, none rated and none recommended before.

        Raises:
            GenreNotFoundError: There is no such genre.
            NothingToRecommendError: No song is left (in that genre).
            NotEnoughLabelsError: There is too little to learn from.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        if genre is not None:
            genre = self._catalogue.require_genre(genre)
        model = await self._training.ensure_model(listener_id, at=at)
        scores = await self._scores.of(model)
        async with self._database.writing() as uow:
            # Choosing and storing under one lock: two calls at once never hand out one song twice.
            await uow.listeners.lock(listener_id, at)
            candidates = await self._candidates(uow, listener_id, genre)
            shortlist = self._cut(model, scores, candidates, n, at)
            if not shortlist.entries:
                raise NothingToRecommendError(genre)
            shortlist = replace(shortlist, id=await uow.shortlists.add(shortlist))
            await uow.guesses.add(*guesses_of(shortlist))
        return await self._explained(shortlist, model)

    async def _candidates(
        self, uow: UnitOfWork, listener_id: ListenerId, genre: str | None
    ) -> NDArray[np.intp]:
        labelled = await uow.labels.track_ids(listener_id)
        shown = await uow.shortlists.shown_track_ids(listener_id, ShortlistKind.RECOMMEND)
        allowed = np.ones(len(self._catalogue), dtype=bool)
        if genre is not None:
            allowed &= (self._catalogue.songs[GENRE] == genre).to_numpy()
        allowed[self._catalogue.rows_of(labelled | shown)] = False
        return np.flatnonzero(allowed)

    def _cut(
        self,
        model: StoredModel,
        scores: NDArray[np.float32],
        candidates: NDArray[np.intp],
        n: int,
        at: datetime,
    ) -> Shortlist:
        seed = int(model.summary.trained_through)
        artists = [self._catalogue.artists_of(int(row)) for row in candidates]
        rows = [candidates[i] for i in arrange(scores[candidates], artists, n=n, seed=seed)]
        return Shortlist(
            listener_id=model.summary.listener_id,
            kind=ShortlistKind.RECOMMEND,
            created_at=at,
            catalogue_version=self._catalogue.version,
            seed=seed,
            entries=tuple(
                ShortlistEntry(position, self._catalogue.track(int(row)).id, float(scores[row]))
                for position, row in enumerate(rows, start=1)
            ),
            model_id=model.summary.id,
        )

    async def _explained(self, shortlist: Shortlist, model: StoredModel) -> Recommendations:
        track_ids = [entry.track_id for entry in shortlist.entries]
        songs = self._catalogue.table_of(track_ids)
        explanations = await self._workers.run(explain, model.blob, songs)
        entries = tuple(
            replace(entry, reason=reason)
            for entry, reason in zip(shortlist.entries, one_reason_each(explanations), strict=True)
        )
        report = model.summary.report
        return Recommendations(
            shortlist=replace(shortlist, entries=entries),
            tracks=tuple(self._catalogue.require(track_id) for track_id in track_ids),
            explanations=tuple(explanations),
            n_labels=model.summary.n_labels,
            algorithm_title=report.best.title,
            accuracy=report.best.metrics.accuracy,
            baseline_accuracy=report.baseline.accuracy,
        )


def one_reason_each(explanations: list[Explanation]) -> list[str]:
    """Choose one reason a song: the first among those used least in the list so far.

    A list that repeats one reason on every line tells nothing. What an artist's other songs say
    comes before how the song sounds, because people know artists by name.
    """
    used: Counter[str] = Counter()
    chosen: list[str] = []
    for explanation in explanations:
        ranked = sorted(explanation.leading, key=_is_strong_artist, reverse=True)
        words = min((reason.words for reason in ranked), key=lambda word: used[word], default="")
        used[words] += 1
        chosen.append(words)
    return chosen


def _is_strong_artist(reason: Reason) -> bool:
    return reason.about == ARTISTS and abs(reason.push) >= _STRONG
