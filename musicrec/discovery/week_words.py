"""Columns of names that are few: compared by number, because comparing texts takes long."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class Words:
    """One name a song.

    Attributes:
        codes: Places in ``names``, shape ``(n_songs,)``.
        names: Distinct ones; the last is ``""`` for unknown ones.
    """

    codes: NDArray[np.intp]
    names: tuple[str, ...]

    @classmethod
    def of(cls, column: "pd.Series[str]", key: Callable[[str], str] = str.casefold) -> Self:
        """Number the names of a column; those with equal keys are one, and go by the key."""
        codes, names = pd.factorize(column.to_numpy(dtype=object))
        keys = [key(str(name)) for name in names]
        numbers = {each: number for number, each in enumerate(dict.fromkeys(keys))}
        own = np.array([*(numbers[each] for each in keys), -1], dtype=np.intp)[codes]
        return cls(np.where(own < 0, len(numbers), own), (*numbers, ""))

    def __getitem__(self, place: int) -> str:
        """Return the name of one song."""
        return self.names[int(self.codes[place])]

    def among(self, some: Collection[str]) -> NDArray[np.bool_]:
        """Say which songs have one of some names."""
        return np.array([name in some for name in self.names], dtype=np.bool_)[self.codes]


def turns(values: NDArray[Any]) -> NDArray[np.intp]:
    """Return how many times each value has come before it."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(values)])
    turn = np.empty(len(values), dtype=np.intp)
    turn[order] = np.arange(len(values)) - np.repeat(starts, lengths)
    return turn
