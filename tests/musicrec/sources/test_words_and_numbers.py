import math
from itertools import pairwise

import pytest

from musicrec.sources.countries import code_of
from musicrec.sources.fields import country_code, number, tidy, valid, year_of
from musicrec.sources.genres import GenreVocabulary
from musicrec.sources.popularity import popularity_of_listeners, popularity_of_rank
from musicrec.sources.replies import pause_s, retry_after_s
from musicrec.sources.transport import Reply


@pytest.mark.parametrize(
    ("name", "code"),
    [("Sweden", "SE"), ("CÔTE D'IVOIRE", "CI"), ("Türkiye", "TR"), ("Scotland", "GB"),
     ("Guinea-Bissau", "GW"), ("Umeå", None), ("[Worldwide]", None), ("", None)],
)  # fmt: skip
def test_countries_are_known_by_name(name: str, code: str | None):
    assert code_of(name) == code


@pytest.mark.parametrize(
    ("code", "country"),
    [("SE", "SE"), ("XK", "XK"), ("XW", None), ("XE", None), ("ZZ", None), ("se", None),
     ("SWE", None)],
)  # fmt: skip
def test_codes_for_private_use_are_no_countries(code: str, country: str | None):
    assert country_code(code) == country


@pytest.mark.parametrize(
    ("tag", "genre"),
    [("Hip-Hop", "hip-hop"), ("Hip-Hop/Rap", "hip-hop"), ("R&B", "r-n-b"), ("rap", "hip-hop"),
     ("Contemporary R&B", "r-n-b"), ("ROCK", "rock"), ("seen live", None), ("", None)],
)  # fmt: skip
def test_tags_mean_genres_of_the_catalogue_or_nothing(tag: str, genre: str | None):
    assert GenreVocabulary(("rock", "r-n-b", "hip-hop")).pick([tag]) == genre


def test_a_genre_of_the_catalogue_is_never_taken_for_its_alias():
    vocabulary = GenreVocabulary(("hip-hop", "rap", "indie", "indie pop"))
    assert vocabulary.pick(["nonsense", "rap"]) == "rap"
    assert vocabulary.pick(["indie pop"]) == "indie pop"
    assert GenreVocabulary(()).pick(["rock"]) is None


def test_popularity_counts_every_tenfold_of_listeners_the_same():
    assert popularity_of_listeners(0) == 0
    assert popularity_of_listeners(None) is None
    assert popularity_of_listeners(10**9) == 100
    steps = [popularity_of_listeners(10**power - 1) or 0 for power in range(7)]
    assert all(math.isclose(b - a, 100 / 6, abs_tol=1e-3) for a, b in pairwise(steps))


def test_a_rank_of_zero_is_unknown():
    assert popularity_of_rank(0) is None
    assert popularity_of_rank(None) is None
    assert popularity_of_rank(500_000) == 50


def test_what_is_no_number_or_out_of_range_is_missing():
    odd = {"a": True, "b": "7", "c": math.nan, "d": math.inf, "e": None, "f": [1]}
    assert [number(odd, name) for name in odd] == [None] * 6
    assert valid({"key": -1, "tempo_bpm": 0, "energy": 1.2, "valence": 0, "mode": None}) == {
        "valence": 0
    }


@pytest.mark.parametrize(
    ("date", "year"),
    [("1999", 1999), ("1999-05-01", 1999), ("0000-00-00", None), ("", None), ("May 1999", None)],
)
def test_years_are_read_from_dates(date: str, year: float | None):
    assert year_of(date) == year


def test_texts_are_tidy_and_bounded():
    assert tidy("a\x00\r\n b\u202e\u2066c\ud800 ") == "a bc"
    assert len(tidy("é" * 10_000)) == 300


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "86236"}, 86_236),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "99999999999"}, 7 * 86_400),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({}, None),
        ({"retry-after": "Mon, 23 Nov 2026 12:01:00 GMT"}, None),
        (
            {
                "retry-after": "Mon, 23 Nov 2026 12:01:00 GMT",
                "date": "Mon, 23 Nov 2026 12:00:00 GMT",
            },
            60,
        ),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(headers: dict[str, str], seconds: float | None):
    assert retry_after_s(Reply(429, headers)) == seconds


def test_rate_headers_pause_only_where_nothing_is_left():
    assert pause_s(Reply(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset-in": "7"})) == 7
    assert pause_s(Reply(200, {"x-ratelimit-remaining": "3", "x-ratelimit-reset-in": "7"})) == 0
    assert pause_s(Reply(200)) == 0
