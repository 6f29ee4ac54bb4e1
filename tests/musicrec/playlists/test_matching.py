from dataclasses import replace

import pytest

from musicrec.catalogue import Catalogue
from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind, PlaylistItem
from musicrec.playlists.matching import MatchBy, match, match_item
from musicrec.playlists.songs import listed_songs
from tests.musicrec.playlists.lists import playlist, song


def test_items_are_matched_by_id_else_by_name_and_say_how_sure_that_is(demo: Catalogue):
    numb = demo.search("numb linkin park", limit=1)[0]
    length = numb.duration_ms
    assert length is not None
    named = song("NUMB (Remastered)", "linkin park")
    cases = {
        MatchBy.ID: replace(song("Something else"), track_id=numb.id),
        MatchBy.NAME_AND_LENGTH: replace(named, duration_ms=length + 2_000),
        MatchBy.NAME_ONLY: replace(named, duration_ms=length + 60_000),
        MatchBy.NAME: named,
        MatchBy.FIRST_NAME: song("Numb", "Linkin Park, Jay-Z"),
    }
    for by, item in cases.items():
        found = match_item(item, demo)
        assert found is not None
        assert (found.by, demo.track(found.row).title) == (by, numb.title)


def test_an_unknown_id_does_not_hide_a_known_name(demo: Catalogue):
    item = replace(song("Numb", "Linkin Park"), track_id=TrackId("spotify:track:" + "x" * 22))
    found = match_item(item, demo)
    assert found is not None
    assert found.by is MatchBy.NAME


@pytest.mark.parametrize(
    "item",
    [
        song("Numb", "Nobody at All"),
        song("", "Linkin Park"),
        replace(song("Numb", "Linkin Park"), artists=()),
        replace(song("Numb", "Linkin Park"), kind=ItemKind.EPISODE),
    ],
)
def test_what_is_not_found_is_named_not_dropped(demo: Catalogue, item: PlaylistItem):
    matches = match(playlist(song("Numb", "Linkin Park"), item), demo)
    assert list(matches.found) == [1]
    assert [one.position for one in matches.unmatched] == [2]


def test_bare_links_get_the_names_that_are_known(demo: Catalogue):
    numb = demo.search("numb linkin park", limit=1)[0]
    bare = PlaylistItem(1, track_id=numb.id, uri=str(numb.id))
    named, unknown = listed_songs(playlist(bare, song("", "")), demo).playlist.items
    assert (named.title, named.artists, named.uri) == (numb.title, numb.artists, numb.id)
    assert unknown.title == ""


def test_the_lists_own_numbers_come_before_those_of_the_catalogue(demo: Catalogue):
    own = replace(song("Numb", "Linkin Park"), features={"energy": 0.125})
    songs = listed_songs(playlist(own, song("Unheard of", "Nobody")), demo)
    assert songs.table["energy"][0] == 0.125
    assert songs.table["danceability"][0] > 0
    assert songs.table["genre"][0] == demo.search("numb linkin park", limit=1)[0].genre
    assert songs.heard.tolist() == [True, False]
