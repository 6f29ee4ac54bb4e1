"""/song add with a file: a real one, listened to in a real process, beside stand-ins of sources."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import simcord

from musicrec.domain.errors import BadInputError
from musicrec.listening import MOST_BYTES
from tests.discord.test_adding import stand_ins, town
from tests.discord.town import LIKE, Town, words
from tests.sounds import COMPILED, file_of, m4a_of, sine, song
from tests.stand_ins.town import StandIns
from tests.stand_ins.world import SONGS

__all__ = ["stand_ins", "town"]

ROOT = Path(__file__).parents[2]
LAMPLIGHTER = SONGS[0]
ONLY_ON_DEEZER = SONGS[5]
HEARD = {"tempo_bpm", "loudness_db", "key", "mode", "energy", "danceability", "acousticness"}
GARAGE = {"title": "Garage Song", "artist": "Nobody's Band", "album": "Demo", "date": "2024"}


@pytest.fixture(autouse=True)
def _compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(COMPILED))


@pytest.fixture(scope="module")
def garage() -> bytes:
    return m4a_of(song(), GARAGE)


async def test_a_song_that_nobody_knows_becomes_known_by_its_file(
    town: Town, garage: bytes
) -> None:
    result = await town.alice.slash(town.channel, "song add", file=("demo.m4a", garage))
    said = words(result.response)
    assert result.response.ephemeral
    assert "I know that song now." in said
    assert "Garage Song" in said
    assert "own analysis: length, 4 audio features" in said
    assert "own analysis (estimate): 3 audio features" in said
    track = await town.services.songs.resolve("Garage Song")
    assert track.artists == ("Nobody's Band",)
    assert (track.album, track.year) == ("Demo", 2024)
    assert track.features.keys() >= HEARD
    assert not {"valence", "instrumentalness"} & track.features.keys()
    assert track.features["tempo_bpm"] == pytest.approx(120, rel=0.01)
    await town.click(town.alice, result.response, LIKE)
    assert await town.counts(town.alice) == (1, 0)


async def test_what_sources_told_of_a_song_stays_and_the_file_fills_the_gaps(town: Town) -> None:
    data = m4a_of(song(), {"title": LAMPLIGHTER.title, "artist": LAMPLIGHTER.artist.name})
    result = await town.alice.slash(town.channel, "song add", file=("l.m4a", data))
    assert "ReccoBeats: 11 audio features" in words(result.response)
    track = await town.services.songs.resolve(LAMPLIGHTER.title)
    assert track.id.startswith("isrc:")
    told = LAMPLIGHTER.features or {}
    assert track.features["energy"] == told["energy"]
    assert track.features["tempo_bpm"] == told["tempo"]


async def test_what_was_heard_outlasts_a_later_look_at_the_sources(town: Town) -> None:
    link = f"https://www.deezer.com/track/{ONLY_ON_DEEZER.deezer_id}"
    await town.alice.slash(town.channel, "song add", song=link)
    assert "energy" not in (await town.services.songs.resolve("Only on Deezer")).features
    both = await town.alice.slash(
        town.channel, "song add", song=link, file=("x.m4a", m4a_of(song(), GARAGE))
    )
    assert "Only on Deezer" in words(both.response)
    before = await town.services.songs.resolve("Only on Deezer")
    assert before.features.keys() >= HEARD
    again = await town.bob.slash(town.channel, "song add", song=link)
    assert "own analysis (estimate)" in words(again.response)
    after = await town.services.songs.resolve("Only on Deezer")
    assert after.features == before.features


async def test_a_second_file_changes_nothing_that_others_see(town: Town, garage: bytes) -> None:
    await town.alice.slash(town.channel, "song add", file=("demo.m4a", garage))
    before = await town.services.songs.resolve("Garage Song")
    other = m4a_of(sine(8, dbfs=-30), GARAGE | {"album": "Other", "date": "1999"})
    await town.bob.slash(town.channel, "song add", file=("demo.m4a", other))
    after = await town.services.songs.resolve("Garage Song")
    assert (after.album, after.features) == (before.album, before.features)


async def test_title_and_artist_can_be_typed_and_come_before_the_tags(
    town: Town, garage: bytes
) -> None:
    result = await town.alice.slash(
        town.channel, "song add", file=("x.m4a", garage), title="@everyone", artist="Us & *Them*"
    )
    assert "@everyone" not in words(result.response)
    assert "whoever added it: title" in words(result.response)
    track = await town.services.songs.resolve("everyone us them")
    assert track.artists == ("Us & *Them*",)
    assert track.year is None


async def test_a_file_that_does_not_say_which_song_it_is_is_asked_about(
    town: Town, stand_ins: StandIns
) -> None:
    data = m4a_of(song(), {"title": "Untitled 3"})
    result = await town.alice.slash(town.channel, "song add", file=("x.m4a", data))
    assert "give its title and artist as well" in words(result.response)
    assert not stand_ins.n_requests
    simcord.assert_error(town.env, BadInputError)


async def test_tags_with_the_isrc_of_another_song_do_not_make_it_that_song(town: Town) -> None:
    wrong = file_of(song(), "flac", "flac", tags=GARAGE | {"ISRC": LAMPLIGHTER.isrc})
    result = await town.alice.slash(town.channel, "song add", file=("x.flac", wrong))
    assert "Garage Song" in words(result.response)
    assert "Lamplighter" not in words(result.response)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("song.txt", b"text"), "That is no file of music"),
        (("song.mp3", b"no music at all"), "cannot be read as music"),
        (("song.mp3", b""), "cannot be read as music"),
        (("song.wav", bytes(MOST_BYTES + 1)), "larger than 25 MB"),
    ],
    ids=["text", "garbage", "empty", "large"],
)
async def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    town: Town, file: tuple[str, bytes], said: str
) -> None:
    result = await town.alice.slash(town.channel, "song add", file=file)
    assert result.response.ephemeral
    assert "I cannot use that: " in words(result.response)
    assert said in words(result.response)
    simcord.assert_error(town.env, BadInputError)


async def test_neither_a_song_nor_a_file_is_answered_with_what_can_be_given(town: Town) -> None:
    result = await town.alice.slash(town.channel, "song add")
    assert result.response.ephemeral
    assert words(result.response).startswith("Give me a song: a link")


async def test_the_process_that_listens_may_be_killed_and_the_bot_listens_on(
    town: Town, garage: bytes
) -> None:
    await town.alice.slash(town.channel, "song add", file=("demo.m4a", garage))
    process = town.services.adding.files._worker._process
    assert process is not None
    os.kill(process._process.pid or 0, signal.SIGKILL)
    result = await town.alice.slash(
        town.channel, "song add", file=("demo.m4a", garage), title="Another", artist="Somebody"
    )
    assert "own analysis" in words(result.response)
    assert (await town.services.songs.resolve("Another Somebody")).features.keys() >= HEARD


def test_without_the_extra_a_file_is_answered_with_what_to_install(tmp_path: Path) -> None:
    """A real process that finds none of the packages, and everything else."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.discord.without_audio", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    with_file, with_song = done.stdout.splitlines()
    assert "whoever runs me must install" in with_file
    assert "pip install 'musicrec[audio]'" in with_file
    assert with_song.startswith("### Songs like")
