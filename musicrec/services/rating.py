"""The next songs to ask a listener about: one to rate, or two to compare."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.discovery import Known, SongMap, choose_duel, choose_to_rate
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId, ModelId, ShortlistId, TrackId
from musicrec.domain.sharing import Leaning
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.song_filter import SongFilter
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


@dataclass(frozen=True, eq=False, slots=True)
class _Board:
    """The songs that are asked about, by their places among the well-known ones."""

    catalogue: Catalogue
    song_map: SongMap

    def places_of(self, track_ids: set[TrackId]) -> NDArray[np.intp]:
        """Return the places of songs, ascending; songs that are not asked about are skipped."""
        rows = self.catalogue.rows_of(track_ids)
        return np.flatnonzero(np.isin(self.catalogue.well_known, rows))

    def tracks(self, places: Sequence[int]) -> list[Track]:
        """Return songs in the order of their places."""
        return self.catalogue.tracks(self.catalogue.well_known[list(places)])


@dataclass(frozen=True, slots=True)
class _Question:
    """What the choice of the next song is made from."""

    board: _Board
    known: Known
    candidates: NDArray[np.intp]
    seed: int
    model_id: ModelId | None


class RatingService:
    """Chooses songs to ask about and remembers that they were asked."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        scores: ScoreCache,
        borrowing: BorrowingService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._scores = scores
        self._borrowing = borrowing
        self._board: _Board | None = None

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
        genre = None if genre is None else self._catalogue.now.require_genre(genre)
        lean = await self._borrowing.lean(listener_id, guild_id, at_hand=True)
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            question = await self._question(uow, listener_id, genre, lean, n_songs=1)
            place = choose_to_rate(
                question.board.song_map,
                question.candidates,
                question.known,
                np.random.default_rng([question.seed, listener_id]),
            )
            shortlist = _shortlist(listener_id, question, [place], at)
            shortlist_id = await uow.shortlists.add(shortlist)
            await uow.guesses.add(*guesses_of(shortlist))
        (track,) = question.board.tracks([place])
        return Suggestion(
            track,
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
        genre = None if genre is None else self._catalogue.now.require_genre(genre)
        lean = await self._borrowing.lean(listener_id, guild_id, at_hand=True)
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            question = await self._question(uow, listener_id, genre, lean, n_songs=SONGS_OF_A_DUEL)
            places = choose_duel(
                question.board.song_map,
                question.candidates,
                question.known,
                np.random.default_rng([question.seed, listener_id]),
            )
            shortlist = _shortlist(listener_id, question, places, at)
            shortlist_id = await uow.shortlists.add(shortlist)
        first, second = question.board.tracks(places)
        return Duel(first, second, shortlist_id)

    def _board_now(self) -> _Board:
        catalogue = self._catalogue.now
        if self._board is None or self._board.catalogue.version != catalogue.version:
            song_map = SongMap.of(catalogue.features(catalogue.well_known))
            self._board = _Board(catalogue, song_map)
        # The songs are the same ones; some may have been learned better.
        self._board = replace(self._board, catalogue=catalogue)
        return self._board

    async def _question(
        self,
        uow: UnitOfWork,
        listener_id: ListenerId,
        genre: str | None,
        lean: Lean | None,
        *,
        n_songs: int,
    ) -> _Question:
        board = self._board_now()
        labelled = await uow.labels.track_ids(listener_id)
        shown = await uow.shortlists.shown_track_ids(listener_id, ShortlistKind.RATE)
        summary = await uow.models.latest_summary(listener_id)
        lent = lean.p_like if lean and lean.catalogue.version == board.catalogue.version else None
        known = Known(
            labelled=board.places_of(labelled),
            shown=board.places_of(labelled | shown),
            p_like=self._scores.peek(summary, board.catalogue) if lent is None else lent,
            is_borrowed=summary is None,
        )
        return _Question(
            board=board,
            known=known,
            candidates=_candidates(board, known, genre, n_songs),
            # The seed makes the choice repeatable from what is stored with it.
            seed=len(labelled) + len(shown),
            model_id=summary.id if summary and not lean else None,
        )


def _shortlist(
    listener_id: ListenerId, question: _Question, places: Sequence[int], at: datetime
) -> Shortlist:
    p_like = question.known.p_like
    return Shortlist(
        listener_id=listener_id,
        kind=ShortlistKind.RATE,
        created_at=at,
        catalogue_version=question.board.catalogue.version,
        seed=question.seed,
        entries=tuple(
            ShortlistEntry(position, track.id, None if p_like is None else float(p_like[place]))
            for position, (place, track) in enumerate(
                zip(places, question.board.tracks(places), strict=True), start=1
            )
        ),
        model_id=question.model_id,
    )


def _candidates(board: _Board, known: Known, genre: str | None, n_songs: int) -> NDArray[np.intp]:
    allowed = np.ones(len(board.song_map), dtype=bool)
    if genre is not None:
        allowed = board.catalogue.meets(SongFilter(genre=genre), board.catalogue.well_known)
    allowed[known.labelled] = False
    fresh = allowed.copy()
    fresh[known.shown] = False
    candidates = np.flatnonzero(fresh if fresh.sum() >= n_songs else allowed)
    if len(candidates) < n_songs:
        raise NothingToRecommendError(genre)
    return candidates
