"""From a list as it is to a list as it should be, in steps that Spotify's interface knows.

There are three: remove a song wherever it stands, insert songs at a place, move a run of songs.
Nothing is remembered between two steps: the list as it is by then and the goal always suffice.
Missing songs come first, so that none is away for longer than it must be. Songs are put in order
by moves alone, which keep the dates of adding: removing and inserting a hundred songs at a time
would take far fewer steps, but every date would be lost, and whoever dies half-way leaves a list
without them. The one song that is removed although it stays is one that stands in the list more
often than it should: all its copies go, and the wanted ones come back next.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, TypeAlias

from musicrec.playlists.block_moves import best_exchange

MOST_URIS: Final = 100
"""In one step."""


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove songs, each wherever it stands."""

    uris: tuple[str, ...]

    def applied(self, uris: Sequence[str]) -> list[str]:
        """Return what becomes of a list."""
        return [uri for uri in uris if uri not in self.uris]


@dataclass(frozen=True, slots=True)
class Insert:
    """Insert songs in front of the one at a place, which counts from 0."""

    at: int
    uris: tuple[str, ...]

    def applied(self, uris: Sequence[str]) -> list[str]:
        """Return what becomes of a list."""
        return [*uris[: self.at], *self.uris, *uris[self.at :]]


@dataclass(frozen=True, slots=True)
class Move:
    """Move a run of songs in front of the one that is at ``before`` now; places count from 0."""

    start: int
    length: int
    before: int

    def applied(self, uris: Sequence[str]) -> list[str]:
        """Return what becomes of a list."""
        end = self.start + self.length
        run = uris[self.start : end]
        if self.before <= self.start:
            return [*uris[: self.before], *run, *uris[self.before : self.start], *uris[end:]]
        return [*uris[: self.start], *uris[end : self.before], *run, *uris[self.before :]]


Step: TypeAlias = Remove | Insert | Move


@dataclass(frozen=True, slots=True)
class _Place:
    """A place of the list that is aimed at; ``origin`` is where its song stands now, if it does."""

    uri: str
    origin: int | None


def next_step(
    now: Sequence[str], goal: Sequence[str], stuck: AbstractSet[str] = frozenset()
) -> Step | None:
    """Return the next step towards a goal; None where all is done that can be.

    Args:
        now: The uris of the list as it is.
        goal: As it should be.
        stuck: Those that can be moved, but neither removed nor inserted; what is too many of them
            stays behind its neighbour, what is missing stays away.
    """
    aim = _aim(now, goal, stuck)
    return _insertion(aim) or _removal(now, aim) or _move(aim)


def _aim(now: Sequence[str], goal: Sequence[str], stuck: AbstractSet[str]) -> list[_Place]:
    origins = _matched(now, goal)
    used = set(origins)
    left_behind: dict[int, list[_Place]] = defaultdict(list)
    anchor = -1
    for place, uri in enumerate(now):
        if place in used:
            anchor = place
        elif uri in stuck:
            left_behind[anchor].append(_Place(uri, place))
    aim = left_behind[-1]
    for uri, origin in zip(goal, origins, strict=True):
        if origin is not None:
            aim += [_Place(uri, origin), *left_behind[origin]]
        elif uri not in stuck:
            aim.append(_Place(uri, None))
    return aim


def _matched(now: Sequence[str], goal: Sequence[str]) -> list[int | None]:
    """Return where each song of the goal stands now; of equal ones those that keep their order."""
    origins: list[int | None] = [None] * len(goal)
    for origin, place in _longest_common(now, goal):
        origins[place] = origin
    used = set(origins)
    free: dict[str, list[int]] = defaultdict(list)
    for origin in reversed(range(len(now))):
        if origin not in used:
            free[now[origin]].append(origin)
    for place, uri in enumerate(goal):
        if origins[place] is None and free[uri]:
            origins[place] = free[uri].pop()
    return origins


def _longest_common(now: Sequence[str], goal: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of places of a longest common subsequence (Hunt & Szymanski 1977)."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for place in reversed(range(len(goal))):
        wanted[goal[place]].append(place)
    ends: list[int] = []  # the first place of the goal at which a chain of each length can end
    chains: list[tuple[int, int, int]] = []  # origin, place, index of the link before
    links: list[int] = []  # of each end
    for origin, uri in enumerate(now):
        for place in wanted.get(uri, ()):
            length = bisect_left(ends, place)
            chains.append((origin, place, links[length - 1] if length else -1))
            ends[length : length + 1] = [place]
            links[length : length + 1] = [len(chains) - 1]
    pairs: list[tuple[int, int]] = []
    link = links[-1] if links else -1
    while link >= 0:
        origin, place, link = chains[link]
        pairs.append((origin, place))
    return pairs


def _insertion(aim: Sequence[_Place]) -> Insert | None:
    """Insert the first run that is missing behind the song that it should follow."""
    first = next((at for at, place in enumerate(aim) if place.origin is None), None)
    if first is None:
        return None
    run = takewhile(lambda place: place.origin is None, aim[first : first + MOST_URIS])
    before = aim[first - 1].origin if first else None
    return Insert(0 if before is None else before + 1, tuple(place.uri for place in run))


def _removal(now: Sequence[str], aim: Sequence[_Place]) -> Remove | None:
    """Remove what should be gone; then, one at a time, what stands there too often."""
    used = {place.origin for place in aim}
    kept = {place.uri for place in aim}
    surplus = list(dict.fromkeys(uri for at, uri in enumerate(now) if at not in used))
    unwanted = [uri for uri in surplus if uri not in kept]
    if unwanted:
        return Remove(tuple(unwanted[:MOST_URIS]))
    return Remove((surplus[0],)) if surplus else None


def _move(aim: Sequence[_Place]) -> Move | None:
    """Make the move that brings most songs beside their neighbours; all songs are there by now."""
    order = [0] * len(aim)
    for place, each in enumerate(aim):
        if each.origin is not None:
            order[each.origin] = place
    exchange = best_exchange(order)
    if exchange is None:
        return None
    first, middle, end = exchange
    if middle - first <= end - middle:
        return Move(first, middle - first, end)
    return Move(middle, end - middle, first)
