"""Bytes of a text file into characters, whatever program wrote them."""

import codecs
import re
from pathlib import Path
from typing import Final

from musicrec.domain.errors import BadInputError

BROKEN_CHARACTER: Final = re.compile("[\ud800-\udfff]")
"""What ``decode`` leaves where bytes mean nothing (PEP 383)."""

_BEYOND_ASCII: Final = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_NOT_IN_TEXT: Final = re.compile("[\x00-\x08\x0e-\x1f]")
_SAMPLE_CHARACTERS: Final = 4096


def decode(data: bytes, path: Path) -> str:
    """Decode UTF-8, UTF-16 with a byte order mark, or else Windows-1252.

    Args:
        data: The file's content.
        path: Its name, for the message.

    Returns:
        Text; undecodable bytes have become ``BROKEN_CHARACTER`` each.

    Raises:
        BadInputError: This is no text.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    else:
        text = _decode_bytes(data.removeprefix(codecs.BOM_UTF8))
    first_line = text[:_SAMPLE_CHARACTERS].lstrip().partition("\n")[0]
    if "\x00" in text or _NOT_IN_TEXT.search(first_line):
        msg = f"{path} is not a text file; save it as CSV in UTF-8, or as Parquet."
        raise BadInputError(msg)
    return text


def _decode_bytes(data: bytes) -> str:
    text = data.decode("utf-8", "surrogateescape")
    if BROKEN_CHARACTER.search(text) and not _BEYOND_ASCII.search(text):
        # Not one valid UTF-8 sequence: an old Windows program's accents.
        return data.decode("cp1252", "surrogateescape")
    return text
