"""Words as the index knows them: folded the same way when stored and when asked for.

The words are folded beforehand, so SQLite only has to split at spaces: its "ascii" tokenizer takes
every character beyond ASCII for a letter, which keeps scripts newer than SQLite's tables whole.
"""

import re
import unicodedata
from typing import Final

from musicrec.domain.identity import fold

MAX_QUERY_CHARACTERS: Final = 200
"""Longer than any title people type; what follows is ignored."""
MAX_QUERY_WORDS: Final = 12

_APOSTROPHES: Final = re.compile(r"(?<=\w)['’‘ʼ`](?=\w)")
_LETTERS_WITHOUT_ACCENT: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
"""Letters that Unicode does not decompose but that people type without their stroke."""

_PRIVATE_USE: Final = 0xE000
_SYMBOLS: Final = {
    code: chr(_PRIVATE_USE + code)
    for code in range(128)
    if not (chr(code).isalnum() or chr(code) == " ")
}
"""Stand-ins that the tokenizer takes for letters, so that ``!!!`` is a word."""

_ASCII_WORD: Final = re.compile("[0-9A-Za-z]")


def folded(text: str) -> str:
    """Return the words of ``text`` between single spaces, as SQLite can store them.

    A text without any letter or digit (``"!!!"``) is words too.
    """
    # An accent of its own would hide that an apostrophe stands between letters.
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    storable = _APOSTROPHES.sub("", composed).encode("utf-8", "ignore").decode()
    # Letters in a ring or in mathematical bold are capitals again once they are decomposed.
    bare = fold(storable).lower().translate(_LETTERS_WITHOUT_ACCENT)
    if any(map(str.isalnum, bare)):
        return bare
    return " ".join(bare.translate(_SYMBOLS).split())


def indexable(text: str) -> str:
    """Return a text of which the tokenizer makes the same words as of ``folded(text)``, sooner."""
    is_plain = text.isascii() and "'" not in text and "`" not in text
    return text if is_plain and _ASCII_WORD.search(text) else folded(text)


def asked_words(text: str) -> list[str]:
    """Return the words that a person typed, the last one perhaps unfinished."""
    return folded(text[:MAX_QUERY_CHARACTERS]).split()[:MAX_QUERY_WORDS]
