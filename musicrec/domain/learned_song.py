"""A song that became known, or better known, after the catalogue was built."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from musicrec.domain.features import ALBUM, ARTISTS, COUNTRY, GENRE, TITLE
from musicrec.domain.identity import track_id_of
from musicrec.domain.track import Track


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from.

    Attributes:
        source: Its name, as people know it.
        learned_at: When the value became known, aware UTC.
        licence: Under which terms; empty where unknown.
    """

    source: str
    learned_at: datetime
    licence: str = ""


@dataclass(frozen=True, slots=True)
class LearnedSong:
    """A song with where its values come from.

    What is known here takes the place of what the catalogue knew; what is unknown here leaves the
    catalogue's values as they are. So whoever stores a value holds it to be the better one.

    Attributes:
        track: The song.
        links: Other ids of it.
        origins: Of every known value, by column of the song table.
        number: Later stored songs have larger ones: the microseconds since 1970 at which it was
            stored, or a little more; None before it is stored.
    """

    track: Track
    links: tuple[str, ...]
    origins: Mapping[str, Origin]
    number: int | None = None

    @classmethod
    def of_one_source(cls, track: Track, origin: Origin, links: tuple[str, ...] = ()) -> Self:
        """Make a song whose values all come from one source."""
        return cls(track, links, dict.fromkeys(known_columns(track), origin))

    @property
    def learned_at(self) -> datetime | None:
        """When the last of its values became known; None without any origin."""
        return max((origin.learned_at for origin in self.origins.values()), default=None)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id that makes another song the same one: with a named artist, that of its title."""
        named = (self._made_id,) if self.track.main_artist else ()
        return tuple(dict.fromkeys((self.track.id, *self.links, *named)))

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every id that leads to it."""
        return tuple(dict.fromkeys((*self.ids, self._made_id)))

    @property
    def _made_id(self) -> str:
        return track_id_of(self.track.title, self.track.main_artist)


def known_columns(track: Track) -> list[str]:
    """Return the columns of the song table that a song has values for, but for its id."""
    texts = {
        TITLE: track.title,
        ARTISTS: track.artists,
        ALBUM: track.album,
        GENRE: track.genre,
        COUNTRY: track.country,
    }
    return [*(name for name, text in texts.items() if text), *track.features]
