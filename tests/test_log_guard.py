"""What reads the log of all tests would notice a secret in it."""

import hashlib
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from musicrec.accounts.keys import TokenKeys, new_key
from musicrec.accounts.spotify_login import new_verifier
from tests.log_guard import LogGuard, secrets_in

ROOT = Path(__file__).parents[1]
SPOTIFYS = hashlib.sha256(b"refresh 7").hexdigest()
BOTS = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"
LEAKY = f"""
import logging

async def test_a_leak():
    logging.getLogger("musicrec.x").info("refreshing %s", "{SPOTIFYS}")

def test_no_leak():
    logging.getLogger("musicrec.x").info("refreshing access_token=%s", "{SPOTIFYS}")
"""


@pytest.mark.parametrize(
    "line",
    [
        f"token {SPOTIFYS} ended",
        f"key {new_key()}",
        f"keys ({new_key()!r},)",
        f"row {TokenKeys([new_key()]).seal('x')!r}",
        f"verifier {new_verifier()}",
        "GET /callback?code=abcdefghijklmnopqrstuvwx",
        "listener has token-of-orla",
        f"logging in with {BOTS}",
        "postgresql://me:word@host/name",
    ],
    # Keys are new in every process, and parallel ones must have tests of the same names.
    ids=lambda line: str(line).split()[0],
)
def test_every_kind_of_secret_is_noticed(line: str):
    assert list(secrets_in(line))


@pytest.mark.parametrize(
    "line",
    [
        "state=[secret] code=[secret]",
        "postgresql://[secret]@host/name",
        f"model {hashlib.sha256(b'a model').hexdigest()} is kept",
        "https://open.spotify.com/track/5nNmj1cLH3r4aA4XDJ2bgY?si=abc",
        "Connected as musicrec#1 in 3 servers",
    ],
)
def test_everything_else_is_not(line: str):
    assert list(secrets_in(line)) == []


def test_what_the_product_replaces_is_no_leak():
    guard = LogGuard()
    for message in (f"Authorization: Bearer {SPOTIFYS}", f"in with {BOTS}", f"no {SPOTIFYS}"):
        guard.emit(logging.LogRecord("x", logging.INFO, "", 0, message, None, None))
    (leak,) = guard.take()
    assert leak.endswith(f"no {SPOTIFYS}")
    assert guard.take() == []


def test_a_test_that_logs_a_secret_fails(tmp_path: Path):
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / "test_leaky.py").write_text(LEAKY)
    config = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-q", "-rA"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *config, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert "2 passed, 1 error" in ran.stdout, ran.stdout + ran.stderr
    assert "ERROR" in ran.stdout
    assert "a token or a code of Spotify" in ran.stdout
