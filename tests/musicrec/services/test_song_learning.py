"""Songs learned one by one, on both databases: in every process, after every death and build."""

import asyncio
import logging
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from bot.container import open_services
from musicrec.catalogue import CurrentCatalogue, import_songs, write_table
from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import track_id_of
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong
from musicrec.domain.track import Track
from musicrec.services.learning import SongLearning, all_learned
from musicrec.storage import Database, sqlite_url, upgrade
from tests.musicrec.learned_songs import NOON, learned
from tests.musicrec.services.endless_learner import TOGETHER
from tests.musicrec.services.people import Presser
from tests.postgres import PostgresServer

ROOT = Path(__file__).parents[3]
FIRST = track_id_of("First", "Somebody")
QUEEN = learned("isrc:SEAYD7601020", "Dancing Queen", "ABBA", genre="pop", energy=0.87)

Join = Callable[..., tuple[CurrentCatalogue, SongLearning]]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    imported(tmp_path / "data", "First", "Second")
    return tmp_path / "data"


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    """The PostgreSQL server, or None where the test runs on SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest.fixture
async def url(server: PostgresServer | None, data_dir: Path) -> str:
    if server is not None:
        return await server.new_database()
    await upgrade(sqlite_url(data_dir))
    return sqlite_url(data_dir)


@pytest.fixture
async def databases(url: str) -> AsyncGenerator[list[Database]]:
    opened = [Database.open(url) for _ in range(3)]
    yield opened
    for each in opened:
        await each.close()


@pytest.fixture
def join(databases: list[Database], data_dir: Path) -> Iterator[Join]:
    """Make another process's view: its own connections, its own catalogue."""
    catalogues: list[CurrentCatalogue] = []

    def make(**options: int) -> tuple[CurrentCatalogue, SongLearning]:
        catalogue = CurrentCatalogue(data_dir, **options)
        catalogues.append(catalogue)
        return catalogue, SongLearning(databases[len(catalogues) - 1], catalogue)

    yield make
    for each in catalogues:
        each.close()


def imported(data_dir: Path, *titles: str, songs: list[LearnedSong] | None = None) -> None:
    table = pd.DataFrame({"title": titles, "artists": "Somebody", "energy": 0.5})
    file = data_dir.parent / "songs.parquet"
    write_table(table, file)
    import_songs(data_dir, [file], learned=songs or ())


def found(catalogue: CurrentCatalogue, text: str) -> list[str]:
    return [track.title for track in catalogue.now.search(text)]


async def test_what_one_process_learns_the_others_take_up(join: Join):
    (here, learning), (there, following) = join(), join()
    assert await following.catch_up() == 0

    await learning.learn([QUEEN], at=NOON)
    assert found(here, "abba dancing") == ["Dancing Queen"]
    assert found(there, "abba dancing") == []
    assert await following.catch_up() == 1
    assert found(there, "abba dancing") == ["Dancing Queen"]
    assert await following.catch_up() == 0

    better = learned(FIRST, "First", "Somebody", energy=0.9)
    await following.learn([better], at=NOON)
    assert await learning.catch_up() == 1
    assert here.now.require(FIRST).features["energy"] == 0.9
    assert len(here.now) == len(there.now) == 3


async def test_processes_that_learn_at_once_end_up_with_the_same(join: Join):
    (here, one), (there, other) = join(), join()

    async def learn(service: SongLearning, word: str) -> None:
        for number in range(20):
            song = learned(f"isrc:{number % 12}", f"{word} {number}", "Band", energy=0.5)
            await service.learn([song], at=NOON)

    await asyncio.gather(learn(one, "Red"), learn(other, "Blue"))
    await one.catch_up()
    await other.catch_up()
    assert len(here.now.delta) == 12
    ids = [TrackId(f"isrc:{number}") for number in range(12)]
    assert [here.now.get(each) for each in ids] == [there.now.get(each) for each in ids]


async def test_a_thousand_songs_are_learned_in_order_and_found(join: Join):
    catalogue, learning = join()
    songs = [learned(f"isrc:{number}", f"Song {number}", "Band") for number in range(1_200)]
    again = [learned("isrc:7", "Seven", "Band")]
    await learning.learn(songs, at=NOON)
    await learning.learn(again, at=NOON)
    assert len(catalogue.now) == 1_202
    assert found(catalogue, "song 1199 band") == ["Song 1199"]
    assert catalogue.now.require(TrackId("isrc:7")).title == "Seven"


async def test_songs_learned_before_a_kill_are_there_at_the_next_start(
    join: Join, url: str, data_dir: Path
):
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.musicrec.services.endless_learner",
        url,
        str(data_dir),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    said = [await process.stdout.readline() for _ in range(5)]
    process.kill()
    rest, _ = await process.communicate()
    n_told = int([*said, *rest.splitlines()][-1])

    catalogue, learning = join()
    n_there = await learning.catch_up()
    assert n_there >= n_told >= 5 * TOGETHER
    assert n_there % TOGETHER == 0
    assert found(catalogue, f"song {n_there - 1} band") == [f"Song {n_there - 1}"]


async def test_stored_but_not_taken_up_is_taken_up_at_the_next_start(
    join: Join, databases: list[Database]
):
    async with databases[2].writing() as uow:
        await uow.learned_songs.put([QUEEN], NOON)
    catalogue, learning = join()
    assert await learning.catch_up() == 1
    assert found(catalogue, "dancing") == ["Dancing Queen"]


async def test_a_build_merges_what_was_learned_and_starts_read_only_the_rest(
    join: Join, databases: list[Database], data_dir: Path
):
    (here, learning), (there, following) = join(), join()
    better = learned(FIRST, "First", "Somebody", energy=0.9)
    await learning.learn([QUEEN, better], at=NOON)
    await following.catch_up()
    songs = await all_learned(databases[0])
    later = learned("isrc:later", "Waterloo", "ABBA")
    await learning.learn([later], at=NOON)
    await asyncio.to_thread(imported, data_dir, "Third", songs=songs)

    for catalogue, service in ((here, learning), (there, following)):
        assert catalogue.refresh()
        await service.catch_up()
        assert [track.title for track in catalogue.now.delta.tracks] == ["Waterloo"]
        assert len(catalogue.now) == 5
        assert catalogue.now.require(FIRST).features["energy"] == pytest.approx(0.9, abs=1e-4)
    new, starting = join()
    assert await starting.catch_up() == 1
    assert found(new, "abba") == ["Dancing Queen", "Waterloo"]


async def test_a_build_without_what_was_learned_loses_nothing(
    join: Join, databases: list[Database], data_dir: Path
):
    _, learning = join()
    await learning.learn([QUEEN], at=NOON)
    songs = await all_learned(databases[0])
    await asyncio.to_thread(imported, data_dir, "Third", songs=songs)
    catalogue, following = join()
    assert await following.catch_up() == 0

    (data_dir / "catalogue" / "CURRENT").unlink()
    await asyncio.to_thread(imported, data_dir, "Fourth")
    assert catalogue.refresh()
    assert found(catalogue, "dancing") == []
    assert await following.catch_up() == 1
    assert found(catalogue, "dancing") == ["Dancing Queen"]


async def test_too_many_songs_wait_for_a_build_and_the_log_says_so(
    join: Join, databases: list[Database], data_dir: Path, caplog: pytest.LogCaptureFixture
):
    catalogue, learning = join(most_learned=3)
    songs = [learned(f"isrc:{number}", f"Song {number}", "Band") for number in range(5)]
    with caplog.at_level(logging.WARNING, "musicrec"):
        await learning.learn(songs[:3], at=NOON)
        assert not caplog.records
        await learning.learn(songs[3:], at=NOON)
        await learning.catch_up()
    (record,) = caplog.records
    assert "musicrec import-songs" in record.message
    assert found(catalogue, "song 4 band") == []

    await asyncio.to_thread(imported, data_dir, songs=(await all_learned(databases[0]))[:2])
    assert catalogue.refresh()
    await learning.catch_up()
    assert found(catalogue, "song 4 band") == ["Song 4"]
    assert len(catalogue.now) == 7


@pytest.mark.parametrize(
    ("song", "reason"),
    [
        (learned("isrc:A", " ", "Band"), "isrc:A has no title"),
        (learned("isrc:A", "Song", energy=1.5), "energy = 1.5"),
        (learned("isrc:A", "Song", energy=float("nan")), "energy = nan"),
        (learned("isrc:A", "Song", catchiness=0.5), "catchiness = 0.5"),
    ],
)
async def test_a_song_that_cannot_be_is_refused_and_nothing_is_stored(
    join: Join, databases: list[Database], song: LearnedSong, reason: str
):
    _, learning = join()
    with pytest.raises(BadInputError, match=reason):
        await learning.learn([QUEEN, song], at=NOON)
    assert await all_learned(databases[0]) == []


async def test_a_song_learned_now_is_recommended_at_once_and_after_a_restart(tmp_path: Path):
    async with open_services(data_dir=tmp_path, worker_processes=1) as services:
        anna = Presser(services, 2**62)
        rated = await anna.rate(20)
        # Artists of rated songs count in the model, and the learned songs are by others.
        met = {artist for track in rated for artist in track.artists}
        likely = (await services.recommendations.recommend(anna.id, n=20, at=NOON)).tracks
        best = next(track for track in likely if met.isdisjoint(track.artists))
        await services.learning.learn([like(best, "isrc:NEW1"), like(best, "isrc:NEW2")], at=NOON)
        shown = (await services.recommendations.recommend(anna.id, n=20, at=NOON)).tracks
        assert {"isrc:NEW1", "isrc:NEW2"} <= {track.id for track in shown}
        (named,) = await services.songs.search("song isrc:NEW1")
        assert named.id == "isrc:NEW1"
        await services.learning.learn([like(best, "isrc:NEW3")], at=NOON)
        only = await services.recommendations.recommend(
            anna.id, n=50, genre=best.genre, years="2026", at=NOON
        )
        assert "isrc:NEW3" in {track.id for track in only.tracks}
    async with open_services(data_dir=tmp_path, worker_processes=1) as services:
        assert [track.id for track in await services.songs.search("song isrc:NEW3")] == [
            "isrc:NEW3"
        ]


async def test_a_running_bot_looks_by_itself_for_what_others_learned(tmp_path: Path):
    opening = partial(open_services, data_dir=tmp_path, worker_processes=1)
    async with opening() as here, opening() as there:
        await here.learning.learn([learned("isrc:N", "Nobody knows this one", "X")], at=NOON)
        for _ in range(300):
            if await there.songs.search("nobody knows this one"):
                break
            await asyncio.sleep(0.2)
        else:
            pytest.fail("the other bot never looked")


async def test_a_song_that_is_learned_better_is_judged_anew(tmp_path: Path):
    async with open_services(data_dir=tmp_path, worker_processes=1) as services:
        anna = Presser(services, 2**62)
        await anna.rate(20)
        shown = await services.recommendations.recommend(anna.id, n=20, at=NOON)
        calm = min(shown.tracks, key=lambda track: track.features["energy"])
        loud = {**calm.features, "energy": 1.0, "acousticness": 0.0, "loudness_db": 0.0}
        song = LearnedSong.of_one_source(replace(calm, features=loud), QUEEN.origins["title"])
        before = await services.predictions.predict(anna.id, calm.id, at=NOON)
        await services.learning.learn([song], at=NOON)
        after = await services.predictions.predict(anna.id, calm.id, at=NOON)
        assert after.p_like < before.p_like
        assert after.track.features["energy"] == 1


def like(track: Track, track_id: str) -> LearnedSong:
    """Make a song that sounds just like another one, by somebody else."""
    features = {**track.features, "year": 2026.0}
    other = Track(
        TrackId(track_id), f"Song {track_id}", (track_id,), genre=track.genre, features=features
    )
    return LearnedSong.of_one_source(other, QUEEN.origins["title"])
