"""Make a change of a playlist, also where somebody else changed the list in between."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from musicrec.domain.playlist import Playlist, PlaylistChange, PlaylistItem


def apply(change: PlaylistChange, current: Playlist) -> Playlist:
    """Return what a playlist is with a change.

    Songs that were chosen are gone, as many of them as were chosen; nothing else ever goes. What
    was added since stays, what was removed since stays away. Where the change only removes, the
    rest keeps the order that it has by now; where it sorts, songs that it knows come in its order
    and later ones behind them. Applied again, also to a list half on the way, it makes the same.

    Args:
        change: What to make.
        current: The list as it is now.
    """
    kept = _without_chosen(change, current.items)
    return current.with_items(_in_order(change, kept) if is_sorting(change) else kept)


def is_sorting(change: PlaylistChange) -> bool:
    """Tell whether a change moves songs, rather than only removing some."""
    return list(change.order) != sorted(change.order)


def _without_chosen(
    change: PlaylistChange, now: Sequence[PlaylistItem]
) -> tuple[PlaylistItem, ...]:
    """Leave out as many copies of each chosen song as there are more than the change leaves."""
    left = Counter(item.identity for item in change.after.items)
    there = Counter(item.identity for item in now)
    chosen: defaultdict[str, set[int]] = defaultdict(set)
    for item, copy in _counted(change.before.items):
        if item.position in change.removed:
            chosen[item.identity].add(copy)
    drop = {song: max(0, there[song] - left[song]) for song in chosen}
    # With all copies there, it is the chosen ones that go; otherwise nobody knows which is which.
    gone = {song: _copies(chosen[song], drop[song], there[song]) for song in chosen}
    return tuple(item for item, copy in _counted(now) if copy not in gone.get(item.identity, ()))


def _copies(chosen: set[int], n_drop: int, n_there: int) -> set[int]:
    if len(chosen) == n_drop and max(chosen) < n_there:
        return chosen
    return set(range(n_there - n_drop, n_there))


def _in_order(change: PlaylistChange, now: Sequence[PlaylistItem]) -> Iterable[PlaylistItem]:
    """Put known songs into the change's order; others keep theirs, at the end."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(change.after.items):
        places[item.identity].append(place)
    end = len(change.order)

    def place_of(item: PlaylistItem, copy: int) -> int:
        known = places.get(item.identity, [])
        return known[copy] if copy < len(known) else end

    return (
        item
        for _, item in sorted(((place_of(*each), each[0]) for each in _counted(now)), key=_place)
    )


def _place(placed: tuple[int, PlaylistItem]) -> int:
    return placed[0]


def _counted(items: Iterable[PlaylistItem]) -> list[tuple[PlaylistItem, int]]:
    """Say of each item how many copies of it come before."""
    seen: Counter[str] = Counter()
    counted: list[tuple[PlaylistItem, int]] = []
    for item in items:
        counted.append((item, seen[item.identity]))
        seen[item.identity] += 1
    return counted
