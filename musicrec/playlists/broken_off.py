"""Changes of a list that were broken off half-way, by a crash or a service that closed.

Where a home can only remove a song wherever it stands, removing one of its copies means to remove
all and to put the others back. Whoever dies in between leaves a list that lacks songs which nobody
chose; and of a list that is neither the one before nor the one after, ``undo`` cannot always tell
which copy of a song is there.
"""

from collections import Counter
from collections.abc import Sequence

from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.playlists.undoing import undo


def is_on_the_way(change: PlaylistChange, current: Playlist) -> bool:
    """Tell whether a list is as a removal, or its undo, may have left it.

    That is the list before without some copies of the songs that were chosen: then all that is
    left to do is to go on to ``change.after``, or back to ``change.before``, exactly.

    Args:
        change: That only removes.
        current: The list as it is now.
    """
    before, now = _identities(change.before), _identities(current)
    rest = iter(before)
    is_within = all(each in rest for each in now)
    return is_within and set(Counter(before) - Counter(now)) <= _chosen(change)


def with_thinned(change: PlaylistChange, current: Playlist) -> Playlist:
    """Return a list with the copies that were lost while others of the same song were removed.

    Of every song of which a change removes some copies and leaves some, as many come back as the
    change leaves, beside their neighbours. Only for a change that has not come to its end: later,
    a copy that is missing was removed by somebody.

    Args:
        change: That was broken off.
        current: The list as it is now.
    """
    there, chosen = Counter(_identities(current)), _chosen(change)
    lost: list[int] = []
    for item in change.after.items:
        there[item.identity] -= 1
        if item.identity in chosen and there[item.identity] < 0:
            lost.append(item.position)
    return with_back(change.after, lost, current)


def with_back(whole: Playlist, lost: Sequence[int], current: Playlist) -> Playlist:
    """Return a list with items back that stand at some positions of another one."""
    return undo(PlaylistChange.removing(whole, lost), current).playlist if lost else current


def _chosen(change: PlaylistChange) -> set[str]:
    return {change.before.items[position - 1].identity for position in change.removed}


def _identities(playlist: Playlist) -> list[str]:
    return [item.identity for item in playlist.items]
