import pytest

from musicrec.domain.errors import BadInputError
from musicrec.sources.links import AskedSong, song_in, songs_linked_in

SPOTIFY = "4uLU6hMCjMI75M1A2tKUQC"
MBID = "b97f1d26-3c2e-4e0a-9d5e-0123456789ab"


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://open.spotify.com/track/{SPOTIFY}",
        f"https://open.spotify.com/track/{SPOTIFY}?si=0123456789abcdef&context=x",
        f"https://open.spotify.com/intl-de/track/{SPOTIFY}",
        f"https://open.spotify.com/intl-pt-BR/track/{SPOTIFY}/",
        f"https://open.spotify.com/embed/track/{SPOTIFY}",
        f"http://OPEN.spotify.com/track/{SPOTIFY}#0:31",
        f"  <https://open.spotify.com/track/{SPOTIFY}>\n",
        f"open.spotify.com/track/{SPOTIFY}",
        f"spotify:track:{SPOTIFY}",
    ],
)
def test_links_of_spotify_are_read(pasted: str):
    assert song_in(pasted) == AskedSong(spotify_id=SPOTIFY)


@pytest.mark.parametrize(
    ("pasted", "asked"),
    [
        ("https://www.deezer.com/track/3135556", AskedSong(deezer_id="3135556")),
        ("https://www.deezer.com/fr/track/3135556?utm=x", AskedSong(deezer_id="3135556")),
        ("deezer.com/us/track/3135556", AskedSong(deezer_id="3135556")),
        ("https://link.deezer.com/s/30AbC1", AskedSong(deezer_link="30AbC1")),
        (
            "https://music.apple.com/gb/album/some-album/1440833098?i=1440833109",
            AskedSong(apple_id="1440833109", apple_country="gb"),
        ),
        (
            "https://music.apple.com/se/song/a-song/1440833109",
            AskedSong(apple_id="1440833109", apple_country="se"),
        ),
        ("https://music.apple.com/song/1440833109", AskedSong(apple_id="1440833109")),
        (
            "https://itunes.apple.com/us/album/x/id1440833098?i=1440833109&uo=4",
            AskedSong(apple_id="1440833109"),
        ),
        (
            "https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=RDAMVM",
            AskedSong(youtube_id="dQw4w9WgXcQ"),
        ),
        (
            "https://www.youtube.com/watch?app=desktop&v=a_b-c123456",
            AskedSong(youtube_id="a_b-c123456"),
        ),
        ("https://youtu.be/dQw4w9WgXcQ?t=9", AskedSong(youtube_id="dQw4w9WgXcQ")),
        (f"https://musicbrainz.org/recording/{MBID.upper()}", AskedSong(mbid=MBID)),
        (f"https://beta.musicbrainz.org/recording/{MBID}/details", AskedSong(mbid=MBID)),
        (f"mbid:{MBID}", AskedSong(mbid=MBID)),
        (MBID, AskedSong(mbid=MBID)),
    ],
)
def test_links_of_other_services_are_read(pasted: str, asked: AskedSong):
    assert song_in(pasted) == asked


@pytest.mark.parametrize(
    "pasted",
    ["GBAYE6700149", "gb-aye-67-00149", "GB AYE 67 00149", "ISRC: GBAYE6700149",
     "isrc:gbaye6700149", "ISRC GB‐AYE‐67‐00149"],
)  # fmt: skip
def test_isrcs_are_read_in_any_writing(pasted: str):
    assert song_in(pasted) == AskedSong(isrc="GBAYE6700149")


@pytest.mark.parametrize(
    ("pasted", "artist", "title"),
    [
        ("ABBA - Dancing Queen", "ABBA", "Dancing Queen"),
        ("Ash feat. Ember - Kindling", "Ash", "Kindling"),
        ("Jay-Z – 99 Problems - Remix", "Jay-Z", "99 Problems - Remix"),
        ("  Sigur\tRós  —  Sæglópur\x00 ", "Sigur Rós", "Sæglópur"),
        ("!!! - \u202eevil\u202c", "!!!", "evil"),
    ],
)
def test_names_are_read(pasted: str, artist: str, title: str):
    assert song_in(pasted) == AskedSong(artist=artist, title=title)


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        " - ",
        "just words",
        "ABBA -",
        "https://open.spotify.com/album/4uLU6hMCjMI75M1A2tKUQC",
        "https://open.spotify.com/track/short",
        "https://open.spotify.com/",
        "https://spotify.link/abc",
        "https://deezer.page.link/abc",
        "https://music.apple.com/gb/album/some-album/1440833098",
        "https://music.youtube.com/playlist?list=PL123",
        "https://music.youtube.com/watch?v=../../etc",
        "https://musicbrainz.org/artist/" + MBID,
        "https://evil.example/track/1",
        f"https://open.spotify.com.evil.example/track/{SPOTIFY}",
        f"https://open.spotify.com@evil.example/track/{SPOTIFY}",
        "http://127.0.0.1:8080/track/1",
        "http://[::1/track/1",
        "https://deezer.com/track/١٢٣",
        "x" * 100_000,
    ],
)
def test_what_names_no_song_is_refused_with_a_way_out(pasted: str):
    with pytest.raises(BadInputError, match=r"(give|share|open) .*\.$") as refused:
        song_in(pasted)
    assert len(str(refused.value)) < 400


def test_links_are_found_in_a_message_each_once():
    message = (
        f"listen: https://open.spotify.com/track/{SPOTIFY}?si=1, (https://youtu.be/dQw4w9WgXcQ) "
        f"https://example.org/a.mp3 GBAYE6700149 ABBA - Waterloo spotify:track:{SPOTIFY} "
        "https://www.deezer.com/track/3135556."
    )
    assert songs_linked_in(message) == [
        AskedSong(spotify_id=SPOTIFY),
        AskedSong(youtube_id="dQw4w9WgXcQ"),
        AskedSong(deezer_id="3135556"),
    ]
