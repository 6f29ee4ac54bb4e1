"""The next songs to ask a listener about: one to rate, or two to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery import Known, SongMap, choose_duel, choose_to_rate
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.features import GENRE
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId, ModelId, ShortlistId, TrackId
from musicrec.domain.sharing import Leaning
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.track import Track
from musicrec.services.borrowing import BorrowingService, Lean
from musicrec.services.scores import ScoreCache
from musicrec.storage import Database, UnitOfWork

SONGS_OF_A_DUEL: Final = 2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One song to rate; ``p_like`` is None while no scores are at hand.

    ``leaning`` says on whom ``p_like`` leans; None where it is from the own labels alone.
    """

    track: Track
    p_like: float | None
    shortlist_id: ShortlistId
    leaning: Leaning | None = None


@dataclass(frozen=True, slots=True)
class Duel:
    """Two songs to compare, stored as a shortlist of two."""

    first: Track
    second: Track
    shortlist_id: ShortlistId


@dataclass(frozen=True, slots=True)
class _Question:
    """What the choice of the next song is made from."""

    known: Known
    candidates: NDArray[np.intp]
    seed: int
    model_id: ModelId | None


class RatingService:
    """Chooses songs to ask about and remembers that they were asked."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        scores: ScoreCache,
        borrowing: BorrowingService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._scores = scores
        self._borrowing = borrowing

    async def next_song(
        self,
        listener_id: ListenerId,
        *,
        genre: str | None = None,
        guild_id: int | None = None,
        at: datetime,
    ) -> Suggestion:
        """Choose a song that the listener has not rated, and store that it was shown.

        A song that was shown but not rated comes back only when every other one was shown. With
        few labels the guess leans on others of the server (``BorrowingService``).

        Raises:
            GenreNotFoundError: There is no such genre.
            NothingToRecommendError: Every song (of that genre) is rated.
        """
        genre = self._spelt(genre)
        lean = await self._borrowing.lean(listener_id, guild_id, at_hand=True)
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            question = await self._question(uow, listener_id, genre, lean, n_songs=1)
            row = choose_to_rate(
                self._song_map,
                question.candidates,
                question.known,
                np.random.default_rng([question.seed, listener_id]),
            )
            shortlist = self._shortlist(listener_id, question, [row], at)
            shortlist_id = await uow.shortlists.add(shortlist)
            await uow.guesses.add(*guesses_of(shortlist))
        return Suggestion(
            self._catalogue.track(row),
            shortlist.entries[0].p_like,
            shortlist_id,
            lean.leaning if lean else None,
        )

    async def next_duel(
        self,
        listener_id: ListenerId,
        *,
        genre: str | None = None,
        guild_id: int | None = None,
        at: datetime,
    ) -> Duel:
        """Choose two songs as ``next_song`` chooses one.

        Raises:
            GenreNotFoundError: There is no such genre.
            NothingToRecommendError: Less than two songs (of that genre) are not rated.
        """
        genre = self._spelt(genre)
        lean = await self._borrowing.lean(listener_id, guild_id, at_hand=True)
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            question = await self._question(uow, listener_id, genre, lean, n_songs=SONGS_OF_A_DUEL)
            rows = choose_duel(
                self._song_map,
                question.candidates,
                question.known,
                np.random.default_rng([question.seed, listener_id]),
            )
            shortlist = self._shortlist(listener_id, question, rows, at)
            shortlist_id = await uow.shortlists.add(shortlist)
        first, second = (self._catalogue.track(row) for row in rows)
        return Duel(first, second, shortlist_id)

    @cached_property
    def _song_map(self) -> SongMap:
        return SongMap.of(self._catalogue.songs)

    def _spelt(self, genre: str | None) -> str | None:
        return None if genre is None else self._catalogue.require_genre(genre)

    async def _question(
        self,
        uow: UnitOfWork,
        listener_id: ListenerId,
        genre: str | None,
        lean: Lean | None,
        *,
        n_songs: int,
    ) -> _Question:
        labelled = await uow.labels.track_ids(listener_id)
        shown = await uow.shortlists.shown_track_ids(listener_id, ShortlistKind.RATE)
        summary = await uow.models.latest_summary(listener_id)
        return _Question(
            # Sorted, because equal seeds choose equally only from equal arrays.
            known=Known(
                labelled=np.sort(self._catalogue.rows_of(labelled)),
                shown=np.sort(self._catalogue.rows_of(labelled | shown)),
                p_like=lean.p_like if lean else self._scores.peek(summary),
                is_borrowed=summary is None,
            ),
            candidates=self._candidates(labelled, shown, genre, n_songs),
            # The seed makes the choice repeatable from what is stored with it.
            seed=len(labelled) + len(shown),
            model_id=summary.id if summary and not lean else None,
        )

    def _shortlist(
        self, listener_id: ListenerId, question: _Question, rows: Sequence[int], at: datetime
    ) -> Shortlist:
        p_like = question.known.p_like
        return Shortlist(
            listener_id=listener_id,
            kind=ShortlistKind.RATE,
            created_at=at,
            catalogue_version=self._catalogue.version,
            seed=question.seed,
            entries=tuple(
                ShortlistEntry(
                    position,
                    self._catalogue.track(row).id,
                    None if p_like is None else float(p_like[row]),
                )
                for position, row in enumerate(rows, start=1)
            ),
            model_id=question.model_id,
        )

    def _candidates(
        self, labelled: set[TrackId], shown: set[TrackId], genre: str | None, n_songs: int
    ) -> NDArray[np.intp]:
        allowed = np.ones(len(self._catalogue), dtype=bool)
        if genre is not None:
            allowed &= (self._catalogue.songs[GENRE] == genre).to_numpy()
        allowed[self._catalogue.rows_of(labelled)] = False
        fresh = allowed.copy()
        fresh[self._catalogue.rows_of(shown)] = False
        candidates = np.flatnonzero(fresh if fresh.sum() >= n_songs else allowed)
        if len(candidates) < n_songs:
            raise NothingToRecommendError(genre)
        return candidates
