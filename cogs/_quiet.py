"""Quiet hours in words."""

from cogs._format import safe
from musicrec.domain.quiet import QuietHours


def hours_words(hours: QuietHours) -> str:
    """Write hours as ``22:00 to 8:00 (Europe/Berlin)``."""
    return f"{_clock(hours.begins)} to {_clock(hours.ends)} ({safe(hours.zone, 60)})"


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"
