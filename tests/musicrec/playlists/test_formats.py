import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistChange, PlaylistItem
from musicrec.playlists.formats.files import PlaylistFormat, read_playlist, write_playlist
from tests.musicrec.playlists.lists import NAMES, PLAYLISTS, playlist, song

EXPORTIFY = (
    "\ufeff"
    '"Track URI","Track Name","Album Name","Artist Name(s)","Release Date","Duration (ms)",'
    '"Popularity","Added By","Added At","Genres","Energy","Tempo","Mood"\r\n'
    '"spotify:track:60a0Rd6pjrkxjPbaKzXjfq","In the End","Hybrid Theory","Linkin Park",'
    '"2000-10-24","216880","89","mira","2021-03-04T05:06:07Z","nu metal,rock","0.864","105.14",'
    '"angry, ""loud"""\r\n'
    '"spotify:local:Somebody:Demos:My+Song:123","My Song","","","","123","","","","","","",""\r\n'
    '"broken","row"\r\n'
    '"spotify:episode:0Q86acNRm6V9GYx55SXKwf","A talk","","","","","","","","","","",""\r\n'
)
KEEPING = (PlaylistFormat.CSV, PlaylistFormat.M3U8, PlaylistFormat.JSPF, PlaylistFormat.XSPF)


def read(text: str | bytes, name: str = "list") -> Playlist:
    data = text.encode() if isinstance(text, str) else text
    return read_playlist(data, name).playlist


def bare(item: PlaylistItem) -> PlaylistItem:
    return replace(item, original=None, features={}, genre=None)


def test_exportify_files_are_understood():
    found = read_playlist(EXPORTIFY.encode(), "mine.txt")
    assert found.format is PlaylistFormat.CSV
    first, local, broken, episode = found.playlist.items
    assert (first.title, first.artists, first.album) == (
        "In the End",
        ("Linkin Park",),
        "Hybrid Theory",
    )
    assert first.track_id == first.uri == "spotify:track:60a0Rd6pjrkxjPbaKzXjfq"
    assert first.added_at is not None
    assert first.added_at.isoformat() == "2021-03-04T05:06:07+00:00"
    assert (first.added_by, first.genre, first.duration_ms) == ("mira", "nu metal", 216_880)
    assert (first.features["energy"], first.features["year"]) == (0.864, 2000.0)
    assert local.kind is ItemKind.LOCAL_FILE
    assert (broken.kind, broken.title) == (ItemKind.UNKNOWN, "broken row")
    assert episode.kind is ItemKind.EPISODE


def test_a_pruned_file_keeps_what_nobody_here_understands():
    whole = read(EXPORTIFY)
    left = PlaylistChange.removing(whole, [2]).after
    written = write_playlist(left, PlaylistFormat.CSV).decode()
    lines = EXPORTIFY.removeprefix("\ufeff").replace("\r\n", "\n").splitlines()
    header, first, broken, episode = written.splitlines()
    assert header == lines[0].replace('"', "")
    assert first.endswith('105.14,"angry, ""loud"""')
    assert broken == "broken,row"
    assert episode.startswith("spotify:episode:")


@pytest.mark.parametrize("kind", KEEPING)
@settings(max_examples=25, deadline=None)
@given(before=PLAYLISTS)
def test_what_is_written_is_read_again(kind: PlaylistFormat, before: Playlist):
    found = read_playlist(write_playlist(before, kind), "list")
    assert found.format is kind
    after = tuple(map(bare, found.playlist.items))
    if kind is PlaylistFormat.M3U8:  # which has no place for dates and people
        before = before.with_items(replace(i, added_at=None, added_by="") for i in before.items)
    assert after == before.items
    if kind is not PlaylistFormat.CSV:
        assert found.playlist.title == before.title


@pytest.mark.parametrize("kind", KEEPING)
@settings(max_examples=15, deadline=None)
@given(before=PLAYLISTS)
def test_reading_and_writing_again_changes_no_byte(kind: PlaylistFormat, before: Playlist):
    once = write_playlist(before, kind)
    assert write_playlist(read_playlist(once, "list").playlist, kind) == once


@settings(max_examples=80, deadline=None)
@given(
    data=st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.sampled_from(KEEPING).flatmap(
        lambda kind: st.tuples(st.integers(0, 400), PLAYLISTS).map(
            lambda cut: write_playlist(cut[1], kind)[: cut[0]]
        )
    )
)
def test_whatever_a_file_holds_it_is_read_or_refused_in_one_sentence(data: bytes):
    refusal, found = "", None
    try:
        found = read_playlist(data, "some\nfile")
    except BadInputError as error:
        refusal = str(error)
    if found is None:
        assert refusal.endswith(".")
        assert "\n" not in refusal
        return
    assert [i.position for i in found.playlist.items] == list(range(1, len(found.playlist) + 1))
    write_playlist(found.playlist, found.format)


def test_m3u_files_of_all_kinds_are_read():
    text = (
        "#EXTM3U\r\n#PLAYLIST:Für unterwegs\r\n#EXTVLCOPT:start-time=3\r\n"
        '#EXTINF:215 tvg-logo="a,b",Björk - Jóga\r\n../Music/J\u00f3ga.mp3\r\n'
        "#EXTINF:-1,Nameless Stream\r\nhttps://radio.example/stream\r\n"
        "Sub\\Linkin Park - Numb.flac\r\n# the end\r\n"
    )
    for data in (
        text.encode(),
        text.replace("\r\n", "\r").encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("latin-1"),
    ):
        found = read(data)
        assert found.title == "Für unterwegs"
        joga, stream, numb = found.items
        assert (joga.artists, joga.title, joga.duration_ms) == (("Björk",), "Jóga", 215_000)
        assert (joga.uri, joga.kind) == ("../Music/Jóga.mp3", ItemKind.SONG)
        assert (stream.artists, stream.title, stream.duration_ms) == ((), "Nameless Stream", None)
        assert (numb.artists, numb.title) == (("Linkin Park",), "Numb")
        assert numb.kind is ItemKind.LOCAL_FILE
        left = write_playlist(PlaylistChange.removing(found, [2]).after, PlaylistFormat.M3U8)
        assert left.decode().splitlines() == [
            line for line in text.splitlines() if "tream" not in line
        ]


def test_bare_spotify_ids_are_songs():
    (item,) = read("60a0Rd6pjrkxjPbaKzXjfq\n").items
    assert (item.kind, item.title) == (ItemKind.SONG, "")
    assert item.track_id == "spotify:track:60a0Rd6pjrkxjPbaKzXjfq"


def test_lists_of_links_are_read_and_written():
    links = "https://open.spotify.com/track/60a0Rd6pjrkxjPbaKzXjfq?si=1\nspotify:track:" + "a" * 22
    found = read(links)
    assert [i.track_id for i in found.items] == [
        "spotify:track:60a0Rd6pjrkxjPbaKzXjfq",
        "spotify:track:" + "a" * 22,
    ]
    assert write_playlist(found, PlaylistFormat.LINKS).decode().splitlines() == [
        "https://open.spotify.com/track/60a0Rd6pjrkxjPbaKzXjfq",
        "https://open.spotify.com/track/" + "a" * 22,
    ]


def test_jspf_of_listenbrainz_is_read_and_kept_whole():
    track = {
        "title": "Jóga",
        "creator": "Björk",
        "duration": 305_000,
        "identifier": ["https://musicbrainz.org/recording/AAAAAAAA-1111-2222-3333-444444444444"],
        "extension": {
            "https://musicbrainz.org/doc/jspf#track": {
                "added_at": "2024-05-06T07:08:09+00:00",
                "added_by": "mira",
                "additional_metadata": {"caa_id": 5},
            }
        },
    }
    document = {
        "playlist": {"title": "Weekly", "date": "2024-01-01", "track": [track, 7]},
        "x": [1],
    }
    found = read(json.dumps(document))
    joga, odd = found.items
    assert found.title == "Weekly"
    assert joga.track_id == "mbid:aaaaaaaa-1111-2222-3333-444444444444"
    assert (joga.added_by, joga.duration_ms) == ("mira", 305_000)
    assert odd.kind is ItemKind.UNKNOWN
    assert json.loads(write_playlist(found, PlaylistFormat.JSPF)) == document


def test_xspf_keeps_foreign_elements():
    text = (
        '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"'
        ' xmlns:v="http://vlc.example/"><title>T</title><trackList>'
        "<track><location>file:///a%20b.mp3</location><title>A &amp; B</title><v:id>9</v:id>"
        "</track>\n<track><title>Gone</title></track></trackList><link rel='x'>y</link></playlist>"
    )
    found = read(text)
    assert [i.title for i in found.items] == ["A & B", "Gone"]
    written = write_playlist(PlaylistChange.removing(found, [2]).after, PlaylistFormat.XSPF)
    assert b"http://vlc.example/" in written
    assert b">9<" in written
    assert b'rel="x"' in written
    assert b"Gone" not in written


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<playlist xmlns="http://xspf.org/ns/0/"><title>&b;</title><trackList/></playlist>'
)
OUTSIDE = BOMB.replace('[<!ENTITY a "aaaaaaaaaa">', '[<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is no playlist"),
        (b"PK\x03\x04....", "is no playlist"),
        (b"<html><body>Log in</body></html>", "is no playlist"),
        (b"Dear friend,\nhow are you?\n", "is no playlist"),
        (b"See you at 5.30\nMr. Smith\n", "is no playlist"),
        (b'{"playlist": {"track": [{"title": "A"', "cut off"),
        (b'{"items": []}', "no playlist"),
        (b"[" * 200_000, "not valid JSON"),
        (b'{"playlist": {"track": [{"duration": 1e999}]}}', "not valid JSON"),
        (b'{"playlist": {"track": [' + b"[" * 60 + b"]" * 60 + b"]}}", "nested too deeply"),
        (b"<playlist><trackList><track>", "cut off"),
        (b"<rss><channel/></rss>", "no XSPF playlist"),
        (BOMB.encode(), "document type"),
        (OUTSIDE.encode(), "document type"),
        (b"<a>" * 60, "nested too deeply"),
        (b"#EXTM3U\n" + b"a.mp3\n" * 10_001, "more than 10,000 songs"),
        (b"#EXTM3U\n#" + b"x" * 70_000 + b"\na.mp3\n", "longer than 64 kB"),
        (b"title\n" + b"A\n" * 10_001, "more than 10,000 songs"),
        (b"title," * 400 + b"x\n", "more than 300 columns"),
        (b"#EXTM3U\n" + b"a" * 10_000_001, "larger than 10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_that_are_no_playlists_are_refused_with_the_reason(data: bytes, said: str):
    with pytest.raises(BadInputError, match=said) as refused:
        read_playlist(data, "evil.csv")
    assert str(refused.value).startswith(("evil.csv", "Entry 1 of evil.csv"))


def test_an_empty_playlist_is_a_playlist():
    for kind in KEEPING:
        assert len(read(write_playlist(Playlist("Nothing"), kind))) == 0


@given(title=NAMES)
@settings(max_examples=30, deadline=None)
def test_control_characters_never_get_into_a_name(title: str):
    dirty = "".join(f"{character}\x00\x1b\x85" for character in title).replace("\x00", "\x07")
    row = f'title,artist\n"{dirty}",X\n'
    for item in read(row).items:
        assert not any(
            ord(character) < 32 or 127 <= ord(character) < 160 for character in item.title
        )


@pytest.mark.parametrize("title", ["שלום עולם", "مرحبا", "👩‍🎤🏳️‍🌈", "A\u202eB", "é = e\u0301"])
@pytest.mark.parametrize("kind", KEEPING)
def test_every_script_and_emoji_survives(kind: PlaylistFormat, title: str):
    found = read(write_playlist(playlist(song(title, "👾")), kind))
    assert (found.items[0].title, found.items[0].artists) == (title, ("👾",))
