"""The words of a passport, for everybody who does not see its map."""

from collections.abc import Mapping
from typing import Final

from musicrec.charts.canvas import one_line, shorten
from musicrec.domain.passport import Entry, Passport
from musicrec.domain.places import STAMPED_AT, PlaceKind

_NOUNS: Final = {PlaceKind.COUNTRY: ("country", "countries"), PlaceKind.GENRE: ("genre", "genres")}
_MOST: Final = 20
_LONGEST_NAME: Final = 28


def name_of(entry: Entry, names: Mapping[str, str]) -> str:
    """Return the name of a place on one line, long ones cut; countries by ``names``."""
    name = entry.place.name
    is_country = entry.place.kind is PlaceKind.COUNTRY
    return shorten(one_line(names.get(name, name) if is_country else name), _LONGEST_NAME)


def headline(passport: Passport) -> str:
    """Say how many stamps there are."""
    parts = [counted(len(passport.stamped(kind)), kind) for kind in _NOUNS]
    return f"Your passport: {' and '.join(parts)}"


def counted(n: int, kind: PlaceKind) -> str:
    """Return a number with its noun: ``1 country``, ``2 countries``."""
    one, many = _NOUNS[kind]
    return f"{n} {one if n == 1 else many}"


def next_words(passport: Passport, names: Mapping[str, str]) -> str:
    """Say which stamp is nearest."""
    nearest = passport.next
    if nearest is None:
        return "You have every stamp there is"
    songs = "song" if nearest.visit.to_go == 1 else "songs"
    return f"Next stamp: {name_of(nearest, names)}, {nearest.visit.to_go} more {songs}"


def missing_words(passport: Passport) -> str:
    """Say how many songs have no known country; empty where all have."""
    n = passport.unplaced.get(PlaceKind.COUNTRY, 0)
    if not n:
        return ""
    return f"The country of {n} of {passport.n_songs} rated songs is unknown"


def passport_text(passport: Passport, names: Mapping[str, str]) -> str:
    """Write a passport as lists for a monospaced font."""
    missing = missing_words(passport)
    lines = [
        f"{headline(passport)}.",
        f"A stamp takes {STAMPED_AT} rated songs.",
        f"{next_words(passport, names)}.",
        *([f"{missing}."] if missing else []),
    ]
    for kind, (_, many) in _NOUNS.items():
        lines += ["", f"{many.capitalize()}:"]
        lines += _list(passport, kind, names) or ["  none yet"]
    return "\n".join(lines)


def _list(passport: Passport, kind: PlaceKind, names: Mapping[str, str]) -> list[str]:
    stamped, begun = passport.stamped(kind), passport.begun(kind)
    shown = [
        *(f"  ✓ {name_of(each, names)}: {each.visit.rated}" for each in stamped),
        *(f"  · {name_of(each, names)}: {each.visit.rated} of {STAMPED_AT}" for each in begun),
    ]
    left = len(shown) - _MOST
    return [*shown[:_MOST], *([f"  and {left} more"] if left > 0 else [])]
