"""A song that became known after the catalogue was built."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.track import Track


@dataclass(frozen=True, slots=True)
class LearnedSong:
    """A song with where its values come from.

    Attributes:
        track: The song.
        links: Other ids of it.
        sources: Name of the source of each value, by column of the song table.
        learned_at: When it, or the last of its values, became known; aware UTC.
    """

    track: Track
    links: tuple[str, ...]
    sources: Mapping[str, str]
    learned_at: datetime
