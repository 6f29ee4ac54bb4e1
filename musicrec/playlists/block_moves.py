"""Sort by moving runs: which two neighbouring runs to exchange next.

Fewest moves of runs are hard to find (Bulteau, Fertin & Rusu 2012), good ones are not. Wherever a
number is not followed by its successor there is a gap; an exchange of two neighbouring runs closes
at most three. The best one is taken; of a list in random order, and of one that is reversed, that
takes about half as many moves as it has songs, and never more than it has gaps.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

Exchange: TypeAlias = tuple[int, int, int]
"""The runs ``[first, middle)`` and ``[middle, end)`` change places."""


def best_exchange(order: Sequence[int]) -> Exchange | None:
    """Return the exchange that closes most gaps; None where the numbers are sorted.

    Args:
        order: A permutation of 0, 1, ….
    """
    first = next((place for place, number in enumerate(order) if place != number), None)
    if first is None:
        return None
    return _closing_several(order) or _halving(order) or _closing_one(order, first)


class _Numbers:
    """A permutation between two numbers that never move, -1 and its length."""

    def __init__(self, order: Sequence[int]) -> None:
        self.n = len(order)
        self._at = [-1, *order, self.n]
        self._place = [0] * (self.n + 2)
        for place, number in enumerate(self._at):
            self._place[number + 1] = place - 1

    def at(self, place: int) -> int:
        return self._at[place + 1]

    def place(self, number: int) -> int:
        return self._place[number + 1]

    def closes_three(self, exchange: Exchange) -> bool:
        first, middle, end = exchange
        return (
            self.at(middle) == self.at(first - 1) + 1
            and self.at(first) == self.at(end - 1) + 1
            and self.at(end) == self.at(middle - 1) + 1
        )


def _closing_several(order: Sequence[int]) -> Exchange | None:
    """Return an exchange that closes three gaps, or else one that closes two."""
    numbers, best = _Numbers(order), None
    for exchange in _closing_two(numbers):
        if numbers.closes_three(exchange):
            return exchange
        best = best or exchange
    return best


def _closing_two(numbers: _Numbers) -> Iterator[Exchange]:
    """Yield exchanges that close two gaps or three: of three places any two tell the third."""
    for first in range(numbers.n):
        before, number = numbers.at(first - 1), numbers.at(first)
        if number == before + 1:
            continue
        middle, end = numbers.place(before + 1), numbers.place(number - 1) + 1
        follower = numbers.place(numbers.at(middle - 1) + 1) if first < middle < numbers.n else -1
        leader = numbers.place(numbers.at(end) - 1) + 1 if first < end else -1
        for found in ((first, middle, end), (first, middle, follower), (first, leader, end)):
            if found[0] < found[1] < found[2] <= numbers.n:
                yield found


def _closing_one(order: Sequence[int], first: int) -> Exchange:
    """Fetch the run that belongs to the first wrong place."""
    middle = order.index(first)
    end = middle + 1
    while end < len(order) and order[end] == order[end - 1] + 1:
        end += 1
    return first, middle, end


def _halving(order: Sequence[int]) -> Exchange | None:
    """Halve what is reversed, where the next exchange can make up for it."""
    numbers = _Numbers(order)
    gaps = [
        place for place in range(numbers.n + 1) if numbers.at(place) != numbers.at(place - 1) + 1
    ]
    first, middle, end = gaps[0], gaps[len(gaps) // 2 - 1], gaps[-2]
    if not first < middle < end:
        return None
    halved = [*order[:first], *order[middle:end], *order[first:middle], *order[end:]]
    return (first, middle, end) if _closing_several(halved) else None
