"""The tastes of people who opted in to be compared, held against each other."""

from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.features import GENRE
from musicrec.domain.ids import ListenerId
from musicrec.domain.track import Track

MOST_IN_A_BLEND = 8
"""People whom one playlist can be for."""


@dataclass(frozen=True, slots=True)
class ComparableTaste:
    """One listener's consent, on one server, to have their taste compared with others' there.

    Attributes:
        guild_id: The Discord server.
        listener_id: Whose taste.
        since: When they agreed, aware UTC.
    """

    guild_id: int
    listener_id: ListenerId
    since: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people say the same about a song.

    Attributes:
        share: Estimated share of well-known songs, in [0, 1].
        low: Lower end of a range that holds the true share in four of five cases.
        high: Its upper end.
        by_chance: The share at which two people agree who like as many songs as these two, but
            like them independently of each other.
        n_both: Songs that both rated.
        n_same: Of these, rated alike.
    """

    share: float
    low: float
    high: float
    by_chance: float
    n_both: int
    n_same: int


@dataclass(frozen=True, slots=True)
class Trait:
    """How two people lean towards a genre, or towards songs high in a feature.

    Attributes:
        about: The song table's column: the genre, or a feature.
        first: How far the first person leans towards it, positive, or away from it, in [-1, 1].
        second: The same for the second one.
        high: What is leaned towards: the genre's name, which is untrusted text, or an adjective
            for songs, e.g. ``"energetic"``.
        low: Of a feature, the adjective at the other end; empty for a genre.
    """

    about: str
    first: float
    second: float
    high: str
    low: str = ""

    @property
    def is_genre(self) -> bool:
        """Whether it is about a genre."""
        return self.about == GENRE


@dataclass(frozen=True, slots=True)
class SharedSong:
    """One song with the chance that each of two people likes it."""

    track: Track
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two tastes have in common, and where they part.

    Attributes:
        agreement: How often both say the same.
        alike: A genre and a feature at most on which both clearly lean to one side.
        apart: A genre and a feature at most on which they clearly lean to opposite sides.
        for_both: The song that the less happy one of both would most likely like; None where
            every song is rated.
        splits: The song about which they would most likely say opposite things.
    """

    agreement: Agreement
    alike: tuple[Trait, ...]
    apart: tuple[Trait, ...]
    for_both: SharedSong | None
    splits: SharedSong | None
