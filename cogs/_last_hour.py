"""How many answers of the last hour failed."""

from dataclasses import dataclass
from typing import Final

_MINUTE_S: Final = 60
_MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class HourTally:
    """What became of the answers of the last hour, or since the start where that was later.

    Attributes:
        n: Answers that ended, in vain or not.
        n_failed: Those that failed by a fault of ours or of the host.
        minutes: That they were counted for, 1 to 60.
    """

    n: int
    n_failed: int
    minutes: int


class LastHour:
    """A ring with one place for each minute of an hour; the current minute is the sixtieth."""

    def __init__(self, started_at: float) -> None:
        """Begin to count.

        Args:
            started_at: Seconds of the clock that all other instants are of; it never goes back.
        """
        self._started_at = started_at
        self._n = [0] * _MINUTES
        self._n_failed = [0] * _MINUTES
        self._minute = 0

    def count(self, at: float, *, is_failure: bool) -> None:
        """Count an answer."""
        self._turn(at)
        self._n[self._minute % _MINUTES] += 1
        self._n_failed[self._minute % _MINUTES] += is_failure

    def tally(self, at: float) -> HourTally:
        """Return what was counted."""
        self._turn(at)
        return HourTally(sum(self._n), sum(self._n_failed), min(self._minute + 1, _MINUTES))

    def _turn(self, at: float) -> None:
        """Come to the minute that it is, and empty those that are an hour old."""
        minute = int((at - self._started_at) // _MINUTE_S)
        for each in range(max(self._minute + 1, minute - _MINUTES + 1), minute + 1):
            self._n[each % _MINUTES] = self._n_failed[each % _MINUTES] = 0
        self._minute = max(self._minute, minute)
