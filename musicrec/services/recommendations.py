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
from musicrec.domain.reasons import Explanation, Reason, Reasons
from musicrec.domain.sharing import Leaning
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.track import Track
from musicrec.services.borrowing import BorrowingService, Ground, require_model
from musicrec.services.jobs import explain
from musicrec.services.scores import ScoreCache
from musicrec.storage import Database, UnitOfWork
from musicrec.workers import Workers

_STRONG = 0.5
"""Push in log odds from which on the artist is told first: 12 % of probability around 0.5."""


@dataclass(frozen=True, slots=True)
class Recommendations:
    """A stored shortlist with its songs, in the entries' order, and how far to trust it.

    ``algorithm_title`` is empty and both accuracies are None where there is no model of the
    listener's own; ``leaning`` is None where the own labels speak alone.
    """

    shortlist: Shortlist
    tracks: tuple[Track, ...]
    explanations: tuple[Explanation, ...]
    n_labels: int
    algorithm_title: str
    accuracy: float | None
    baseline_accuracy: float | None
    leaning: Leaning | None = None


class RecommendationService:
    """Ranks the catalogue by a listener's model and cuts a shortlist."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        workers: Workers,
        borrowing: BorrowingService,
        scores: ScoreCache,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._borrowing = borrowing
        self._scores = scores

    async def recommend(
        self,
        listener_id: ListenerId,
        *,
        n: int = 5,
        genre: str | None = None,
        guild_id: int | None = None,
        at: datetime,
    ) -> Recommendations:
        """Return up to ``n`` songs, none rated and none recommended before.

        With few labels the ranking leans on others of the server (``BorrowingService``).

        Raises:
            GenreNotFoundError: There is no such genre.
            NothingToRecommendError: No song is left (in that genre).
            NotEnoughLabelsError: There is too little to learn from, and nobody to lean on.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        if genre is not None:
            genre = self._catalogue.require_genre(genre)
        ground = await self._borrowing.ground(listener_id, guild_id, at=at)
        scores = await self._scores_of(ground)
        async with self._database.writing() as uow:
            # Choosing and storing under one lock: two calls at once never hand out one song twice.
            await uow.listeners.lock(listener_id, at)
            candidates = await self._candidates(uow, listener_id, genre)
            shortlist = self._cut(ground, scores, candidates, n, at)
            if not shortlist.entries:
                raise NothingToRecommendError(genre)
            shortlist = replace(shortlist, id=await uow.shortlists.add(shortlist))
            await uow.guesses.add(*guesses_of(shortlist))
        return await self._explained(shortlist, ground)

    async def _scores_of(self, ground: Ground) -> NDArray[np.float32]:
        if ground.lean is not None:
            return ground.lean.p_like
        return await self._scores.of(require_model(ground))

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
        ground: Ground,
        scores: NDArray[np.float32],
        candidates: NDArray[np.intp],
        n: int,
        at: datetime,
    ) -> Shortlist:
        summary = ground.model.summary if ground.model else None
        seed = int(summary.trained_through) if summary else 0
        artists = [self._catalogue.artists_of(int(row)) for row in candidates]
        rows = [candidates[i] for i in arrange(scores[candidates], artists, n=n, seed=seed)]
        return Shortlist(
            listener_id=ground.listener_id,
            kind=ShortlistKind.RECOMMEND,
            created_at=at,
            catalogue_version=self._catalogue.version,
            seed=seed,
            entries=tuple(
                ShortlistEntry(position, self._catalogue.track(int(row)).id, float(scores[row]))
                for position, row in enumerate(rows, start=1)
            ),
            model_id=summary.id if summary and not ground.lean else None,
        )

    async def _explained(self, shortlist: Shortlist, ground: Ground) -> Recommendations:
        track_ids = [entry.track_id for entry in shortlist.entries]
        explanations = await self._explanations(shortlist, ground)
        entries = tuple(
            replace(entry, reason=reason)
            for entry, reason in zip(shortlist.entries, one_reason_each(explanations), strict=True)
        )
        summary = ground.model.summary if ground.model else None
        leaning = ground.lean.leaning if ground.lean else None
        return Recommendations(
            shortlist=replace(shortlist, entries=entries),
            tracks=tuple(self._catalogue.require(track_id) for track_id in track_ids),
            explanations=tuple(explanations),
            n_labels=leaning.n_labels if leaning else summary.n_labels if summary else 0,
            algorithm_title=summary.report.best.title if summary else "",
            accuracy=summary.report.best.metrics.accuracy if summary else None,
            baseline_accuracy=summary.report.baseline.accuracy if summary else None,
            leaning=leaning,
        )

    async def _explanations(self, shortlist: Shortlist, ground: Ground) -> list[Explanation]:
        told = [entry.p_like or 0.0 for entry in shortlist.entries]
        if ground.model is None:
            return [Explanation(p_like, Reasons(), None) for p_like in told]
        songs = self._catalogue.table_of([entry.track_id for entry in shortlist.entries])
        said = await self._workers.run(explain, ground.model.blob, songs)
        if ground.lean is None:
            return said
        return [
            replace(each, p_like=p_like, interval=None)
            for each, p_like in zip(said, told, strict=True)
        ]


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
