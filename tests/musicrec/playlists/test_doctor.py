from dataclasses import replace

import numpy as np
import pytest

from musicrec.catalogue import Catalogue
from musicrec.domain.features import TITLE
from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistItem
from musicrec.playlists.doctor import diagnose
from musicrec.playlists.duplicates import Better, duplicates
from musicrec.playlists.songs import listed_songs
from musicrec.taste import TasteModel
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.playlists.test_pruning import item_of, tracks_of


def found(*items: PlaylistItem) -> list[tuple[int, list[int], Better]]:
    songs = listed_songs(playlist(*items), None)
    return [
        (one.kept.position, [item.position for item in one.others], one.why)
        for one in duplicates(songs)
    ]


def test_releases_of_one_recording_are_duplicates_and_the_original_is_kept():
    assert found(
        song("Africa - 2011 Remaster", "TOTO"),
        song("Rosanna", "Toto"),
        song("Africa", "Toto"),
        song("Africa (feat. Somebody)", "Toto"),
    ) == [(3, [1, 4], Better.ORIGINAL)]


def test_live_and_other_versions_are_songs_of_their_own():
    assert (
        found(
            song("Africa", "Toto"),
            song("Africa (Live)", "Toto"),
            song("Africa - Remix", "Toto"),
            song("Africa", "Weezer"),
        )
        == []
    )


def test_the_same_under_two_ids_and_twice_the_same_id_are_found():
    one, other = TrackId("spotify:track:" + "a" * 22), TrackId("spotify:track:" + "b" * 22)
    popular = {"popularity": 80.0}
    assert found(
        replace(song("Numb", "Linkin Park"), track_id=one, features={"popularity": 20.0}),
        replace(song("Numb", "Linkin Park"), track_id=other, features=popular),
        replace(song("Numb - Live at Home", "Linkin Park"), track_id=one),
        song("Numb", ""),
    ) == [(2, [1, 3], Better.POPULAR)]
    assert found(
        replace(song("Numb", "LP"), track_id=one, features={"popularity": 20.0}),
        replace(song("Numb", "LP"), track_id=other, features=popular),
    ) == [(2, [1], Better.POPULAR)]


def test_a_song_that_joins_two_others_makes_all_of_them_one():
    one = TrackId("spotify:track:" + "a" * 22)
    assert found(
        replace(song("Numm", "LP"), track_id=one),
        song("Numb", "LP"),
        replace(song("Numb", "LP"), track_id=one),
    ) == [(1, [2, 3], Better.EARLIER)]


def test_a_local_file_gives_way_and_else_the_first_one_stays():
    local = replace(song("Numb", "LP"), kind=ItemKind.LOCAL_FILE, uri="spotify:local:x")
    assert found(local, song("Numb", "LP")) == [(2, [1], Better.PLAYABLE)]
    assert found(song("Numb", "LP"), song("Numb", "LP")) == [(1, [2], Better.EARLIER)]


def test_broken_and_nameless_items_are_never_duplicates():
    unknown = replace(song("?"), kind=ItemKind.UNKNOWN)
    assert found(unknown, unknown, song("Intro", ""), song("Intro", "")) == []


@pytest.fixture(scope="module")
def metal(demo: Catalogue) -> Playlist:
    return playlist(*(item_of(track) for track in tracks_of(demo, "metal", slice(120, 180))))


def test_a_song_unlike_all_others_is_out_of_character(demo: Catalogue, metal: Playlist):
    lullaby = replace(
        song("Lullaby", "Nobody"),
        features={
            "energy": 0.02,
            "loudness_db": -30.0,
            "acousticness": 0.99,
            "valence": 0.1,
            "danceability": 0.2,
            "tempo_bpm": 60.0,
        },
    )
    diagnosis = diagnose(listed_songs(metal.with_items([*metal.items[:30], lullaby]), demo))
    assert diagnosis.strangers
    first = diagnosis.strangers[0]
    assert first.item.title == "Lullaby"
    assert {oddity.feature for oddity in first.oddities} <= {
        "energy",
        "loudness_db",
        "acousticness",
    }
    assert len(diagnosis.strangers) < 5


def test_too_few_heard_songs_have_no_character(demo: Catalogue, metal: Playlist):
    few = metal.with_items([*metal.items[:10], *(song(f"Unheard {n}") for n in range(30))])
    diagnosis = diagnose(listed_songs(few, demo))
    assert diagnosis.strangers is None
    assert diagnosis.n_heard == 10


def test_a_list_of_equals_has_no_stranger():
    same = [
        replace(song(f"S{n}"), features={"energy": 0.5, "valence": 0.5, "tempo_bpm": 100.0})
        for n in range(20)
    ]
    assert not diagnose(listed_songs(playlist(*same), None)).strangers


def test_favourites_deep_in_a_long_list_sleep(demo: Catalogue, metal: Playlist, model: TasteModel):
    country = [item_of(track) for track in tracks_of(demo, "country", slice(120, 180))]
    liked = item_of(tracks_of(demo, "metal", slice(0, 1))[0])
    order = [*metal.items[:20], *country[:38], liked, *metal.items[20:21]]
    sleepers = diagnose(listed_songs(metal.with_items(order), demo), model).sleepers
    assert sleepers is not None
    assert (sleepers[0].item.position, sleepers[0].p_like) == (59, None)
    assert all(one.item.position > 40 for one in sleepers)
    assert all(one.p_like is not None and one.p_like >= 0.8 for one in sleepers[1:])


def test_short_lists_and_strangers_tastes_have_no_sleepers(
    demo: Catalogue, metal: Playlist, model: TasteModel
):
    songs = listed_songs(metal.with_items(metal.items[:20]), demo)
    assert diagnose(songs, model).sleepers is None
    assert diagnose(listed_songs(metal, demo)).sleepers is None


def test_the_doctors_change_removes_the_duplicates_alone(demo: Catalogue, metal: Playlist):
    doubled = metal.with_items([*metal.items[:5], *metal.items[:2]])
    diagnosis = diagnose(listed_songs(doubled, demo))
    assert diagnosis.change.removed == (6, 7)
    assert TITLE in listed_songs(doubled, demo).table
    assert np.array_equal(diagnosis.change.order, range(1, 6))
