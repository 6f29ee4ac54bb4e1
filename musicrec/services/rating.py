"""The next song to ask a listener about."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery import choose_to_rate
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.features import GENRE
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId, ShortlistId, TrackId
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.track import Track
from musicrec.services.scores import ScoreCache
from musicrec.storage import Database


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One song to rate; ``p_like`` is None while no scores are at hand."""

    track: Track
    p_like: float | None
    shortlist_id: ShortlistId


class RatingService:
    """Chooses songs to ask about and remembers that they were asked."""

    def __init__(self, database: Database, catalogue: Catalogue, scores: ScoreCache) -> None:
        self._database = database
        self._catalogue = catalogue
        self._scores = scores

    async def next_song(
        self, listener_id: ListenerId, *, genre: str | None = None, at: datetime
    ) -> Suggestion:
        """Choose a song that the listener has not rated, and store that it was shown.

        A song that was shown but not rated comes back only when every other one was shown.

        Raises:
            GenreNotFoundError: There is no such genre.
            NothingToRecommendError: Every song (of that genre) is rated.
        """
        if genre is not None:
            genre = self._catalogue.require_genre(genre)
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            labelled = await uow.labels.track_ids(listener_id)
            shown = await uow.shortlists.shown_track_ids(listener_id, ShortlistKind.RATE)
            summary = await uow.models.latest_summary(listener_id)
            p_like = self._scores.peek(summary)
            candidates = self._candidates(labelled, shown, genre)
            # The seed makes the choice repeatable from what is stored with it.
            seed = len(labelled) + len(shown)
            row = choose_to_rate(
                self._catalogue.songs,
                candidates,
                self._genres_of(labelled | shown),
                p_like,
                np.random.default_rng([seed, listener_id]),
            )
            track = self._catalogue.track(row)
            chance = None if p_like is None else float(p_like[row])
            shortlist = Shortlist(
                listener_id=listener_id,
                kind=ShortlistKind.RATE,
                created_at=at,
                catalogue_version=self._catalogue.version,
                seed=seed,
                entries=(ShortlistEntry(1, track.id, chance),),
                model_id=summary.id if summary else None,
            )
            shortlist_id = await uow.shortlists.add(shortlist)
            await uow.guesses.add(*guesses_of(shortlist))
        return Suggestion(track, chance, shortlist_id)

    def _candidates(
        self, labelled: set[TrackId], shown: set[TrackId], genre: str | None
    ) -> NDArray[np.intp]:
        allowed = np.ones(len(self._catalogue), dtype=bool)
        if genre is not None:
            allowed &= (self._catalogue.songs[GENRE] == genre).to_numpy()
        allowed[self._catalogue.rows_of(labelled)] = False
        fresh = allowed.copy()
        fresh[self._catalogue.rows_of(shown)] = False
        candidates = np.flatnonzero(fresh if fresh.any() else allowed)
        if not len(candidates):
            raise NothingToRecommendError(genre)
        return candidates

    def _genres_of(self, track_ids: set[TrackId]) -> list[str]:
        genres = self._catalogue.songs[GENRE].iloc[self._catalogue.rows_of(track_ids)]
        return [genre for genre in genres if isinstance(genre, str)]
