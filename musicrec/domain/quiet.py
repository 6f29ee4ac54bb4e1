"""Between which hours nothing unasked is sent."""

from dataclasses import dataclass
from typing import Final

LONGEST_MINUTES: Final = 12 * 60
"""Of quiet hours: what is due meanwhile must still come on the same day."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from one time to another, by somebody's clock.

    Attributes:
        begins: Minute of the local day, in [0, 1440).
        ends: The first minute that is not quiet any more; on the next day where it is not later.
        zone: IANA name, e.g. ``"Europe/Berlin"``.
    """

    begins: int
    ends: int
    zone: str
