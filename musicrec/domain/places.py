"""Places that a listener's music comes from: genres and countries, and where they have been."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Self

from musicrec.domain.genres import genre_key
from musicrec.domain.track import Track

STAMPED_AT: Final = 3
"""Rated songs from which on a listener has been to a place."""

_YEARS: Final = 10


class PlaceKind(StrEnum):
    """What a place is; the value stands in custom ids for ever."""

    GENRE = "genre"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere that songs come from.

    Attributes:
        kind: A genre or a country.
        name: A genre as the catalogue spells it, or an ISO 3166-1 alpha-2 code.
    """

    kind: PlaceKind
    name: str

    @property
    def key(self) -> str:
        """Equal for names of the same genre."""
        return genre_key(self.name) if self.kind is PlaceKind.GENRE else self.name


@dataclass(frozen=True, slots=True)
class Visit:
    """Songs from a place that a listener rated, and how many of them they like."""

    rated: int = 0
    liked: int = 0

    @property
    def is_stamped(self) -> bool:
        """Whether they have been there."""
        return self.rated >= STAMPED_AT

    @property
    def to_go(self) -> int:
        """Songs to rate until they have been there."""
        return max(0, STAMPED_AT - self.rated)

    def with_one(self, *, liked: bool) -> "Visit":
        """Return the visit with one more song."""
        return Visit(self.rated + 1, self.liked + liked)


@dataclass(frozen=True, slots=True)
class News:
    """What is new about a song to a listener who has not been there; None for all else.

    Attributes:
        genre: As the song's.
        country: ISO 3166-1 alpha-2.
        decade: Its first year.
    """

    genre: str | None = None
    country: str | None = None
    decade: int | None = None


@dataclass(frozen=True, slots=True)
class Travels:
    """Where a listener has been.

    Attributes:
        visits: Of genres and countries, by kind and ``Place.key``.
        decades: Of decades, by their first year.
        n_songs: Rated songs.
        unplaced: Rated songs without a known genre or country, by the kind that is missing.
    """

    visits: Mapping[tuple[PlaceKind, str], Visit] = field(
        default_factory=dict[tuple[PlaceKind, str], Visit]
    )
    decades: Mapping[int, Visit] = field(default_factory=dict[int, Visit])
    n_songs: int = 0
    unplaced: Mapping[PlaceKind, int] = field(default_factory=dict[PlaceKind, int])

    @classmethod
    def of(cls, rated: Iterable[tuple[Track, bool]]) -> Self:
        """Find out from rated songs, each with whether it is liked."""
        visits: dict[tuple[PlaceKind, str], Visit] = {}
        decades: dict[int, Visit] = {}
        unplaced = dict.fromkeys(PlaceKind, 0)
        n_songs = 0
        for track, liked in rated:
            n_songs += 1
            places = places_of(track)
            for place in places:
                at = (place.kind, place.key)
                visits[at] = visits.get(at, Visit()).with_one(liked=liked)
            for kind in set(PlaceKind) - {place.kind for place in places}:
                unplaced[kind] += 1
            if (decade := decade_of(track)) is not None:
                decades[decade] = decades.get(decade, Visit()).with_one(liked=liked)
        return cls(visits, decades, n_songs, unplaced)

    def visit(self, place: Place) -> Visit:
        """Return what was rated from a place."""
        return self.visits.get((place.kind, place.key), Visit())

    def is_new(self, place: Place) -> bool:
        """Whether the listener has hardly been there."""
        return not self.visit(place).is_stamped

    def news_of(self, track: Track) -> News:
        """Say what is new about a song."""
        new = {place.kind: place.name for place in places_of(track) if self.is_new(place)}
        decade = decade_of(track)
        is_known = decade is None or self.decades.get(decade, Visit()).is_stamped
        return News(
            new.get(PlaceKind.GENRE), new.get(PlaceKind.COUNTRY), None if is_known else decade
        )


def places_of(track: Track) -> list[Place]:
    """Return where a song comes from, as far as it is known."""
    known = ((PlaceKind.GENRE, track.genre), (PlaceKind.COUNTRY, track.country))
    return [Place(kind, name) for kind, name in known if name]


def decade_of(track: Track) -> int | None:
    """Return the first year of a song's decade; None where its year is unknown."""
    return None if track.year is None else track.year // _YEARS * _YEARS
