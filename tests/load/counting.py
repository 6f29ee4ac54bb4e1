"""From what was seen during a run to figures."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import asyncpg
import numpy as np

from musicrec.storage.urls import SQLITE, dialect_of, parse_url
from tests.load.crowd import Asked
from tests.load.filling import rows_of_sqlite

_BUCKET: Final = re.compile(r'(?P<name>\w+)_bucket\{(?P<labels>.*)le="(?P<most>[^"]+)"')
_KEYS: Final = "SELECT event_key FROM label_events WHERE event_key LIKE 'interaction:%'"
_SENT: Final = "SELECT count(*) FROM weeks WHERE state = 'sent'"


async def stored_presses(url: str) -> tuple[Counter[int], int]:
    """Return how often each interaction is in the log, and how many weekly lists were sent."""
    address = parse_url(url)
    if dialect_of(address) == SQLITE:
        keys = rows_of_sqlite(str(address.database), _KEYS)
        ((n_sent,),) = rows_of_sqlite(str(address.database), _SENT)
    else:
        connection = await asyncpg.connect(url)
        try:
            keys = await connection.fetch(_KEYS)
            n_sent = await connection.fetchval(_SENT)
        finally:
            await connection.close()
    return Counter(int(key.split(":")[1]) for (key,) in keys), n_sent


def percentiles(seconds: Iterable[float]) -> dict[str, float]:
    """Return the median, the 95th and 99th percentile and the longest, in milliseconds."""
    times = 1e3 * np.array([*seconds])
    if not len(times):
        return {}
    p50, p95, p99 = np.percentile(times, (50, 95, 99))
    found = {"p50": p50, "p95": p95, "p99": p99, "most": times.max()}
    return {name: round(float(value), 1) for name, value in found.items()}


def by_name(asked: Iterable[Asked]) -> dict[str, dict[str, float]]:
    """Return how long the whole answers took, by the name of the command."""
    taken: dict[str, list[float]] = defaultdict(list)
    for one in asked:
        taken[one.name].append(np.inf if one.answered_s is None else one.answered_s)
    return {name: percentiles(seconds) for name, seconds in sorted(taken.items())}


def told_percentiles(figures: dict[str, float], name: str, labels: str) -> dict[str, float]:
    """Return percentiles from a histogram of Prometheus, in milliseconds.

    Each is the upper end of its bucket: the bot knows no more than that.
    """
    buckets: Counter[float] = Counter()
    for key, value in figures.items():
        found = _BUCKET.match(key)
        if found and found["name"] == name and re.search(labels, found["labels"]):
            buckets[float(found["most"])] += int(value)
    n = buckets[float("inf")]
    return {
        f"p{share}": 1e3 * min(most for most in buckets if buckets[most] >= n * share / 100)
        for share in (50, 95, 99)
        if n
    }


def slope_per_hour(times_s: Sequence[float], values: Sequence[float]) -> float:
    """Return how fast something grows over the last half of the time, each hour."""
    half = len(times_s) // 2
    if len(times_s) - half < 2:
        return 0.0
    return 3600 * float(np.polyfit(times_s[half:], values[half:], 1)[0])
