"""Find songs in the catalogue."""

from rapidfuzz import fuzz, process

from musicrec.catalogue import Catalogue
from musicrec.domain.errors import TrackNotFoundError
from musicrec.domain.ids import TrackId
from musicrec.domain.track import Track


class SongService:
    """Search and autocomplete; quick enough for the event loop."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @property
    def genres(self) -> tuple[str, ...]:
        """Every genre, the one with the most songs first."""
        return self._catalogue.genres

    def search(self, text: str, *, genre: str | None = None, limit: int = 10) -> list[Track]:
        """Return the songs that match, most popular first.

        Raises:
            GenreNotFoundError: There is no such genre.
        """
        if genre is not None:
            genre = self._catalogue.require_genre(genre)
        return self._catalogue.search(text, genre=genre, limit=limit)

    def suggest(self, text: str, limit: int = 25) -> list[Track]:
        """Complete what was typed so far; with nothing typed, the most popular songs."""
        if not text.strip():
            return [self._catalogue.track(row) for row in range(min(limit, len(self._catalogue)))]
        return self._catalogue.search(text, limit=limit)

    def suggest_genres(self, text: str, limit: int = 25) -> list[str]:
        """Complete a genre, nearest spelling first."""
        if not text.strip():
            return list(self.genres[:limit])
        matches = process.extract(
            text.casefold(), self.genres, scorer=fuzz.partial_ratio, limit=limit, score_cutoff=60
        )
        return [genre for genre, _, _ in matches]

    def resolve(self, text: str) -> Track:
        """Return the song that a track id or free text means.

        Raises:
            TrackNotFoundError: Nothing matches.
        """
        track = self._catalogue.get(TrackId(text.strip()))
        if track is not None:
            return track
        matches = self._catalogue.search(text, limit=1) if text.strip() else []
        if not matches:
            raise TrackNotFoundError(text)
        return matches[0]
