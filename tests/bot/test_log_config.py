import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from structlog.processors import JSONRenderer

from bot.log_config import as_text, formatter
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - made up
KEY = "c2VjcmV0IGtleSBvZiB0aGUgdGVzdHMgMTIzNDU2Nzg="

LOOKS_LIKE_SECRETS = [
    (f"logging in with {TOKEN}.", "logging in with [secret]."),
    (
        "POST https://host/webhooks/12/aW50ZXJhY3Rpb246?x",
        "POST https://host/webhooks/12/[secret]?x",
    ),
    ("/interactions/34/abc/callback", "/interactions/34/[secret]/callback"),
    ("ends with /webhooks/12/abc", "ends with /webhooks/12/[secret]"),
    ("at postgresql://me:word@host/name", "at postgresql://[secret]@host/name"),
    (
        "pasted http://127.0.0.1/callback?code=AQD-x_1&state=abc_-1 whole",
        "pasted http://127.0.0.1/callback?code=[secret]&state=[secret] whole",
    ),
    (
        "Authorization: Bearer AQDx-1234567890abcdef== ends",
        "Authorization: Bearer [secret] ends",
    ),
    ('{"access_token": "AQD", "n": 1}', '{"access_token": "[secret]", "n": 1}'),
    ("refresh_token=AQD&grant_type=x", "refresh_token=[secret]&grant_type=x"),
    (f"TOKEN_KEYS={KEY},{KEY}", "TOKEN_KEYS=[secret],[secret]"),
    (f"the key {KEY} alone", "the key [secret] alone"),
    ("rated https://open.spotify.com/track/5nNmj1cLH3r4aA4XDJ2bgY", None),
    ("musicrec.services.training.TrainingService", None),
]


def record_of(message: str, *, of: BaseException | None = None, **extra: Any) -> logging.LogRecord:
    exc_info = (type(of), of, of.__traceback__) if of else None
    record = logging.LogRecord("bot.x", logging.ERROR, "", 0, message, None, exc_info)
    vars(record).update(extra)
    return record


def as_json(record: logging.LogRecord) -> dict[str, Any]:
    (line,) = formatter(JSONRenderer(), secrets=[KEY]).format(record).splitlines()
    return json.loads(line)


@pytest.mark.parametrize(("message", "line"), LOOKS_LIKE_SECRETS)
def test_what_looks_like_a_secret_is_not_logged(message: str, line: str | None):
    said = formatter(as_text, secrets=[KEY]).format(record_of(message))
    assert said.split(" bot.x: ")[1] == (line or message)


@pytest.mark.parametrize(("message", "line"), LOOKS_LIKE_SECRETS)
def test_no_secret_is_in_any_field_of_a_json_line(message: str, line: str | None):
    clean = line or message
    error = ValueError(message)
    error.add_note(message)
    fields = as_json(record_of(message, of=error, deep={"list": [message, {"key": message}]}, n=3))
    assert fields["event"] == clean
    assert fields["deep"] == {"list": [clean, {"key": clean}]}
    assert fields["n"] == 3
    assert fields["exception"] == f"ValueError: {clean}\n{clean}"


def test_what_the_operator_set_as_a_secret_is_not_logged_whatever_it_looks_like():
    settings = Settings(
        discord_token=SecretStr("unusual token"),
        token_keys=SecretStr("first-key,other-key"),
        database_url=SecretStr("sqlite:///a/file"),
    )
    line = formatter(as_text, secrets=settings.secrets).format(
        record_of("unusual token, other-key, sqlite:///a/file and first-key,other-key")
    )
    assert line.endswith("[secret], [secret], [secret] and [secret]")


def test_an_incident_is_a_field_of_its_own():
    fields = as_json(record_of("Incident ab12cd in /rate", incident="ab12cd", where="/rate"))
    assert fields.pop("at").endswith("Z")
    assert fields == {
        "level": "error",
        "logger": "bot.x",
        "event": "Incident ab12cd in /rate",
        "incident": "ab12cd",
        "where": "/rate",
    }


def test_a_line_for_people_has_the_failure_below_it():
    line = formatter(as_text).format(record_of("Incident", of=ValueError("boom"), incident="ab"))
    first, *rest = line.splitlines()
    assert first[8:] == " ERROR   bot.x: Incident"
    assert rest == ["ValueError: boom"]


def logged_by(log_format: str) -> list[str]:
    program = f"""
import logging
from bot.log_config import configure_logging
configure_logging("INFO", "{log_format}")
logging.getLogger("bot.x").debug("too fine")
logging.getLogger("bot.x").info("ours")
logging.getLogger("discord.gateway").info("chatter")
logging.getLogger("discord.gateway").warning("%s", "serious")
logging.getLogger("discord.client").warning("PyNaCl is not installed, voice will NOT be supported")
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert ran.stdout == ""
    return ran.stderr.splitlines()


def test_lines_go_to_standard_error_from_the_level_up_and_without_noise():
    lines = [line.split(maxsplit=1)[1] for line in logged_by("text")]
    assert lines == ["INFO    bot.x: ours", "WARNING discord.gateway: serious"]


def test_where_nobody_reads_along_lines_are_json():
    lines = [json.loads(line) for line in logged_by("auto")]
    assert [line["event"] for line in lines] == ["ours", "serious"]
