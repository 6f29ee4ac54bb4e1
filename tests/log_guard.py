"""Reads everything that the tests log, written as the product writes it, and looks for secrets."""

import hashlib
import logging
import re
from collections.abc import Iterator
from typing import Final

from bot.log_config import as_text, formatter

ISSUED: Final = frozenset(
    hashlib.sha256(f"{kind} {number}".encode()).hexdigest()
    for kind in ("code", "access", "refresh")
    for number in range(5_000)
)
"""What the stand-in of Spotify hands out, in every test."""
GIVEN: Final = ("0b9e9a10-6a4e-4a66-9c1d-3d8d5d2f7a11", "token-of-")
"""Tokens that tests make up for stand-ins."""

_HASH: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_SHAPES: Final = {
    "a token": re.compile("|".join(map(re.escape, GIVEN))),
    "a key that opens tokens": re.compile(r"(?<![\w-])[\w-]{43}=(?![\w=-])"),
    "a sealed token": re.compile(r"gAAAAA[\w-]{20,}"),
    "a code, a state or a verifier": re.compile(
        r"\b(?:code|state|code_verifier)=(?!\[secret\])[\w-]{20,}"
    ),
    "a verifier": re.compile(r"(?<![\w-])[\w-]{86}(?![\w-])"),
    "a bot's token": re.compile(r"[\w-]{24,}\.[\w-]{6}\.[\w-]{27,}"),
    "a password": re.compile(r"://[^/\s:@]*:(?!\[secret\])[^/\s@\]]+@"),
}


class LogGuard(logging.Handler):
    """Keeps lines that show a secret until somebody asks for them.

    Values that only an operator's settings tell are not replaced here, as they are in the product:
    what nobody could tell by its looks must not be logged at all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(formatter(as_text))
        self._leaks: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self._leaks += [f"{what}: {line[:500]}" for what in secrets_in(line)]

    def take(self) -> list[str]:
        """Return the lines that were found since the last time."""
        found, self._leaks = self._leaks, []
        return found


def secrets_in(line: str) -> Iterator[str]:
    """Name the secrets that a line shows."""
    if any(found in ISSUED for found in _HASH.findall(line)):
        yield "a token or a code of Spotify"
    yield from (what for what, shape in _SHAPES.items() if shape.search(line))
