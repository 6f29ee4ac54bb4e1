"""A listener's passport: a stamp for every country and genre that they have been to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from musicrec.domain.places import STAMPED_AT, Place, PlaceKind, Travels, Visit


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a passport, and what was rated from there."""

    place: Place
    visit: Visit


@dataclass(frozen=True, slots=True)
class Passport:
    """Where a listener has been, and where not yet.

    Attributes:
        entries: Every place that they rated a song from, most songs first.
        open_countries: Codes of the countries that songs come from.
        n_songs: Rated songs.
        unplaced: Rated songs without a known genre or country, by the kind that is missing.
        next: The stamp that is nearest; None where there is none left to get.
    """

    entries: tuple[Entry, ...]
    open_countries: frozenset[str]
    n_songs: int
    unplaced: Mapping[PlaceKind, int]
    next: Entry | None

    def stamped(self, kind: PlaceKind) -> list[Entry]:
        """Return the stamps of a kind, most songs first."""
        return [each for each in self._of(kind) if each.visit.is_stamped]

    def begun(self, kind: PlaceKind) -> list[Entry]:
        """Return the places of a kind that a stamp is near for, nearest first."""
        begun = [each for each in self._of(kind) if not each.visit.is_stamped]
        return sorted(begun, key=lambda each: each.visit.to_go)

    def _of(self, kind: PlaceKind) -> list[Entry]:
        return [each for each in self.entries if each.place.kind is kind]


def passport_of(travels: Travels, places: Mapping[Place, int]) -> Passport:
    """Fill a passport.

    Args:
        travels: Whose.
        places: Songs of every place there is, most songs first.
    """
    visited = [Entry(place, travels.visit(place)) for place in places]
    entries = sorted(
        (each for each in visited if each.visit.rated), key=lambda each: -each.visit.rated
    )
    return Passport(
        entries=tuple(entries),
        open_countries=frozenset(place.name for place in places if place.kind is PlaceKind.COUNTRY),
        n_songs=travels.n_songs,
        unplaced=travels.unplaced,
        next=_next(each for each in visited if places[each.place] >= STAMPED_AT),
    )


def _next(visited: Iterable[Entry]) -> Entry | None:
    """Return the place with the fewest songs to go; of equal ones the one with the most songs."""
    left = (each for each in visited if not each.visit.is_stamped)
    return min(left, key=lambda each: each.visit.to_go, default=None)
