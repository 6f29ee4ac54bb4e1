"""Songs that were lost with their copies.

Where a home can only remove a song wherever it stands, removing one of its copies means to remove
all and to put the others back. Whoever dies in between leaves a list without the song.
"""

from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.playlists.undoing import undo


def with_thinned(change: PlaylistChange, current: Playlist) -> Playlist:
    """Return a list with the songs of which a change leaves copies, and of which none is there.

    Each comes back beside its neighbours, as many times as the change leaves it. Of a list that
    lacks no such song it makes the very list.

    Args:
        change: That may have been broken off.
        current: The list as it is now.
    """
    chosen = {change.before.items[position - 1].identity for position in change.removed}
    there = {item.identity for item in current.items}
    return with_back(change.after, chosen - there, current)


def with_back(whole: Playlist, lost: set[str], current: Playlist) -> Playlist:
    """Return a list with the items of another that it has lost, by their identity."""
    gone = [item.position for item in whole.items if item.identity in lost]
    return undo(PlaylistChange.removing(whole, gone), current).playlist if gone else current
