"""What is usual among the songs that a listener rated."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import pandas as pd

from musicrec.taste.words import WORDINGS

_NOT_ORDERED: Final = frozenset({"mode", "explicit", "time_signature"})


@dataclass(frozen=True, slots=True)
class Typical:
    """What is usual among the songs a listener rated, by feature, where there is a word for it.

    Attributes:
        middle: Median, or the most frequent value where the numbers are mere names.
        low: A fifth of the songs is at or below.
        high: A fifth of the songs is at or above.
    """

    middle: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]

    @classmethod
    def of(cls, songs: pd.DataFrame, feature_names: tuple[str, ...]) -> Self:
        """Measure the features that are known and have words, on cleaned rated songs."""
        known = {name: songs[name].dropna() for name in feature_names if name in WORDINGS}
        known = {name: values for name, values in known.items() if len(values)}
        return cls(
            middle={name: _middle(name, values) for name, values in known.items()},
            low={name: float(values.quantile(0.2)) for name, values in known.items()},
            high={name: float(values.quantile(0.8)) for name, values in known.items()},
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts; ``from_json`` reverses it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild from ``to_json``.

        Raises:
            KeyError, TypeError: The data is something else.
        """
        return cls(middle=dict(data["middle"]), low=dict(data["low"]), high=dict(data["high"]))

    def word(self, name: str, value: float) -> str:
        """Name the side a value lies on: what it is for this listener, or compared to the usual."""
        wording = WORDINGS[name]
        if value < self.middle[name]:
            return wording.lowest if value <= self.low[name] else wording.lower
        return wording.highest if value >= self.high[name] else wording.higher


def _middle(name: str, values: "pd.Series[float]") -> float:
    return float(values.mode().iloc[0] if name in _NOT_ORDERED else values.median())
