"""Numeric features as small integers: what a column file holds, and what it means.

One or two bytes a value keep 30 million songs within a gigabyte, and a scan within what memory can
deliver. Codes keep the order of values, so that trees may learn from codes as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.domain.features import FEATURE_RANGES

Codes = NDArray[np.uint8 | np.uint16]
Floats = NDArray[np.float64]

_MOST: Final = 65_534


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to codes and back.

    Attributes:
        low: The value of code 0, or its logarithm.
        steps: Codes a unit, or a unit of the logarithm.
        dtype: Of the codes, unsigned; the largest one means unknown.
        logarithmic: Equal ratios are equal steps.
    """

    low: float
    steps: float
    dtype: type[np.uint8 | np.uint16] = np.uint16
    logarithmic: bool = False

    @property
    def unknown(self) -> int:
        """The code of a missing value."""
        return int(np.iinfo(self.dtype).max)

    def encode(self, values: Floats) -> Codes:
        """Return codes of values that lie within the feature's range, or are NaN."""
        known = ~np.isnan(values)
        codes = np.full(len(values), self.unknown, dtype=self.dtype)
        measured = np.log(values[known]) if self.logarithmic else values[known]
        codes[known] = np.clip(np.rint((measured - self.low) * self.steps), 0, self.unknown - 1)
        return codes

    def decode(self, codes: Codes) -> Floats:
        """Return values, NaN where unknown; ``encode`` of them gives the same codes."""
        measured = self.low + codes / self.steps
        values = np.exp(measured) if self.logarithmic else measured
        values[codes == self.unknown] = np.nan
        return values


_NAMES: Final = frozenset({"key", "mode", "time_signature", "explicit"})
"""Whole numbers below 255."""
_STEPS: Final = {"loudness_db": 500.0, "tempo_bpm": 160.0, "popularity": 500.0, "year": 1.0}
_SHARE_STEPS: Final = 50_000.0
"""A multiple of a thousand: the three decimals that sources give come back as they were."""


def _scale_of(name: str, low: float, high: float) -> Scale:
    if name == "duration_ms":
        return Scale(np.log(low), _MOST / np.log(high / low), logarithmic=True)
    if name in _NAMES:
        return Scale(low, 1.0, dtype=np.uint8)
    return Scale(low, _STEPS.get(name, _SHARE_STEPS))


SCALES: Final[Mapping[str, Scale]] = MappingProxyType(
    {name: _scale_of(name, low, high) for name, (low, high) in FEATURE_RANGES.items()}
)
"""Of every feature. Lengths are logarithmic: within 0.02 % of the truth, whatever they are."""
