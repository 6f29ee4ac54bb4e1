"""``python -m bot new-key`` and ``rotate-key`` as real processes, also killed ones."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from musicrec.accounts.keys import TokenKeys
from musicrec.domain.account import Account, AccountKind
from musicrec.domain.errors import SealedError
from musicrec.domain.ids import ListenerId
from musicrec.storage import Database, sqlite_url
from tests.musicrec.storage.samples import NOON

ROOT = Path(__file__).parents[2]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    def begin(command: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", command],
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "PYTHONPATH": str(ROOT),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


def told(process: subprocess.Popen[str], code: int = 0) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    return out if code == 0 else err


def keys_in(text: str) -> str:
    return re.findall(r"^TOKEN_KEYS=(\S+)$", text, re.MULTILINE)[-1]


@pytest.fixture
async def first_key(start: Start) -> str:
    key = keys_in(told(start("new-key")))
    told(start("migrate"))
    return key


async def put(folder: Path, key: str, n: int) -> None:
    keys = TokenKeys([key])
    database = Database.open(sqlite_url(folder / "data"))
    async with database.writing() as work:
        for number in range(1, n + 1):
            owner = ListenerId(number)
            await work.listeners.lock(owner, NOON)
            sealed = keys.seal(f"token {number}")
            await work.accounts.put(
                Account(owner, AccountKind.SPOTIFY, "id", "name", NOON, (), sealed)
            )
    await database.close()


async def sealed(folder: Path) -> list[bytes]:
    database = Database.open(sqlite_url(folder / "data"))
    kept: list[bytes] = []
    async with database.writing() as work:
        await work.accounts.reseal_all(lambda sealed: kept.append(sealed) or sealed)
    await database.close()
    return kept


def opened(kept: list[bytes], keys: str) -> list[str]:
    return [TokenKeys.read(keys).open(each) for each in kept]


async def test_keys_are_changed_in_two_steps_and_told(start: Start, first_key: str, tmp_path: Path):
    await put(tmp_path, first_key, 3)
    both = keys_in(out := told(start("rotate-key", TOKEN_KEYS=first_key)))
    assert both.endswith(f",{first_key}")
    assert "All 3 accounts" in out
    assert "once more" in out
    await put(tmp_path, first_key, 1)  # the bot, which was not restarted yet
    new = keys_in(out := told(start("rotate-key", TOKEN_KEYS=both)))
    assert both == f"{new},{first_key}"
    assert "may go" in out
    assert opened(await sealed(tmp_path), new) == ["token 1", "token 2", "token 3"]


@pytest.mark.parametrize("wait_s", [0.0, 0.1, 0.3])
async def test_whoever_kills_the_change_of_keys_loses_nothing(
    start: Start, first_key: str, tmp_path: Path, wait_s: float
):
    n = 300
    await put(tmp_path, first_key, n)
    process = start("rotate-key", TOKEN_KEYS=first_key)
    assert process.stdout is not None
    first_lines = [process.stdout.readline() for _ in range(2)]
    time.sleep(wait_s)  # noqa: ASYNC251 - nothing else runs here
    process.send_signal(signal.SIGKILL)
    process.communicate()
    both = keys_in("".join(first_lines))
    kept = await sealed(tmp_path)
    assert opened(kept, both) == [f"token {number}" for number in range(1, n + 1)]
    assert len({_by_first(each, both) for each in kept}) == 1, "some under one key, some not"
    told(start("rotate-key", TOKEN_KEYS=both))
    assert opened(await sealed(tmp_path), both.split(",")[0]) == opened(kept, both)


def _by_first(kept: bytes, keys: str) -> bool:
    try:
        TokenKeys([keys.split(",", maxsplit=1)[0]]).open(kept)
    except SealedError:
        return False
    return True


async def test_what_cannot_be_opened_is_told_and_not_touched(
    start: Start, first_key: str, tmp_path: Path
):
    await put(tmp_path, first_key, 2)
    before = await sealed(tmp_path)
    other = keys_in(told(start("new-key")))
    assert "put the key back" in told(start("rotate-key", TOKEN_KEYS=other), code=2)
    assert await sealed(tmp_path) == before


@pytest.mark.parametrize(
    ("keys", "said"), [("", "python -m bot new-key"), ("hush", "python -m bot new-key")]
)
def test_without_a_key_there_is_nothing_to_change(start: Start, keys: str, said: str):
    err = told(start("rotate-key", TOKEN_KEYS=keys), code=2)
    assert said in err
    assert "hush" not in err
    assert len(err.splitlines()) == 1
