"""What was heard in a file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

ESTIMATED: Final = frozenset({"acousticness", "danceability", "energy"})
"""Features that listening only estimates; the others it measures."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What whoever made a file wrote into it: untrusted, and empty where nothing is written.

    Attributes:
        title: Of the song.
        artists: Every credited artist, main artist first.
        album: That the song is on.
        date: Of its release, in any form.
        isrc: Of the recording, in any form.
    """

    title: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    date: str = ""
    isrc: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a song after listening to its file.

    Attributes:
        tags: Of the file.
        features: By their names in ``domain.features``; what could not be computed is absent.
    """

    tags: Tags
    features: Mapping[str, float] = field(default_factory=dict[str, float])
