"""Passports to draw."""

from musicrec.domain.passport import Passport, passport_of
from musicrec.domain.places import Place, PlaceKind, Travels, Visit
from tests.musicrec.charts.test_charts import HOSTILE

NAMES = {"SE": "Sweden", "JM": "Jamaica", "CA": "Canada", "JP": "日本", "NG": "Nigeria"}


def passport(countries: dict[str, int], genres: dict[str, int]) -> Passport:
    """Return the passport of somebody who rated so many songs; there are no other places."""
    rated = {Place(PlaceKind.COUNTRY, code): n for code, n in countries.items()} | {
        Place(PlaceKind.GENRE, genre): n for genre, n in genres.items()
    }
    visits = {(place.kind, place.key): Visit(n, n // 2) for place, n in rated.items()}
    return passport_of(
        Travels(visits, {}, 40, {PlaceKind.COUNTRY: 7, PlaceKind.GENRE: 0}),
        dict.fromkeys(rated, 50),
    )


PASSPORT = passport({"SE": 12, "JM": 3, "CA": 2, "JP": 1, "NG": 0}, {"rock": 30, "folk": 1})
HOSTILE_PASSPORT = passport({"SE": 9, "QQ": 5}, {name: 3 * row for row, name in enumerate(HOSTILE)})
