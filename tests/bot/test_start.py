"""``python -m bot`` as a real process: every wrong start is one sentence and exit code 2."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.musicrec.workers.dask_cluster import Cluster

Bot = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", command],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def assert_one_sentence(ran: subprocess.CompletedProcess[str], *words: str) -> None:
    assert ran.returncode == 2, ran.stderr
    assert "Traceback" not in ran.stderr
    for word in words:
        assert word in ran.stderr.splitlines()[-1]


def test_a_wrong_setting_stops_every_command(bot: Bot):
    ran = bot("run", WORKER_PROCESSES="no")
    assert_one_sentence(ran, "WORKER_PROCESSES must be a whole number from 1 to 16.")
    assert len(ran.stderr.splitlines()) == 1


def test_a_taken_port_stops_the_playground(bot: Bot):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = bot("local", LOCAL_PORT=str(port))
    assert_one_sentence(ran, f"Port {port} is taken", "LOCAL_PORT")
    assert ran.stdout == ""


def test_a_data_folder_that_cannot_be_made_stops_the_start(bot: Bot, tmp_path: Path):
    (tmp_path / "file").touch()  # a file where a folder belongs stops even root
    assert_one_sentence(bot("local", DATA_DIR="file/data"), "file/data", "DATA_DIR")


def test_a_database_out_of_reach_stops_the_start(bot: Bot):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nobody else takes it meanwhile
        port = closed.getsockname()[1]
        ran = bot("local", DATABASE_URL=f"postgresql://me:hush@127.0.0.1:{port}/name")
    assert_one_sentence(ran, "database")
    assert "hush" not in ran.stderr


def test_a_missing_playground_is_one_sentence_that_names_the_extra(bot: Bot, tmp_path: Path):
    # Without the extra there is no such module; this makes the machine look the same.
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['simcord'] = None\n")
    ran = bot("local", PYTHONPATH=str(tmp_path))
    assert_one_sentence(ran, "simcord", "pip install 'musicrec[local]'")


def test_workers_that_cannot_be_used_stop_the_start_and_are_found_by_check(
    bot: Bot, tmp_path: Path
):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: nobody else takes it meanwhile
        address = f"dask://127.0.0.1:{closed.getsockname()[1]}"
        assert_one_sentence(bot("local", WORKERS=address), address, "out of reach", "WORKERS")
    # Without the extra there is no such module; this makes the machine look the same.
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['distributed'] = None\n")
    environment = {"WORKERS": address, "PYTHONPATH": str(tmp_path)}
    assert_one_sentence(bot("local", **environment), "distributed", "pip install 'musicrec[dask]'")
    (missing,) = (
        line for line in bot("check", **environment).stdout.splitlines() if "MISSING" in line
    )
    assert missing.split()[1] == "workers"
    assert "pip install 'musicrec[dask]'" in missing


def test_check_counts_the_workers_of_a_cluster(bot: Bot):
    with Cluster(hosts=("127.0.0.1",)) as cluster:
        ran = bot("check", WORKERS=cluster.address)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"1 workers at {cluster.address} run what this bot runs." in ran.stdout


def test_migrate_makes_the_database_that_check_then_finds(bot: Bot, tmp_path: Path):
    assert "will be made at the first start" in bot("check").stdout
    assert bot("migrate").returncode == 0
    assert (tmp_path / "data" / "musicrec.db").is_file()
    ran = bot("check")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "sqlite database answers" in ran.stdout


def test_check_tells_what_linking_accounts_needs(bot: Bot):
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - made up
    assert "nobody can link an account" in bot("check").stdout
    application = {"SPOTIFY_CLIENT_ID": "an-id", "PUBLIC_URL": "https://bot.example.org"}
    ran = bot("check", DISCORD_TOKEN=token, **application)
    assert ran.returncode == 2
    assert "python -m bot new-key" in ran.stdout
    ran = bot("check", TOKEN_KEYS=f"{'A' * 43}=", **application)
    assert "Register https://bot.example.org/spotify/callback" in ran.stdout


def test_check_explains_permissions_and_gives_the_link_of_the_tokens_application(bot: Bot):
    token = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - made up
    ran = bot("check", DISCORD_TOKEN=token)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "client_id=1234567890123456789" in ran.stdout
    assert "scope=bot+applications.commands" in ran.stdout
    assert "send_messages" in ran.stdout
    assert token not in ran.stdout + ran.stderr


def test_check_names_the_privileged_intent_only_where_messages_shall_be_read(bot: Bot):
    assert "needs no privileged intent" in bot("check").stdout
    reading = bot("check", READ_MESSAGES="true").stdout
    assert "needs one privileged intent" in reading
    assert "message_content" in reading


@pytest.mark.parametrize(
    "token", ["hush-hush", "a.b.c", "bm90LWFuLWlkLWF0LWFsbA.GabcdE." + "x" * 38]
)
def test_check_refuses_what_is_no_token_without_printing_it(bot: Bot, token: str):
    ran = bot("check", DISCORD_TOKEN=token)
    assert ran.returncode == 2
    assert "DISCORD_TOKEN does not look like a bot token" in ran.stdout
    assert token not in ran.stdout + ran.stderr


def test_check_points_at_a_misspelt_variable_and_an_unusable_database(bot: Bot):
    ran = bot("check", DISCORD_TOKN="x", DATABASE_URL="mysql://host/name")
    assert ran.returncode == 2
    missing = [line for line in ran.stdout.splitlines() if line.startswith("MISSING")]
    assert [line.split()[1] for line in missing] == ["settings", "database"]
    assert "did you mean DISCORD_TOKEN?" in missing[0]
