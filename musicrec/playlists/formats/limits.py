"""How large a playlist file may be, and what its texts are reduced to."""

import re
from typing import Final

from musicrec.domain.errors import BadInputError

MOST_BYTES: Final = 10_000_000
MOST_ITEMS: Final = 10_000
"""What Spotify allows in one playlist."""
MOST_OF_AN_ITEM: Final = 64_000
"""Characters of one entry of a file, everything that is not understood included."""

_LONGEST_TEXT: Final = 1_000
_LONGEST_LINK: Final = 4_000
_MOST_ARTISTS: Final = 50
_SPACE: Final = re.compile("[\\s\x00-\x1f\x7f-\x9f]+")
_NO_CHARACTER: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")


def clean(text: str, *, longest: int = _LONGEST_TEXT) -> str:
    """Reduce white space and control characters to single spaces; cut what is too long."""
    return _SPACE.sub(" ", _NO_CHARACTER.sub("\ufffd", text)).strip()[:longest].strip()


def clean_link(text: str) -> str:
    """Return a link or path without control characters."""
    return clean(text, longest=_LONGEST_LINK)


def clean_artists(text: str) -> tuple[str, ...]:
    """Return the artists in a text that separates them by semicolons, each once."""
    names = (clean(name) for name in text.split(";"))
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST_ARTISTS]


def require_size(data: bytes, name: str) -> None:
    """Refuse a file that is empty or too large to be a playlist.

    Raises:
        BadInputError: It is.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        msg = f"{name} is empty."
        raise BadInputError(msg)
    if len(data) > MOST_BYTES:
        msg = f"{name} is larger than {MOST_BYTES // 1_000_000} MB, too large for a playlist."
        raise BadInputError(msg)


def require_few(n_items: int, name: str) -> None:
    """Refuse more items than a playlist may have.

    Raises:
        BadInputError: There are too many.
    """
    if n_items > MOST_ITEMS:
        msg = f"{name} holds more than {MOST_ITEMS:,} songs; split it."
        raise BadInputError(msg)


def require_short(text: str, number: int, name: str) -> str:
    """Return the text of one entry.

    Raises:
        BadInputError: It is too long.
    """
    if len(text) > MOST_OF_AN_ITEM:
        msg = f"Entry {number} of {name} is longer than {MOST_OF_AN_ITEM // 1000} kB."
        raise BadInputError(msg)
    return text
