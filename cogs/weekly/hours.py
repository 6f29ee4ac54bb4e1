"""Times of day as people write them."""

import re
from typing import Final

from musicrec.domain.errors import BadInputError

_TIME: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.h]\s*(?P<minute>\d{2}))?h?\s*(?:(?P<half>[ap])\.?\s?m\.?)?",
    re.ASCII | re.IGNORECASE,
)
_HOURS: Final = 24
_HALF: Final = 12
_MINUTES: Final = 60


def minute_of(text: str) -> int:
    """Read a time of day: ``18``, ``18:30``, ``18h30``, ``6pm``, ``6:30 p.m.``.

    Returns:
        The minute of the day, in [0, 1440).

    Raises:
        BadInputError: There is no such time.
    """
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise _no_time(text)
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower()
    if half:
        if not 1 <= hour <= _HALF:
            raise _no_time(text)
        hour = hour % _HALF + (_HALF if half == "p" else 0)
    if hour >= _HOURS or minute >= _MINUTES:
        raise _no_time(text)
    return hour * _MINUTES + minute


def clock(minute: int) -> str:
    """Write a minute of the day as ``18:30``."""
    hour, rest = divmod(minute, _MINUTES)
    return f"{hour}:{rest:02}"


def _no_time(text: str) -> BadInputError:
    return BadInputError(
        f"“{text.strip()[:20]}” is no time of day. Write it like 18, 18:30 or 6pm; midnight is 0."
    )
