"""The songs that the stand-in knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Song:
    """A track.

    Attributes:
        spotify_id: 22 letters and digits.
        title: Its name.
        artists: Main artist first; one at least.
        isrc: None where there is none.
        year: Of the release; None where unknown.
        duration_ms: Its length.
        explicit: Whether it has explicit words.
        features: Audio features by Spotify's names.
    """

    spotify_id: str
    title: str
    artists: tuple[str, ...]
    isrc: str | None = None
    year: int | None = None
    duration_ms: int = 0
    explicit: bool = False
    features: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def uri(self) -> str:
        """As playlists name it."""
        return f"spotify:track:{self.spotify_id}"


class Library:
    """Songs by their id."""

    def __init__(self, songs: Mapping[str, Song]) -> None:
        self._songs = songs

    @classmethod
    def of(cls, songs: Iterable[Song]) -> Self:
        """Keep songs."""
        return cls({song.spotify_id: song for song in songs})

    def get(self, spotify_id: str) -> Song | None:
        """Return a song; None where there is none of that id."""
        return self._songs.get(spotify_id)

    @property
    def songs(self) -> Iterable[Song]:
        """All of them."""
        return self._songs.values()
