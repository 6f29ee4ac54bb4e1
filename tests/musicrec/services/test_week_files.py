"""Weekly lists as files."""

from dataclasses import replace

from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind, WeekList, WeekSong
from musicrec.playlists.formats.files import read_playlist
from musicrec.services import week_files

LINK = "https://open.spotify.com/track/4iV5W9uYEdYUVa79Axb7Rh"
SONG = WeekSong(
    1,
    TrackId("spotify:track:4iV5W9uYEdYUVa79Axb7Rh"),
    'Say "hi", twice\n#EXTM3U',
    ("Björk", "A; B"),
    0.7,
    PickKind.NEW,
    "",
    LINK,
    "pop",
)
NOWHERE = replace(SONG, position=2, track_id=TrackId("song:abc"), title="Nowhere", url="")
CONTENT = WeekList((SONG, NOWHERE), None, "", 0, 1, "v1")


def test_lines_are_links_and_rows_are_ids():
    m3u8, csv = week_files(CONTENT, title="Weekly", name="weekly-2026-11-27")
    assert (m3u8.name, csv.name) == ("weekly-2026-11-27.m3u8", "weekly-2026-11-27.csv")
    assert f"\n{LINK}\n".encode() in m3u8.data
    assert b"spotify:track:4iV5W9uYEdYUVa79Axb7Rh" in csv.data


def test_both_files_are_read_back_as_the_same_songs():
    for file in week_files(CONTENT, title="Weekly", name="x"):
        items = read_playlist(file.data, file.name).playlist.items
        assert len(items) == 2
        assert items[0].track_id == SONG.track_id
        assert items[0].main_artist == "Björk"
        assert items[1].title == "Nowhere"
