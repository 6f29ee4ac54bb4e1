"""Finds genres of a catalogue by what people type."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz, process

from musicrec.domain.errors import GenreNotFoundError
from musicrec.domain.genres import distinct, names_of, relatives_of
from musicrec.domain.identity import fold

_N_NEAREST: Final = 5
_ALIKE: Final = 60.0
"""Of a name to what was typed, 0 to 100."""


class GenreSearch:
    """The genres of one catalogue under all names that are known for them."""

    def __init__(self, genres: Sequence[str]) -> None:
        """Take genres as the catalogue spells them, most songs first."""
        self._genres = distinct(genres)
        self._by_name = names_of(genres)

    def find(self, text: str) -> str | None:
        """Return the genre that a name means, whatever its case and punctuation."""
        return self._by_name.get(fold(text))

    def require(self, text: str) -> str:
        """Return the genre that a name means.

        Raises:
            GenreNotFoundError: There is no such genre; carries the nearest ones.
        """
        found = self.find(text)
        if found is None:
            raise GenreNotFoundError(text, self.nearest(text, _N_NEAREST))
        return found

    def nearest(self, text: str, most: int) -> tuple[str, ...]:
        """Return genres for somebody who asked for one that is not there: of its family first."""
        names = process.extract(fold(text), list(self._by_name), scorer=fuzz.WRatio, limit=3 * most)
        alike = [self._by_name[name] for name, _, _ in names]
        return tuple(distinct([*relatives_of(text, self._genres), *alike])[:most])

    def complete(self, text: str, most: int) -> list[str]:
        """Return genres whose name begins like what is typed so far, then those alike.

        With nothing typed, those with the most songs.
        """
        begun = fold(text) if text.strip() else ""
        if not begun:
            return self._genres[:most]
        found = [genre for name, genre in self._by_name.items() if name.startswith(begun)]
        alike = process.extract(
            begun, list(self._by_name), scorer=fuzz.partial_ratio, limit=most, score_cutoff=_ALIKE
        )
        return distinct([*found, *(self._by_name[name] for name, _, _ in alike)])[:most]
