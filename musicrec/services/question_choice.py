"""How the next question is chosen: which songs may be asked, which teach most, what is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.discovery import Corrections, Known, choose_duel, choose_series
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.ids import ListenerId, ModelId
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.song_filter import SongFilter
from musicrec.services.board import Board
from musicrec.services.questions import Ground

SONGS_OF_A_DUEL: Final = 2
_AHEAD: Final = 16
"""Songs that are found at once."""


@dataclass(frozen=True, slots=True)
class QuestionChoice:
    """What the choice of the next songs to ask about is made from.

    Places are those of songs on the board.

    Attributes:
        listener_id: Who is asked.
        genre: Ask about this one only.
        board: Of the songs that can be asked about.
        known: Of the listener.
        corrections: Of the listener; nobody is asked about artists whom they never want to hear.
        seed: Of the choice, which is repeatable from what is stored with it.
        model_id: Of the listener's own model, where it alone speaks.
        n_labels: Current ones.
    """

    listener_id: ListenerId
    genre: str | None
    board: Board
    known: Known
    corrections: Corrections
    seed: int
    model_id: ModelId | None
    n_labels: int

    def series(self) -> Sequence[int]:
        """Choose songs to ask about one after the other.

        Raises:
            NothingToRecommendError: Every song (of that genre) is rated.
        """
        return self._chosen(1)

    def duel(self) -> Sequence[int]:
        """Choose two songs to compare; fails as ``series`` does where there is only one."""
        return self._chosen(SONGS_OF_A_DUEL)

    def told(self, places: Sequence[int]) -> list[float | None]:
        """Return the corrected chances of songs; None while no scores are at hand."""
        p_like = self.known.p_like
        if p_like is None:
            return [None] * len(places)
        catalogue, at = self.board.catalogue, list(places)
        told = self.corrections.p_like_of(catalogue, catalogue.well_known[at], p_like[at])
        return [float(one) for one in told]

    def shortlist(self, places: Sequence[int], at: datetime) -> Shortlist:
        """Return songs as they are stored when they are shown."""
        tracks = self.board.tracks(places)
        return Shortlist(
            listener_id=self.listener_id,
            kind=ShortlistKind.RATE,
            created_at=at,
            catalogue_version=self.board.catalogue.version,
            seed=self.seed,
            entries=tuple(
                ShortlistEntry(position, track.id, p_like)
                for position, (p_like, track) in enumerate(
                    zip(self.told(places), tracks, strict=True), start=1
                )
            ),
            model_id=self.model_id,
        )

    def ground(self) -> Ground:
        """Return what further questions of it stand on."""
        return Ground(
            catalogue_version=self.board.catalogue.version,
            genre=self.genre,
            model_id=self.model_id,
            corrections=frozenset(one.id for one in self.corrections.standing if one.id),
            n_labels=self.n_labels,
        )

    def _chosen(self, n_songs: int) -> Sequence[int]:
        """Choose; blocked guests beyond the second are found in the text."""
        allowed = self._allowed()
        while True:
            fresh = np.setdiff1d(allowed, self.known.shown)
            candidates = fresh if len(fresh) >= n_songs else allowed
            if len(candidates) < n_songs:
                raise NothingToRecommendError(self.genre)
            places = self._best(candidates, n_songs)
            blocks = self.corrections.blocks
            artists = (track.artists for track in self.board.tracks(places))
            never = [place for place, names in zip(places, artists, strict=True) if blocks(names)]
            if not never:
                return places
            allowed = np.setdiff1d(allowed, never)

    def _best(self, candidates: NDArray[np.intp], n_songs: int) -> Sequence[int]:
        rng = np.random.default_rng([self.seed, self.listener_id])
        if n_songs == SONGS_OF_A_DUEL:
            return choose_duel(self.board.song_map, candidates, self.known, rng)
        return choose_series(self.board.song_map, candidates, self.known, rng, most=_AHEAD)

    def _allowed(self) -> NDArray[np.intp]:
        catalogue = self.board.catalogue
        rows = catalogue.well_known
        allowed = ~self.corrections.blocked(catalogue, rows)
        if self.genre is not None:
            allowed &= catalogue.meets(SongFilter(genre=self.genre), rows)
        allowed[self.known.labelled] = False
        return np.flatnonzero(allowed)
