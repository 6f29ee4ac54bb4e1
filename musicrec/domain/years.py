"""Years as people write them."""

import re
from typing import Final

from musicrec.domain.errors import BadInputError
from musicrec.domain.features import FEATURE_RANGES

_FIRST, _LAST = (int(year) for year in FEATURE_RANGES["year"])
_DECADE: Final = re.compile(r"(\d{3}0)\s*['’]?s")
_SPAN: Final = re.compile(r"(\d{4})?\s*([-–—])?\s*(\d{4})?")


def years_in(text: str) -> tuple[int, int]:
    """Return the first and the last of the years that a text means.

    Args:
        text: ``1999``, ``1990-1999``, ``1990s``, ``1990-`` (and later) or ``-1999`` (and before).

    Raises:
        BadInputError: It is none of these.
    """
    written = text.strip()
    if match := _DECADE.fullmatch(written):
        first = int(match[1])
        return _checked(text, first, first + 9)
    match = _SPAN.fullmatch(written)
    if match is None or not (match[1] or match[3]) or (match[1] and match[3] and not match[2]):
        raise _wrong(text)
    first = int(match[1] or (_FIRST if match[2] else match[3]))
    last = int(match[3] or (_LAST if match[2] else match[1]))
    return _checked(text, first, last)


def _checked(text: str, first: int, last: int) -> tuple[int, int]:
    if not _FIRST <= first <= last <= _LAST:
        raise _wrong(text)
    return first, last


def _wrong(text: str) -> BadInputError:
    return BadInputError(
        f"{text[:40]!r} names no years: write one such as 1999, or the first and the last such as"
        " 1990-1999."
    )
