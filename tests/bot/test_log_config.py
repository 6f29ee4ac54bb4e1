import logging
import subprocess
import sys

import pytest

from bot.log_config import RedactingFormatter

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - made up


def line_of(message: str) -> str:
    record = logging.LogRecord("x", logging.INFO, "", 0, message, None, None)
    return RedactingFormatter("%(message)s").format(record)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (f"logging in with {TOKEN}.", "logging in with [secret]."),
        (
            "POST https://host/webhooks/12/aW50ZXJhY3Rpb246?x",
            "POST https://host/webhooks/12/[secret]?x",
        ),
        ("/interactions/34/abc/callback", "/interactions/34/[secret]/callback"),
        ("at postgresql://me:word@host/name", "at postgresql://[secret]@host/name"),
        (
            "pasted http://127.0.0.1/callback?code=AQD-x_1&state=abc_-1 whole",
            "pasted http://127.0.0.1/callback?code=[secret]&state=[secret] whole",
        ),
        ("rated https://open.spotify.com/track/5nNmj1cLH3r4aA4XDJ2bgY", None),
        ("musicrec.services.training.TrainingService", None),
    ],
)
def test_what_looks_like_a_secret_is_not_logged(message: str, line: str | None):
    assert line_of(message) == (line or message)


def test_lines_go_to_standard_error_from_the_level_up_and_without_noise():
    program = """
import logging
from bot.log_config import configure_logging
configure_logging("INFO")
logging.getLogger("bot.x").debug("too fine")
logging.getLogger("bot.x").info("ours")
logging.getLogger("discord.gateway").info("chatter")
logging.getLogger("discord.gateway").warning("serious")
logging.getLogger("discord.client").warning("PyNaCl is not installed, voice will NOT be supported")
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    lines = [line.split(maxsplit=1)[1] for line in ran.stderr.splitlines()]
    assert lines == ["INFO    bot.x: ours", "WARNING discord.gateway: serious"]
    assert ran.stdout == ""
