"""How often somebody may ask for something: a bucket of tokens for each, which fills by itself."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

_MOST_KEPT: Final = 100_000
"""Buckets that are not full: some 20 MB at most."""
_GRAIN_S: Final = 1e-6
"""Less is a matter of rounding."""
_AT_A_TIME: Final = 2
"""Old buckets that are looked at for each token taken: more are forgotten than are made."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What may be asked for.

    Attributes:
        at_once: Tokens of a full bucket, at least 1.
        per_s: Tokens that come back each second, above 0.
    """

    at_once: int
    per_s: float


class Allowance:
    """A bucket for each key; a key that nobody knows has a full one.

    A bucket is one number, the instant at which it will be full again, so that full ones need not
    be kept. Where there are too many others, the one that was used least recently is forgotten.

    Source:
        The generic cell rate algorithm, ITU-T recommendation I.371.
    """

    def __init__(self, pace: Pace, *, most_kept: int = _MOST_KEPT) -> None:
        self._every_s = 1.0 / pace.per_s
        self._room_s = pace.at_once * self._every_s
        self._most_kept = most_kept
        self._full_at: dict[Hashable, float] = {}

    def __len__(self) -> int:
        """Return how many buckets are kept."""
        return len(self._full_at)

    def wait_s(self, key: Hashable, at: float) -> float:
        """Return the seconds until a key may take a token; 0 for now.

        Args:
            key: Whose bucket.
            at: Seconds of a clock that never goes back.
        """
        full_at = max(self._full_at.get(key, -math.inf), at)
        wait_s = full_at + self._every_s - at - self._room_s
        return wait_s if wait_s > _GRAIN_S else 0.0

    def take(self, key: Hashable, at: float) -> None:
        """Take a token, which ``wait_s`` has allowed."""
        full_at = max(self._full_at.pop(key, -math.inf), at)
        self._full_at[key] = full_at + self._every_s
        self._forget(at)

    def _forget(self, at: float) -> None:
        for _ in range(_AT_A_TIME):
            oldest = next(iter(self._full_at))
            if self._full_at[oldest] > at and len(self._full_at) <= self._most_kept:
                return
            del self._full_at[oldest]
