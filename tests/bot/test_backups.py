"""``python -m bot backup`` and ``restore`` as real processes beside a running bot."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.playground import ROOT, playground

Bot = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_running_bot_is_backed_up_and_only_a_stopped_one_restored(bot: Bot, tmp_path: Path):
    with playground(tmp_path) as running:
        running.address()
        made = bot("backup")
        assert made.returncode == 0, made.stderr
        (file,) = (tmp_path / "data" / "backups").iterdir()
        assert f"data/backups/{file.name}" in made.stdout
        assert "TOKEN_KEYS" in made.stdout

        refused = bot("restore", str(file), "--replace")
        assert refused.returncode == 2
        assert refused.stderr.splitlines()[-1].endswith(
            "is in use: stop the bot and every other program that has it open."
        )
        assert running.end(signal.SIGTERM) == 0

    refused = bot("restore", str(file))
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    restored = bot("restore", str(file), "--replace")
    assert restored.returncode == 0, restored.stderr
    assert "musicrec.db.replaced-1" in restored.stdout
    assert bot("check").returncode == 0


def test_without_a_database_there_is_nothing_to_back_up(bot: Bot):
    ran = bot("backup", "copy.db")
    assert ran.returncode == 2
    assert "does not exist yet" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_file_is_only_named_where_one_is_used(bot: Bot):
    assert bot("restore").returncode == 2
    assert bot("check", "file").returncode == 2
    assert "backup" in bot("--help").stdout
