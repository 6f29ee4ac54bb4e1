"""The words of a playlist's course, for everybody who does not see its picture."""

from itertools import pairwise
from statistics import fmean
from types import MappingProxyType
from typing import Final

from musicrec.domain.playlist_course import Course, PlaylistCourse

TITLES: Final = MappingProxyType({"energy": "Energy", "tempo_bpm": "Tempo (bpm)"})
"""What the features are called that can be drawn."""

HEADLINE: Final = "Energy and tempo along the list"

_PARTS: Final = 8
_DECIMALS: Final = MappingProxyType({"energy": 2, "tempo_bpm": 0})


def course_text(course: PlaylistCourse) -> str:
    """Write means of up to eight parts of the list, for a monospaced font."""
    n = course.n_songs
    n_parts = min(_PARTS, n)
    ends = [round(n * part / n_parts) for part in range(n_parts + 1)]
    rows = [
        f"{_span(start, end):>13}"
        + "".join(_cells(one, name, start, end) for name, one in course.courses.items())
        for start, end in pairwise(ends)
    ]
    names = "".join(f"{TITLES[name]:>17}" for name in course.courses)
    columns = f"{'songs':>13}" + f"{'now':>9}{'then':>8}" * len(course.courses)
    return "\n".join([f"{HEADLINE}: means, now and sorted.", "", " " * 13 + names, columns, *rows])


def _span(start: int, end: int) -> str:
    return f"{start + 1}" if end == start + 1 else f"{start + 1} to {end}"


def _cells(one: Course, name: str, start: int, end: int) -> str:
    return f"{_mean(one.now[start:end], name):>9}{_mean(one.then[start:end], name):>8}"


def _mean(values: tuple[float | None, ...], name: str) -> str:
    known = [value for value in values if value is not None]
    return f"{fmean(known):.{_DECIMALS[name]}f}" if known else "?"
