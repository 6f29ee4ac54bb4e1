"""How many songs of a weekly list are familiar, new and exploring."""

from collections import Counter
from typing import Final

from musicrec.domain.week import PickKind

_FAMILIAR: Final = 1 / 15
"""Two of thirty: what is known makes a list of unknown songs trusted."""


def exploring_share(adventure: float) -> float:
    """Return the share of a list that explores: none at 0, 4 of 30 at 0.5, a third at 1."""
    return adventure / 5 + 2 * adventure**2 / 15


def songs_of_kinds(n: int, adventure: float) -> Counter[PickKind]:
    """Return how many of ``n`` songs are of each kind, where enough of each can be found."""
    familiar, exploring = round(n * _FAMILIAR), round(n * exploring_share(adventure))
    return Counter(
        {
            PickKind.FAMILIAR: familiar,
            PickKind.NEW: n - familiar - exploring,
            PickKind.EXPLORING: exploring,
        }
    )
