"""Lists held against the model's own scores of every song, some songs at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue.filtering import rows_meeting
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.discovery.scorer import Scorer, Taste
from musicrec.domain.recall import BEST
from musicrec.domain.song_filter import SongFilter

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

_TIE: Final = 1e-6
"""Probabilities this near are equal: a list keeps them in single precision."""


@dataclass(frozen=True, eq=False, slots=True)
class AuditedList:
    """A list to audit.

    Attributes:
        only: What its songs are limited to.
        rows: Its first songs, at most ``BEST``.
        known: Rows of songs that it leaves out because the listener has met them.
    """

    only: SongFilter
    rows: Rows
    known: Rows


@dataclass(frozen=True, eq=False, slots=True)
class Tally:
    """What the scores of some songs say about a list; those of all songs add up.

    Attributes:
        best: The highest scores of songs that belong on the list, descending, at most ``BEST``.
        listed: Scores of the list's songs among them.
    """

    best: Floats
    listed: Floats

    @classmethod
    def of(cls, audited: AuditedList, rows: Rows, fits: NDArray[np.bool_], p_like: Floats) -> Self:
        """Look at some songs.

        Args:
            audited: The list.
            rows: Of the songs, each once.
            fits: Which of them meet the list's filter, shape of ``rows``.
            p_like: Of each by the model itself, shape of ``rows``.
        """
        belongs = fits & ~np.isin(rows, audited.known)
        is_listed = belongs & np.isin(rows, audited.rows)
        return cls(_highest(p_like[belongs]), p_like[is_listed])

    @classmethod
    def sum(cls, tallies: Iterable[Self]) -> Self:
        """Add what was seen of different songs."""
        every = list(tallies)
        best = np.concatenate([np.empty(0), *(tally.best for tally in every)])
        listed = np.concatenate([np.empty(0), *(tally.listed for tally in every)])
        return cls(_highest(best), listed)

    @property
    def looked_for(self) -> int:
        """Songs that the list should begin with."""
        return len(self.best)

    @property
    def found(self) -> int:
        """How many of them it begins with; an equally good song counts as well."""
        if not len(self.best):
            return 0
        return min(len(self.best), int((self.listed >= self.best[-1] - _TIE).sum()))


def tallies(
    snapshot: Snapshot, taste: Taste, lists: Sequence[AuditedList], rows: Rows
) -> list[Tally]:
    """Score some songs of a snapshot by the model itself; a tally each list."""
    p_like = Scorer(snapshot, taste).p_like(rows)
    return [
        Tally.of(audited, rows, rows_meeting(snapshot, audited.only, rows), p_like)
        for audited in lists
    ]


def sums(parts: Sequence[Sequence[Tally]]) -> list[Tally]:
    """Add the tallies of each list over parts of the songs, in the order of the lists."""
    return [Tally.sum(of_list) for of_list in zip(*parts, strict=True)]


def _highest(scores: Floats) -> Floats:
    if len(scores) > BEST:
        scores = np.partition(scores, len(scores) - BEST)[-BEST:]
    return np.sort(scores)[::-1]
