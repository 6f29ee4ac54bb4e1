"""When songs were labelled, where a table says so."""

import re
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TIME_COLUMNS: Final = ("labelled_at", "labeled_at", "rated_at", "liked_at", "added_at")
"""Names without regard to case, spaces and underscores, best first."""

_DECORATION: Final = re.compile(r"[\W_]+")


def labelled_at(table: pd.DataFrame) -> NDArray[np.float64] | None:
    """Return the seconds since 1970 (UTC) of every label, NaN where it has no readable time.

    None where the table has no column of times, or none of its times can be read.
    """
    by_bare_name = {_bare(str(name)): name for name in reversed(table.columns)}
    for name in map(_bare, TIME_COLUMNS):
        if name in by_bare_name:
            seconds = _seconds(table[by_bare_name[name]])
            return None if np.isnan(seconds).all() else seconds
    return None


def _seconds(column: "pd.Series[str]") -> NDArray[np.float64]:
    texts = column.astype("str")
    times = pd.to_datetime(texts, errors="coerce", utc=True, format="ISO8601")
    nanoseconds = times.to_numpy(dtype="datetime64[ns]")
    seconds = nanoseconds.astype(np.int64) / 1e9
    return np.where(np.isnat(nanoseconds), np.nan, seconds)


def _bare(name: str) -> str:
    return _DECORATION.sub("", name.casefold())
