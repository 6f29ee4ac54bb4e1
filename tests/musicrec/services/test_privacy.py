"""Everything of a listener: what it says, that it goes along, and that nothing of it stays."""

import asyncio
import io
import json
import zipfile
from collections import deque
from collections.abc import AsyncGenerator, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.ids import ListenerId
from musicrec.services import Services
from musicrec.storage import sqlite_url
from musicrec.storage.personal import PERSONAL
from tests.musicrec.cli.desk import Desk
from tests.musicrec.services.full_life import GUILD, live
from tests.musicrec.services.people import NOON, Presser
from tests.musicrec.storage.every_table import contents
from tests.postgres import PostgresServer

ANNA = ListenerId(7_391_842_650_137_429_555)
"""An id that nothing else could hold by chance."""
BEN = ListenerId(7_391_842_650_137_429_111)

NAMELESS = {"shortlist_entries"}
"""Theirs by another table that names them."""


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    """The PostgreSQL server, or None where the test runs on SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest.fixture
async def url(server: PostgresServer | None, tmp_path: Path) -> str:
    return sqlite_url(tmp_path) if server is None else await server.new_database()


@pytest_asyncio.fixture
async def services(url: str, tmp_path: Path) -> AsyncGenerator[Services]:
    async with open_services(data_dir=tmp_path, database_url=url, worker_processes=1) as opened:
        yield opened


async def test_nothing_that_was_deleted_stays_in_any_table_or_file(
    services: Services, url: str, tmp_path: Path
):
    for person in (ANNA, BEN):
        await live(services, Presser(services, person))
    await services.training.idle()
    held = (await services.privacy.show(ANNA)).held
    assert set(held) == {each.table.name for each in PERSONAL}
    assert [name for name, n in held.items() if not n] == []
    assert traces_in_tables(await contents(url)) == set(held) - NAMELESS

    assert await services.rating.next_song(ANNA, at=NOON)
    assert {"LabelService", "RatingService"} <= memories_with_traces(services)

    receipt = await services.privacy.delete(ANNA)
    await services.training.idle()
    assert memories_with_traces(services) == set()

    assert receipt.held.keys() == held.keys()
    assert all(receipt.held.values())
    assert traces_in_tables(await contents(url)) == set()
    assert await asyncio.to_thread(files_with_traces, tmp_path) == []
    assert all((await services.privacy.show(BEN)).held.values())


@pytest.mark.parametrize("server", ["sqlite"], indirect=True)
async def test_an_export_tells_what_became_of_guesses_and_which_songs_a_week_had(
    services: Services, tmp_path: Path
):
    await live(services, Presser(services, ANNA))
    [export] = await services.privacy.export(ANNA, readme="Read me.")
    with zipfile.ZipFile(io.BytesIO(export)) as archive:
        assert archive.read("README.txt") == b"Read me."
        tables = {name: read_csv(archive, name) for name in archive.namelist() if "csv" in name}
        settings = json.loads(archive.read("settings.json"))
        [*models] = json.loads(archive.read("models.json"))["models"]
        everything = json.loads(archive.read("everything.json"))
        archive.extract("labels.csv", tmp_path)
    assert len(tables["labels.csv"]) == 14
    assert tables["weeks.csv"]["title"].str.startswith("Song of 2026-11-23").all()
    assert len(tables["predictions.csv"]) == len(everything["guesses"]) >= 3
    assert set(tables["predictions.csv"]["counts"]) <= {"yes", "no"}
    assert len(tables["playlists.csv"]) == 6
    assert tables["corrections.csv"]["kind"].tolist() == ["fast"]
    assert [one["guild_id"] for one in settings["shared_tastes"]] == [GUILD]
    assert settings["accounts"][0]["name"] == "Orla"
    assert models[0]["report"]["n_likes"] > 0
    assert set(everything) == {each.table.name for each in PERSONAL}
    assert all(everything.values())

    outcome = await asyncio.to_thread(
        Desk(tmp_path).musicrec, "train", "labels.csv", "--out", "mine.model"
    )
    assert outcome.code == 0, outcome.stderr
    assert "14 labels" in outcome.stdout


def read_csv(archive: zipfile.ZipFile, name: str) -> pd.DataFrame:
    return pd.read_csv(archive.open(name))


def traces_in_tables(rows: dict[str, list[Any]]) -> set[str]:
    """Return the tables in which the id stands, as a number or anywhere in a text."""
    return {name for name, found in rows.items() if any(str(ANNA) in str(row) for row in found)}


def files_with_traces(folder: Path) -> list[Path]:
    """Return files in which the id stands, in digits or as SQLite stores it."""
    forms = (str(ANNA).encode(), ANNA.to_bytes(8, "big"))
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(form in path.read_bytes() for form in forms)]


def memories_with_traces(services: Services) -> set[str]:
    """Return the services in whose memory the id stands, at whatever depth."""
    return {type(one).__name__ for one in vars(services).values() if _remembers(one, set())}


def _remembers(thing: object, seen: set[int]) -> bool:
    if isinstance(thing, int):
        return thing == ANNA
    if id(thing) in seen or isinstance(thing, str | bytes | CurrentCatalogue):
        return False
    seen.add(id(thing))
    return any(_remembers(part, seen) for part in _parts_of(thing))


def _parts_of(thing: object) -> Iterable[object]:
    if isinstance(thing, Mapping):
        return [*thing.keys(), *thing.values()]
    if isinstance(thing, list | tuple | set | frozenset | deque):
        return [*thing]
    if not type(thing).__module__.startswith("musicrec."):
        return []
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    return (
        [*vars(thing).values()]
        if hasattr(thing, "__dict__")
        else [getattr(thing, name, None) for name in slots]
    )
