"""Which shards a process serves, and what the settings must not say."""

from pathlib import Path

import pytest

from bot.check import run_check
from bot.failures import StartError
from bot.seat import seat_at
from bot.settings import Settings, SettingsError, load_settings
from bot.sharded import ShardedBot
from bot.shards import Shards, shards_of
from musicrec.services import Services
from musicrec.storage import ANY_COUNT, sqlite_url, upgrade
from tests.postgres import PostgresServer

SERVER = "postgresql://musicrec@localhost/musicrec"


def settings(**values: str) -> Settings:
    return Settings(_env_file=None, **{"database_url": SERVER, **values})  # pyright: ignore[reportCallIssue] - pydantic reads texts


@pytest.mark.parametrize(
    ("ids", "expected"),
    [("0", (0,)), ("0-3", (0, 1, 2, 3)), ("7, 0-1 ,1", (0, 1, 7)), ("4-4", (4,))],
)
def test_shards_are_named_by_numbers_and_ranges(ids: str, expected: tuple[int, ...]):
    assert shards_of(settings(shards="8", shard_ids=ids)) == Shards(expected, 8)


def test_without_settings_one_process_serves_as_many_as_discord_recommends():
    shards = shards_of(settings())
    assert shards.count == ANY_COUNT
    assert shards.are_all
    assert shards.are_first
    assert shards.request_interval_s == 0.0
    assert shards_of(settings(shards="2")) == Shards((0, 1), 2)


def test_processes_share_the_requests_that_discord_takes():
    first, second = Shards((0, 1, 2), 4), Shards((3,), 4)
    together = 1 / first.request_interval_s + 1 / second.request_interval_s
    assert together == pytest.approx(45)
    assert first.are_first
    assert not second.are_first


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"shard_ids": "0"}, "set SHARDS too"),
        ({"shards": "4", "shard_ids": "3-4"}, "SHARDS=4 numbers them 0 to 3"),
        ({"shards": "4", "shard_ids": "2-1"}, "begins with its smaller end"),
        ({"shards": "4", "shard_ids": "0-1", "database_url": ""}, "SQLite cannot serve"),
    ],
)
def test_settings_that_contradict_each_other_are_told(values: dict[str, str], words: str):
    with pytest.raises(StartError, match=words):
        shards_of(settings(**values))


@pytest.mark.parametrize("ids", ["x", "1-", "-1", "1;2", "1,,2"])
def test_what_is_no_list_of_shards_is_told(ids: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SHARD_IDS", ids)
    with pytest.raises(SettingsError, match="SHARD_IDS must be numbers of shards such as 0-3"):
        load_settings()


async def test_the_check_says_which_shards_a_process_serves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    here = {"data_dir": str(tmp_path), "database_url": ""}
    await run_check(settings(**here))
    assert "One process serves all shards." in capsys.readouterr().out
    await run_check(settings(**here, shards="2", shard_ids="1"))
    assert "MISSING  shards       SHARD_IDS leaves shards" in capsys.readouterr().out
    await run_check(settings(data_dir=str(tmp_path), shards="2", shard_ids="1"))
    assert "This process serves shard 1 of 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("held", "wanted", "words"),
    [
        (Shards((0, 1), 4), Shards((1, 2), 4), "serves shard 1: let the SHARD_IDS"),
        (Shards((0,), 4), Shards((5,), 8), "has SHARDS=4, this one 8"),
        (Shards(), Shards((0,), 2), "serves all shards: stop it first"),
        (Shards(), Shards(), "serves all shards: stop it first"),
    ],
)
async def test_shards_of_another_process_are_refused_with_a_sentence(
    postgres_server: PostgresServer, held: Shards, wanted: Shards, words: str
):
    here = settings(database_url=await postgres_server.new_database())
    bot = ShardedBot(Services.__new__(Services), wanted)
    async with seat_at(here, held) as first, seat_at(here, wanted, patience_s=0.5) as second:
        await first.take(bot)
        with pytest.raises(StartError, match=words):
            await second.take(bot)


async def test_on_sqlite_a_second_process_is_refused_with_a_sentence(tmp_path: Path):
    here = settings(database_url="", data_dir=str(tmp_path))
    await upgrade(sqlite_url(tmp_path))
    bot = ShardedBot(Services.__new__(Services), Shards())
    async with seat_at(here, Shards()) as first, seat_at(here, Shards(), patience_s=0.5) as second:
        await first.take(bot)
        with pytest.raises(StartError, match="serves all shards: stop it first"):
            await second.take(bot)
