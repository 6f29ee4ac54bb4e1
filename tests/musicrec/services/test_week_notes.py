"""What a weekly list says about itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind, WeekSong
from musicrec.services.week_notes import note_of
from musicrec.services.week_spotify import known_there, unknown_there
from tests.musicrec.learned_songs import learned

ON_SPOTIFY = TrackId(f"spotify:track:{'a' * 22}")


def song(track_id: str, title: str = "A Song", url: str = "") -> WeekSong:
    return WeekSong(1, TrackId(track_id), title, ("Artist",), 0.7, PickKind.NEW, "", url)


def noted(*titles: str, n_songs: int = 30) -> str:
    left_out = [song("isrc:XXA012600001", title) for title in titles]
    return note_of(n_songs=n_songs, n_wanted=30, n_missing=0, n_skipped=0, left_out=left_out)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    current = CurrentCatalogue(tmp_path)
    yield current.now.with_learned(
        [learned("isrc:XXA012600009", "Learned", "Somebody", n=1, links=(ON_SPOTIFY,))]
    )
    current.close()


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, ""),
        ({"n_missing": 1}, "After one more rating I can learn it."),
        ({"n_missing": 7}, "This is a starter week"),
        ({"n_songs": 12}, "Only 12 songs instead of 30"),
        ({"n_songs": 1}, "Only one song instead of 30"),
        ({"n_songs": 0}, "no song left"),
        ({"n_skipped": 1}, "One list before this one could not be brought in time."),
        ({"n_skipped": 3}, "3 lists before this one"),
    ],
)
def test_notes_say_what_is_not_as_usual(facts: dict[str, Any], said: str):
    usual: dict[str, Any] = {"n_songs": 30, "n_wanted": 30, "n_missing": 0, "n_skipped": 0}
    note = note_of(**usual | facts)
    assert said in note
    assert bool(said) is bool(note)


def test_songs_that_a_copy_will_not_have_are_named():
    assert noted("Für Élise") == (
        "I do not know 1 of the 30 songs on Spotify, so the copy there is without it: “Für Élise”."
    )
    assert noted("A", "", "C") == (
        "I do not know 3 of the 30 songs on Spotify, so the copy there is without them: “A”,"
        " “Untitled”, “C”."
    )


def test_many_songs_with_long_names_are_counted_and_cut():
    said = noted(*["x" * 300] * 9)
    assert said.endswith(f"“{'x' * 39}…” and 6 more.")
    assert len(said) < 250


def test_where_no_song_is_known_there_no_copy_is_promised():
    assert "there is no copy of them there" in noted("A", "B", n_songs=2)


def test_a_song_is_known_there_by_any_of_its_ids_or_by_its_link(catalogue: Catalogue):
    link = "https://open.spotify.com/track/" + "b" * 22
    known = [song(ON_SPOTIFY), song("isrc:XXA012600009"), song("mbid:1", url=link)]
    unknown = [song("isrc:XXA012600001"), song("song:gone", url="https://example.org/a")]
    assert unknown_there([*known, *unknown], catalogue) == tuple(unknown)
    items = known_there([*unknown, *known], catalogue)
    assert [item.track_id for item in items] == [one.track_id for one in known]
    assert items[1].uri == ON_SPOTIFY
