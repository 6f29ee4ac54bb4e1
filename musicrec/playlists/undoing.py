"""Take a change of a playlist back, also where somebody else changed the list in between."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from musicrec.domain.playlist import Playlist, PlaylistChange, PlaylistItem


@dataclass(frozen=True, slots=True)
class Undone:
    """A change that was taken back.

    Attributes:
        playlist: The list now.
        restored: Items that are back.
        is_exact: The list is what it was before the change, in order, dates and everything.
    """

    playlist: Playlist
    restored: tuple[PlaylistItem, ...]
    is_exact: bool


def undo(change: PlaylistChange, current: Playlist) -> Undone:
    """Return what a playlist is without a change.

    Where nothing else happened since, that is exactly the list before. Otherwise what was added
    since stays, what was removed since stays away, and every removed item comes back behind the one
    that stood before it. Moved items move back unless somebody moved them again.

    Args:
        change: What to take back.
        current: The list as it is now.
    """
    gone = [change.before.items[position - 1] for position in change.removed]
    if _same(current.items, change.after.items):
        return Undone(change.before, tuple(gone), is_exact=True)
    again = _added(change.after.items, current.items)
    restored = [item for item in gone if not _taken(again, item)]
    kept = _moved_back(change, current.items)
    merged = _beside_neighbours(change.before.items, kept, restored)
    return Undone(current.with_items(merged), tuple(restored), is_exact=False)


def way_back(change: PlaylistChange, current: Playlist) -> PlaylistChange:
    """Return the moves that take a change back which only moved songs.

    ``undo`` cannot be asked again half on the way, because it takes what was moved back already for
    somebody else's wish; these moves can be made step by step.
    """
    free: dict[str, list[int]] = {}
    for item in current.items:
        free.setdefault(item.identity, []).append(item.position)
    target = undo(change, current).playlist
    return PlaylistChange(current, tuple(free[i.identity].pop(0) for i in target.items))


def _same(one: Sequence[PlaylistItem], other: Sequence[PlaylistItem]) -> bool:
    return [item.identity for item in one] == [item.identity for item in other]


def _added(then: Sequence[PlaylistItem], now: Sequence[PlaylistItem]) -> Counter[str]:
    """Return what was added since, by identity."""
    return Counter(item.identity for item in now) - Counter(item.identity for item in then)


def _taken(again: Counter[str], item: PlaylistItem) -> bool:
    """Tell whether somebody put a removed item back already; each counts once."""
    if not again[item.identity]:
        return False
    again[item.identity] -= 1
    return True


def _moved_back(change: PlaylistChange, now: Sequence[PlaylistItem]) -> list[PlaylistItem]:
    """Put what is left of the changed list into its order before, where it was not moved since."""
    after, before = change.after.items, change.before.items
    placed = list(zip(_places(before, now), now, strict=True))
    found = {place: item for place, item in placed if place is not None}
    as_changed = [place for place in _places(before, after) if place in found]
    if list(found) != as_changed:
        return list(now)
    ordered = iter(sorted(found))
    return [item if place is None else found[next(ordered)] for place, item in placed]


def _places(before: Sequence[PlaylistItem], others: Sequence[PlaylistItem]) -> list[int | None]:
    """Return where in the list before each item stood; of equal ones the first that is free."""
    free: dict[str, list[int]] = {}
    for place, item in enumerate(before):
        free.setdefault(item.identity, []).append(place)
    return [free[i.identity].pop(0) if free.get(i.identity) else None for i in others]


def _beside_neighbours(
    before: Sequence[PlaylistItem], kept: list[PlaylistItem], restored: Sequence[PlaylistItem]
) -> list[PlaylistItem]:
    """Insert every restored item behind the nearest one before it that is there."""
    merged = list(kept)
    origin = _places(before, merged)
    for item in restored:  # ascending, so that neighbours that are back already count
        own = item.position - 1
        earlier = [place for place in origin if place is not None and place < own]
        at = origin.index(max(earlier)) + 1 if earlier else 0
        merged.insert(at, item)
        origin.insert(at, own)
    return merged
