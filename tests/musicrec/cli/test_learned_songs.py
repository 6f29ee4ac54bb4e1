"""The command line knows what the bot learned."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from musicrec.domain.learned_song import LearnedSong
from musicrec.storage import Database, downgrade, sqlite_url, upgrade
from tests.musicrec.cli.desk import Desk
from tests.musicrec.learned_songs import NOON, learned
from tests.postgres import PostgresServer

QUEEN = learned("isrc:SEAYD7601020", "Dancing Queen", "ABBA", energy=0.87, source="ReccoBeats")


def store(url: str, *songs: LearnedSong) -> None:
    asyncio.run(_store(url, songs))


async def _store(url: str, songs: Sequence[LearnedSong]) -> None:
    database = Database.open(url)
    async with database.writing() as uow:
        await uow.learned_songs.put(songs, NOON)
    await database.close()


def found(desk: Desk, text: str) -> list[str]:
    outcome = desk.musicrec("search", text, "--json")
    assert outcome.code == 0, outcome.stderr
    return [song["title"] for song in json.loads(outcome.stdout)]


@pytest.fixture
def songs(desk: Desk) -> str:
    return desk.write("songs.csv", "was,artist,energy\nNumb,LP,0.8\nOne,Metallica,0.9\n")


@pytest.mark.parametrize("command", [("import-songs",), ("catalogue", "build")])
def test_learned_songs_of_the_data_folder_are_merged(
    desk: Desk, songs: str, command: tuple[str, ...]
):
    url = sqlite_url(desk.folder / "data")
    asyncio.run(upgrade(url))
    store(url, QUEEN, learned("isrc:N", "Numb", "LP", energy=0.9))
    outcome = desk.musicrec(*command, songs, "--map", "was=title", "--json")
    assert outcome.code == 0, outcome.stderr

    assert "2 songs that the bot learned one by one are merged." in outcome.stderr
    summary = json.loads(outcome.stdout)
    assert (summary["read"], summary["catalogue_size"]) == (2, 3)
    assert found(desk, "abba dancing") == ["Dancing Queen"]
    info = json.loads(desk.musicrec("catalogue", "info", "--json").stdout)
    sources = {source["name"] for source in info["sources"]}
    assert sources == {"ReccoBeats", "test", "songs.csv", "ISRC prefix"}


def test_learned_songs_of_the_bots_own_database_are_merged(
    desk: Desk, songs: str, postgres_server: PostgresServer
):
    url = asyncio.run(postgres_server.new_database())
    store(url, QUEEN)
    desk.write(".env", f"DATABASE_URL={url}\n")
    assert desk.musicrec("import-songs", songs, "--map", "was=title").code == 0
    assert found(desk, "dancing") == ["Dancing Queen"]

    store(url, learned("isrc:W", "Waterloo", "ABBA"))
    desk.write(".env", "")
    outcome = desk.musicrec("catalogue", "build", songs, "--map", "was=title", "--database", url)
    assert outcome.code == 0, outcome.stderr
    assert set(found(desk, "abba")) == {"Dancing Queen", "Waterloo"}


def test_a_database_out_of_reach_stops_the_build_and_the_catalogue_stays(desk: Desk, songs: str):
    assert desk.musicrec("import-songs", songs, "--map", "was=title").code == 0
    more = desk.write("more.csv", "title,artist\nFaint,LP\n")
    nowhere = f"postgresql://postgres@/nowhere?host={desk.folder}"
    outcome = desk.musicrec("import-songs", more, "--database", nowhere)
    assert outcome.code == 2
    assert outcome.stderr.startswith("musicrec: The database nowhere on")
    assert found(desk, "faint") == []


def test_import_songs_takes_columns_by_other_names(desk: Desk, songs: str):
    refused = desk.musicrec("import-songs", songs, "--map", "was=name of it")
    assert refused.code == 2
    assert "name of it" in refused.stderr
    assert desk.musicrec("import-songs", songs, "--map", "was=title").code == 0
    assert found(desk, "numb") == ["Numb"]
    assert not (desk.folder / "data" / "musicrec.db").exists()


def test_learned_songs_are_found_and_recommended_before_any_build(desk: Desk, model: Path):
    asyncio.run(upgrade(sqlite_url(desk.folder / "data")))
    store(sqlite_url(desk.folder / "data"), QUEEN)
    assert found(desk, "abba dancing") == ["Dancing Queen"]
    outcome = desk.musicrec("recommend", str(model), "--n", "5000", "--json")
    assert outcome.code == 0, outcome.stderr
    assert "isrc:SEAYD7601020" in {song["id"] for song in json.loads(outcome.stdout)}


def test_a_database_of_another_version_is_told_and_left_as_it_is(desk: Desk):
    url = sqlite_url(desk.folder / "data")
    asyncio.run(upgrade(url))
    asyncio.run(downgrade(url, "b7e02c5d9f13"))
    outcome = desk.musicrec("search", "queen", "--json")
    assert outcome.code == 0
    assert "Songs that the bot learned one by one are left out" in outcome.stderr
