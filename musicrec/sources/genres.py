"""Which genre of the catalogue a tag means. Tags are anybody's words: most mean none."""

from collections.abc import Iterable, Sequence

from musicrec.domain.genres import names_of
from musicrec.domain.identity import fold


class GenreVocabulary:
    """The catalogue's genres, found under the names that others have for them."""

    def __init__(self, genres: Sequence[str]) -> None:
        self._by_name = names_of(genres)

    def pick(self, tags: Iterable[str]) -> str | None:
        """Return the genre that the first tag with a meaning means, spelt as in the catalogue."""
        return next((found for tag in tags if (found := self._by_name.get(fold(tag)))), None)
