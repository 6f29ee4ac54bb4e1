"""The next songs to ask a listener about: one to rate, or two to compare."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from musicrec.catalogue import CurrentCatalogue
from musicrec.discovery import Corrections, Known
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.sharing import Leaning
from musicrec.domain.shortlist import ShortlistKind
from musicrec.domain.track import Track
from musicrec.services.board import Board
from musicrec.services.borrowing import BorrowingService, Lean
from musicrec.services.corrections import CorrectionService
from musicrec.services.question_choice import QuestionChoice
from musicrec.services.questions import Asking, Questions, QuestionsAhead
from musicrec.services.scores import ScoreCache
from musicrec.storage import Database, UnitOfWork

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
        self._turns = WeakValueDictionary[ListenerId, asyncio.Lock]()

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
        # One who pressed many times takes one place in the line of those who are searched for.
        async with self._turns.setdefault(listener_id, asyncio.Lock()):
            found = await self._found_ahead(listener_id, genre, guild_id, at)
            if found is not None:
                return found
            async with self._finding:
                return await self._find(listener_id, genre, guild_id, at)

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
        """Find questions, and ask the first one."""
        lean = await self._borrowing.lean(listener_id, guild_id, at_hand=True)
        corrections = await self._corrections.of(listener_id)
        if lean is None:
            await self._look_ahead(listener_id, genre, corrections)
            found = await self._found_ahead(listener_id, genre, guild_id, at)
            if found is not None:
                return found
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            choice = await self._choice(uow, listener_id, genre, lean, corrections)
            first = choice.series()[:1]
            shortlist = choice.shortlist(first, at)
            shortlist_id = await uow.shortlists.add(shortlist)
            await uow.guesses.add(*guesses_of(shortlist))
        (track,) = choice.board.tracks(first)
        leaning = lean.leaning if lean else None
        return Suggestion(track, shortlist.entries[0].p_like, shortlist_id, leaning)

    async def _look_ahead(
        self, listener_id: ListenerId, genre: str | None, corrections: Corrections
    ) -> None:
        """Find the next questions, and keep them; nobody who writes waits for that."""
        async with self._database.reading() as uow:
            mark = (await uow.groups.marks([listener_id])).get(listener_id)
            choice = await self._choice(uow, listener_id, genre, None, corrections)
        places = choice.series()
        ids = [track.id for track in choice.board.tracks(places)]
        songs = tuple(zip(ids, choice.told(places), strict=True))
        last = mark.last_question if mark else None
        self._ahead.put(listener_id, Questions(choice.ground(), choice.seed, songs, last))

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
                choice = await self._choice(uow, listener_id, genre, lean, corrections)
                places = choice.duel()
                shortlist_id = await uow.shortlists.add(choice.shortlist(places, at))
        first, second = choice.board.tracks(places)
        return Duel(first, second, shortlist_id)

    def _board_now(self) -> Board:
        self._board = Board.of(self._catalogue.now, self._board)
        return self._board

    async def _choice(
        self,
        uow: UnitOfWork,
        listener_id: ListenerId,
        genre: str | None,
        lean: Lean | None,
        corrections: Corrections,
    ) -> QuestionChoice:
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
        return QuestionChoice(
            listener_id=listener_id,
            genre=genre,
            board=board,
            known=known,
            corrections=corrections,
            seed=len(labelled) + len(shown),
            model_id=summary.id if summary and not lean else None,
            n_labels=len(labelled),
        )
