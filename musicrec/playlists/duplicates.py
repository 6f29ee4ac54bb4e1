"""The same recording more than once in a playlist, and which one to keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from musicrec.domain.identity import fold, undecorated
from musicrec.domain.playlist import ItemKind, PlaylistItem
from musicrec.playlists.matching import MatchBy
from musicrec.playlists.songs import ListedSongs


class Better(StrEnum):
    """Why one of several is kept."""

    PLAYABLE = "it can be played by everybody, the others are local files"
    ORIGINAL = "it is the original release, the others are remasters or edits"
    POPULAR = "it is the more popular release"
    EARLIER = "it comes first in the list"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One recording that stands in a list more than once.

    Attributes:
        kept: The item to keep.
        others: The items to remove, in order.
        why: What makes the kept one the better one.
    """

    kept: PlaylistItem
    others: tuple[PlaylistItem, ...]
    why: Better


def duplicates(songs: ListedSongs) -> list[Duplicate]:
    """Find recordings that stand in a list more than once, in the order of the list.

    Two items are one recording where they have the same id, are the same song of the catalogue,
    or have the same title and main artist but for guests, remasters and editions. Live, acoustic
    and remixed versions are other recordings.
    """
    groups: dict[int, list[PlaylistItem]] = {}
    owner: dict[str, int] = {}
    for item in songs.playlist.items:
        names = _names(item, songs)
        met = sorted({owner[name] for name in names if name in owner})
        joined = [one for group in met for one in groups.pop(group)]
        group = met[0] if met else item.position
        groups[group] = [*joined, item]
        owner |= {name: group for one in groups[group] for name in _names(one, songs)}
    ordered = [sorted(groups[group], key=_position) for group in sorted(groups)]
    return [_duplicate(items, songs) for items in ordered if len(items) > 1]


def _position(item: PlaylistItem) -> int:
    return item.position


def _names(item: PlaylistItem, songs: ListedSongs) -> list[str]:
    if item.kind is ItemKind.UNKNOWN:
        return []
    names = [f"id:{item.track_id}"] if item.track_id else []
    found = songs.matches.found.get(item.position)
    if found is not None and found.by is not MatchBy.NAME_ONLY:
        names.append(f"row:{found.row}")
    # One title without an artist says too little.
    names += [f"recording:{item.recording}"] if item.recording and item.main_artist else []
    return names or ([f"uri:{item.uri}"] if item.uri else [])


def _duplicate(items: Sequence[PlaylistItem], songs: ListedSongs) -> Duplicate:
    popularity = songs.table["popularity"].fillna(-1.0).tolist()

    def worth(item: PlaylistItem) -> dict[Better, float]:
        return {
            Better.PLAYABLE: float(item.kind is not ItemKind.LOCAL_FILE),
            Better.ORIGINAL: float(fold(undecorated(item.title)) == fold(item.title)),
            Better.POPULAR: popularity[item.position - 1],
            Better.EARLIER: -item.position,
        }

    best, second = sorted(items, key=lambda item: tuple(worth(item).values()))[:-3:-1]
    why = next(rule for rule, value in worth(best).items() if value != worth(second)[rule])
    return Duplicate(best, tuple(item for item in items if item is not best), why)
