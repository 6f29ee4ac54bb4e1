"""The next songs to ask a listener about: one to rate, or two to compare."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import CurrentCatalogue
from musicrec.discovery import Corrections, Known, SongMap, choose_duel, choose_series
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId, ModelId, ShortlistId
from musicrec.domain.sharing import Leaning
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track
from musicrec.services.board import Board
from musicrec.services.borrowing import BorrowingService, Lean
from musicrec.services.corrections import CorrectionService
from musicrec.services.questions import Asking, Ground, Questions, QuestionsAhead
from musicrec.services.scores import ScoreCache
from musicrec.storage import Database, UnitOfWork

SONGS_OF_A_DUEL: Final = 2
_AHEAD: Final = 16
"""Songs that are found at once."""
_FOUND_AT_ONCE: Final = 2
"""Many who come at once, as after a start, must not hold up presses that are to be stored."""


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

    board: Board
    known: Known
    allowed: NDArray[np.intp]
    corrections: Corrections
    seed: int
    model_id: ModelId | None
    n_labels: int

    def ground(self, genre: str | None) -> Ground:
        """Return what further questions of it stand on."""
        return Ground(
            catalogue_version=self.board.catalogue.version,
            genre=genre,
            model_id=self.model_id,
            corrections=frozenset(one.id for one in self.corrections.standing if one.id),
            n_labels=self.n_labels,
        )


class RatingService:
    """Chooses songs to ask about and remembers that they were asked."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        scores: ScoreCache,
        borrowing: BorrowingService,
        corrections: CorrectionService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._scores = scores
        self._borrowing = borrowing
        self._corrections = corrections
        self._ahead = QuestionsAhead(database)
        self._board: Board | None = None
        self._finding = asyncio.Semaphore(_FOUND_AT_ONCE)

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
        few labels the guess leans on others of the server (``BorrowingService``). Nobody is asked
        about artists whom they never want to hear.

        Raises:
            GenreNotFoundError: There is no such genre.
            NothingToRecommendError: Every song (of that genre) is rated.
        """
        genre = None if genre is None else self._catalogue.now.require_genre(genre)
        found = await self._found_ahead(listener_id, genre, guild_id, at)
        if found is not None:
            return found
        async with self._finding:
            # Whoever pressed twice may have been found questions while the second press waited.
            return await self._found_ahead(listener_id, genre, guild_id, at) or await self._find(
                listener_id, genre, guild_id, at
            )

    def prepare(self) -> None:
        """Place the well-known songs, which takes a second; otherwise the first question does."""
        self._board_now()

    def forget(self, listener_id: ListenerId) -> None:
        """Drop what is remembered of a listener."""
        self._ahead.forget(listener_id)

    async def close(self) -> None:
        """Wait until every question is stored."""
        await self._ahead.close()

    async def _found_ahead(
        self, listener_id: ListenerId, genre: str | None, guild_id: int | None, at: datetime
    ) -> Suggestion | None:
        catalogue = self._catalogue.now
        asking = Asking(listener_id, catalogue.version, genre, guild_id, at)
        asked = await self._ahead.next(asking)
        track = catalogue.get(asked.track_id) if asked else None
        if asked is None or track is None:
            return None
        return Suggestion(track, asked.p_like, asked.shortlist_id)

    async def _find(
        self, listener_id: ListenerId, genre: str | None, guild_id: int | None, at: datetime
    ) -> Suggestion:
        """Find a question, and keep the next ones."""
        lean = await self._borrowing.lean(listener_id, guild_id, at_hand=True)
        corrections = await self._corrections.of(listener_id)
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            question = await self._question(uow, listener_id, genre, lean, corrections)
            places = _choose(question, listener_id, genre, n_songs=1)
            shortlist = _shortlist(listener_id, question, places[:1], at)
            shortlist_id = await uow.shortlists.add(shortlist)
            await uow.guesses.add(*guesses_of(shortlist))
        track, *later = question.board.tracks(places)
        if later and lean is None:
            told = _told(question, places[1:])
            songs = tuple(zip([track.id for track in later], told, strict=True))
            questions = Questions(question.ground(genre), question.seed, songs, shortlist_id)
            self._ahead.put(listener_id, questions)
        leaning = lean.leaning if lean else None
        return Suggestion(track, shortlist.entries[0].p_like, shortlist_id, leaning)

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
        async with self._finding:
            lean = await self._borrowing.lean(listener_id, guild_id, at_hand=True)
            corrections = await self._corrections.of(listener_id)
            async with self._database.writing() as uow:
                await uow.listeners.lock(listener_id, at)
                question = await self._question(uow, listener_id, genre, lean, corrections)
                places = _choose(question, listener_id, genre, n_songs=SONGS_OF_A_DUEL)
                shortlist = _shortlist(listener_id, question, places, at)
                shortlist_id = await uow.shortlists.add(shortlist)
        first, second = question.board.tracks(places)
        return Duel(first, second, shortlist_id)

    def _board_now(self) -> Board:
        self._board = Board.of(self._catalogue.now, self._board)
        return self._board

    async def _question(
        self,
        uow: UnitOfWork,
        listener_id: ListenerId,
        genre: str | None,
        lean: Lean | None,
        corrections: Corrections,
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
            allowed=_allowed(board, known, genre, corrections),
            corrections=corrections,
            # The seed makes the choice repeatable from what is stored with it.
            seed=len(labelled) + len(shown),
            model_id=summary.id if summary and not lean else None,
            n_labels=len(labelled),
        )


def _shortlist(
    listener_id: ListenerId, question: _Question, places: Sequence[int], at: datetime
) -> Shortlist:
    told = _told(question, places)
    return Shortlist(
        listener_id=listener_id,
        kind=ShortlistKind.RATE,
        created_at=at,
        catalogue_version=question.board.catalogue.version,
        seed=question.seed,
        entries=tuple(
            ShortlistEntry(position, track.id, p_like)
            for position, (p_like, track) in enumerate(
                zip(told, question.board.tracks(places), strict=True), start=1
            )
        ),
        model_id=question.model_id,
    )


def _told(question: _Question, places: Sequence[int]) -> list[float | None]:
    """Return the corrected chances of songs; None while no scores are at hand."""
    p_like = question.known.p_like
    if p_like is None:
        return [None] * len(places)
    catalogue, at = question.board.catalogue, list(places)
    told = question.corrections.p_like_of(catalogue, catalogue.well_known[at], p_like[at])
    return [float(one) for one in told]


def _allowed(
    board: Board, known: Known, genre: str | None, corrections: Corrections
) -> NDArray[np.intp]:
    rows = board.catalogue.well_known
    allowed = ~corrections.blocked(board.catalogue, rows)
    if genre is not None:
        allowed &= board.catalogue.meets(SongFilter(genre=genre), rows)
    allowed[known.labelled] = False
    return np.flatnonzero(allowed)


def _choose(
    question: _Question, listener_id: ListenerId, genre: str | None, *, n_songs: int
) -> Sequence[int]:
    """Choose a song, or two to compare; blocked guests beyond the second are found in the text."""
    board, allowed = question.board, question.allowed
    while True:
        fresh = np.setdiff1d(allowed, question.known.shown)
        candidates = fresh if len(fresh) >= n_songs else allowed
        if len(candidates) < n_songs:
            raise NothingToRecommendError(genre)
        rng = np.random.default_rng([question.seed, listener_id])
        choose = choose_duel if n_songs == SONGS_OF_A_DUEL else _choose_series
        places = choose(board.song_map, candidates, question.known, rng)
        blocks = question.corrections.blocks
        artists = (track.artists for track in board.tracks(places))
        never = [place for place, names in zip(places, artists, strict=True) if blocks(names)]
        if not never:
            return places
        allowed = np.setdiff1d(allowed, never)


def _choose_series(
    songs: SongMap, candidates: NDArray[np.intp], known: Known, rng: np.random.Generator
) -> Sequence[int]:
    return choose_series(songs, candidates, known, rng, most=_AHEAD)
