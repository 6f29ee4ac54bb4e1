"""Songs learned since the build: found and scored at once, and better known ones shown instead."""

import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from musicrec.catalogue import Catalogue, Delta, import_songs, open_catalogue, write_table
from musicrec.catalogue.delta import MOST_SONGS
from musicrec.domain.identity import track_id_of
from musicrec.domain.ids import TrackId
from musicrec.domain.song_filter import SongFilter
from tests.musicrec.learned_songs import learned

HELLO = TrackId("spotify:track:1Yk0cQdMLx5RzzFTYwmuld")
HELLO_ALSO = TrackId("spotify:track:4sPmO7WMQUAf45kwMOtONw")
NUMB = TrackId("spotify:track:2nLtzopw4rPReszdYBJU6h")
ISRC = TrackId("isrc:GBBKS1500214")


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    songs = pd.DataFrame(
        {
            "track_id": [HELLO, HELLO_ALSO, NUMB],
            "title": ["Hello", "Hello - Remastered", "Numb"],
            "artists": ["Adele", "Adele", "Linkin Park"],
            "album": ["25", None, "Meteora"],
            "genre": ["pop", None, "metal"],
            "country": ["GB", None, "US"],
            "popularity": [90, 10, 80],
            "energy": [0.4, None, 0.8],
            "year": [2015, None, 2003],
        }
    )
    write_table(songs, tmp_path / "songs.parquet")
    import_songs(tmp_path / "data", [tmp_path / "songs.parquet"])
    return open_catalogue(tmp_path / "data")


def titles(catalogue: Catalogue, text: str, only: SongFilter | None = None) -> list[str]:
    return [track.title for track in catalogue.search(text, only=only)]


@pytest.mark.parametrize("track_id", [HELLO, HELLO_ALSO, track_id_of("Hello", "Adele")])
def test_a_song_of_the_snapshot_that_is_learned_better_is_shown_instead(
    catalogue: Catalogue, track_id: str
):
    better = learned(track_id, "Hello", "Adele", energy=0.45, genre="soul")
    now = catalogue.with_learned([better])

    assert len(now) == 2
    for known in (HELLO, HELLO_ALSO, track_id_of("hello", "ADELE")):
        track = now.require(known)
        assert track.id == HELLO  # labels and buttons have it
        assert track.genre == "soul"
        assert track.country == "GB"  # was not learned
        assert track.features == {"energy": 0.45, "year": 2015.0, "popularity": 90.0}
    (row,) = now.rows_of([HELLO])
    assert row == catalogue.row_of(HELLO)
    assert now.table([row, 1])["genre"].tolist() == ["soul", "metal"]
    assert now.features([1, row])["energy"].tolist() == [0.8, 0.45]
    assert titles(now, "hello ade") == ["Hello"]
    assert titles(now, "") == ["Hello", "Numb"]


def test_a_song_is_superseded_by_one_whose_link_it_is(catalogue: Catalogue):
    now = catalogue.with_learned([learned(ISRC, "Numb", "LP", links=(NUMB,), energy=0.9)])

    assert len(now) == 2
    assert now.row_of(ISRC) == now.row_of(NUMB) == catalogue.row_of(NUMB)
    assert now.require(ISRC).id == NUMB
    assert now.require(NUMB).artists == ("LP",)
    assert titles(now, "numb lp") == ["Numb"]
    assert set(now.all_rows_of([ISRC, NUMB])) == {now.row_of(NUMB)}


def test_filters_see_what_was_learned_and_not_what_it_replaced(catalogue: Catalogue):
    now = catalogue.with_learned(
        [
            learned(NUMB, "Numb", "Linkin Park", genre="rock", year=2004.0),
            learned(ISRC, "Brand New", "Band", genre="shoegaze", country="IS", year=2026.0, n=2),
        ]
    )

    assert now.all_meeting(SongFilter(genre="metal")).tolist() == []
    assert now.all_meeting(SongFilter(genre="rock")).tolist() == [1]
    assert now.all_meeting(SongFilter(years=(2004, 2026))).tolist() == [0, 1, 2]
    assert now.meets(SongFilter(genre="rock"), [2, 1, 0]).tolist() == [False, True, False]
    assert now.require_genre("Shoegaze") == "shoegaze"
    assert "IS" in now.countries
    assert titles(now, "n", SongFilter(country="IS")) == ["Brand New"]
    assert [len(keys) for keys in now.artist_keys([0, 1, 2])] == [1, 1, 1]
    assert [now.credit(row) for row in (1, 2)] == [
        ("Numb", ("Linkin Park",)),
        ("Brand New", ("Band",)),
    ]
    assert catalogue.credit(1) == ("Numb", ("Linkin Park",))
    assert now.artist_keys([1]) == catalogue.artist_keys([1])


def test_a_song_that_joins_two_others_is_shown_once(catalogue: Catalogue):
    one = learned("isrc:A", "Intro", "X", energy=0.1, n=1)
    two = learned("isrc:B", "Intro (Live)", "X", valence=0.2, n=2)
    joining = learned("isrc:C", "Intro", "X", links=("isrc:A", "isrc:B", NUMB), tempo_bpm=99.0, n=3)
    apart = catalogue.with_learned([one, two])
    now = apart.with_learned([joining])

    assert len(apart) == 4
    assert len(now) == 2
    rows = {now.row_of(TrackId(each)) for each in ("isrc:A", "isrc:B", "isrc:C", NUMB)}
    assert rows == {1}
    known = now.require(NUMB).features
    assert (known["energy"], known["valence"], known["tempo_bpm"]) == (0.1, 0.2, 99.0)
    assert titles(now, "intro") == ["Intro"]
    assert titles(now, "numb") == ["Intro"]  # was its title
    assert now.all_meeting(SongFilter(years=(2003, 2003))).tolist() == [1]
    assert [len(each.delta.songs) for each in (apart, now)] == [2, 3]


def test_the_same_song_learned_again_forgets_what_was_learned_before(catalogue: Catalogue):
    now = catalogue.with_learned([learned(NUMB, "Numb", "Linkin Park", energy=0.1, valence=0.3)])
    now = now.with_learned([learned(NUMB, "Numb", "Linkin Park", tempo_bpm=110.0, n=2)])

    known = now.require(NUMB).features
    assert "valence" not in known
    assert known["energy"] == 0.8  # the snapshot's
    assert known["tempo_bpm"] == 110


def test_what_a_reader_holds_never_changes(catalogue: Catalogue):
    held = [catalogue]
    for n in range(40):
        song = learned(f"isrc:{n % 25}", f"Song {n}", "Band", energy=n / 100, n=n + 1)
        held.append(held[-1].with_learned([song]))

    assert [len(each) for each in held] == [2 + min(n, 25) for n in range(41)]
    for n, each in enumerate(held[1:]):
        assert each.require(TrackId(f"isrc:{n % 25}")).title == f"Song {n}"
        assert titles(each, f"song {n}")[0] == f"Song {n}"
        assert not titles(each, f"song {n + 1}")


def test_search_folds_accents_and_forgives_a_typo_among_learned_songs(catalogue: Catalogue):
    now = catalogue.with_learned(
        [
            learned("isrc:A", "Jóga", "Björk"),
            learned("isrc:B", "Święto", "Łona", n=2),
            learned("isrc:C", "今夜このまま", "あいみょん", n=3),
            learned("isrc:D", "Hyperballad", "Björk", popularity=70.0, n=4),
            learned("isrc:E", "!!!", "???", n=5),
        ]
    )

    assert titles(now, "JOGA bjo") == ["Jóga"]
    assert titles(now, "swieto lona") == ["Święto"]
    assert titles(now, "今夜この") == ["今夜このまま"]
    assert titles(now, "hyperbalad bjork") == ["Hyperballad"]
    assert titles(now, "bjork") == ["Hyperballad", "Jóga"]
    assert titles(now, "!!!") == ["!!!"]
    assert titles(now, "quiet") == []


def test_a_learned_song_of_just_that_title_comes_before_others(catalogue: Catalogue):
    now = catalogue.with_learned(
        [learned("isrc:A", "Hello", "Nobody"), learned("isrc:B", "Hello Again", "Nobody", n=2)]
    )

    artists = [track.artists for track in now.search("hello")]
    assert artists == [("Nobody",), ("Adele",), ("Nobody",)]


def test_a_thousand_songs_at_once_and_one_by_one_are_the_same(catalogue: Catalogue):
    rng = np.random.default_rng(0)
    songs = [
        learned(f"isrc:{rng.integers(200)}", f"T{rng.integers(50)}", f"A{n % 7}", energy=0.5, n=n)
        for n in range(400)
    ]
    at_once = catalogue.with_learned(songs)
    one_by_one = catalogue
    for song in songs:
        one_by_one = one_by_one.with_learned([song])

    assert len(at_once) == len(one_by_one)
    assert at_once.delta.tracks == one_by_one.delta.tracks
    assert at_once.delta.hidden == one_by_one.delta.hidden
    for text in ("t1", "a3", "t12 a"):
        assert at_once.search(text, limit=99) == one_by_one.search(text, limit=99)


def test_there_is_room_for_many(catalogue: Catalogue):
    assert MOST_SONGS >= 10_000
    now = catalogue.with_learned([learned(f"isrc:{n}", f"Song {n}", "X", n=n) for n in range(3000)])
    assert len(now) == 3002
    assert titles(now, "song 2999") == ["Song 2999"]


def test_some_learned_songs_travel_to_other_processes_in_their_rows(catalogue: Catalogue):
    better = learned(HELLO, "Hello", "Adele", energy=0.45)
    fresh = [learned(f"mbid:{n}", f"Fresh {n}", "Ann", energy=n / 10) for n in range(3)]
    now = catalogue.with_learned([better, *fresh])
    rows = now.rows_of([HELLO, TrackId("mbid:2"), NUMB])
    sent: Delta = pickle.loads(pickle.dumps(now.delta.only(rows)))  # noqa: S301 - our own
    there = Catalogue(catalogue.snapshot, sent)
    assert there.tracks(rows) == now.tracks(rows)
    pd.testing.assert_frame_equal(there.features(rows), now.features(rows))
    assert there.rows_of([TrackId("mbid:2"), TrackId("mbid:1")]).tolist() == rows[1:2].tolist()
