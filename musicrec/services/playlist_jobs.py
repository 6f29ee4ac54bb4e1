"""What workers do with playlists: read and write files, judge lists, choose new songs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, Delta
from musicrec.charts import draw_playlist_course
from musicrec.discovery import Corrections
from musicrec.domain.features import TRACK_ID
from musicrec.domain.ids import TrackId
from musicrec.domain.picture import Picture
from musicrec.domain.playlist import Playlist, PlaylistChange, PlaylistItem
from musicrec.domain.playlist_course import Course, PlaylistCourse
from musicrec.domain.playlist_edit import (
    DoctorFindings,
    Findings,
    Named,
    Proposal,
    PruneFindings,
    SortFindings,
)
from musicrec.playlists.doctor import Diagnosis, Oddity, diagnose
from musicrec.playlists.formats.files import (
    PlaylistFile,
    PlaylistFormat,
    read_playlist,
    write_playlist,
)
from musicrec.playlists.making import Made, make_for, make_like
from musicrec.playlists.pruning import Judged, Kept, Pruning, prune
from musicrec.playlists.songs import ListedSongs
from musicrec.playlists.sorting import Order, Sorted, sort_by, sort_by_probability, sort_near
from musicrec.services.jobs import catalogue_of, model_of
from musicrec.taste.words import WORDINGS

MOST_NAMED: Final = 5
"""Songs of one kind that are named where there may be hundreds."""
MOST_ODD: Final = 10
"""Songs out of character that are shown, the strangest first."""
FIRST: Final = 8
"""Songs of a sorted list that are shown."""

_MOST_REASONS: Final = 2
_DRAWN: Final = ("energy", "tempo_bpm")

ORDERS: Final[Mapping[Order, str]] = MappingProxyType(
    {
        Order.SMOOTH: "as a smooth path",
        Order.RISE: "by rising energy",
        Order.FALL: "by falling energy",
        Order.ARC: "with energy up to the middle and down again",
        Order.TEMPO: "by tempo, slow songs first",
    }
)


@dataclass(frozen=True)
class Proposed:
    """What a worker found.

    Attributes:
        order: Positions of what is left, if everything proposed is done.
        proposals: Songs that may go.
        findings: What else is said.
        picture: The list before and after, where it is sorted.
    """

    order: tuple[int, ...]
    proposals: tuple[Proposal, ...]
    findings: Findings
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class SortWish:
    """How a list is to be sorted: by one of the orders, by probability, or near a song.

    Attributes:
        order: None for one of the others.
        near: Position of the song; None for probability.
    """

    order: Order | None
    near: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Pool:
    """Songs that a new playlist may be made of.

    Attributes:
        folder: Of the snapshot.
        rows: Of the catalogue.
        learned: Those of them that were learned since, which workers do not know.
    """

    folder: Path
    rows: NDArray[np.intp]
    learned: Delta


def read_file(data: bytes, name: str) -> PlaylistFile:
    """Read a playlist file."""
    return read_playlist(data, name)


def write_file(playlist: Playlist, kind: PlaylistFormat) -> bytes:
    """Write a playlist file."""
    return write_playlist(playlist, kind)


def prune_list(
    blob: bytes, songs: ListedSongs, precision: float, liked: frozenset[TrackId]
) -> Proposed:
    """Find what the listener would definitely dislike.

    Args:
        blob: The listener's model.
        songs: The list.
        precision: Wanted share of dislikes among what goes, in (0, 1].
        liked: Songs that the listener likes by now; the model may be older.
    """
    pruning = prune(songs, model_of(blob), precision=precision)
    ids: list[object] = songs.table[TRACK_ID].tolist()
    lately = [one for one in pruning.removed if ids[one.item.position - 1] in liked]
    doomed = [one for one in pruning.removed if one not in lately]
    gone = {one.item.position for one in doomed}
    return Proposed(
        order=tuple(i.position for i in songs.playlist.items if i.position not in gone),
        proposals=tuple(_judged(one) for one in doomed),
        findings=_pruned(pruning, [one.item for one in lately]),
    )


def diagnose_list(blob: bytes | None, songs: ListedSongs) -> Proposed:
    """Look a list through; without a model nobody's favourites are looked for."""
    found = diagnose(songs, None if blob is None else model_of(blob))
    spare = tuple(
        Proposal(
            item.position,
            item.name,
            f"the same recording as number {one.kept.position}, which stays: {one.why}",
        )
        for one in found.duplicates
        for item in one.others
    )
    return Proposed(found.change.order, spare, _diagnosed(found, has_model=blob is not None))


def sort_list(blob: bytes | None, songs: ListedSongs, wish: SortWish) -> Proposed:
    """Put a list into another order; by probability it needs a model."""
    result, by = _sorted(blob, songs, wish)
    names = [item.name for item in songs.playlist.items]
    change = result.change
    findings = SortFindings(
        by=by,
        first_before=tuple(names[:FIRST]),
        first_after=tuple(names[position - 1] for position in change.order[:FIRST]),
        unplaced=_named("too little is known about them", result.unplaced),
    )
    drawn = None if change.is_empty else draw_playlist_course(_course(songs, change, by))
    return Proposed(change.order, (), findings, drawn)


def make_list(
    blob: bytes | None,
    pool: Pool,
    like: ListedSongs | None,
    wanted: Mapping[str, float],
    *,
    corrections: Corrections,
    n: int,
    seed: int,
) -> Made:
    """Choose songs for a new playlist: like a list, or else of wanted features.

    Args:
        blob: The listener's model; None to go by sound alone.
        pool: Songs that may be taken.
        like: The list to be alike.
        wanted: Features, where there is no list.
        corrections: Of the listener.
        n: Songs wanted.
        seed: Decides between equals.
    """
    model = None if blob is None else model_of(blob)
    catalogue = Catalogue(catalogue_of(pool.folder).snapshot, pool.learned)
    if like is not None:
        return make_like(like, catalogue, pool.rows, model, corrections, n=n, seed=seed)
    return make_for(wanted, catalogue, pool.rows, model, corrections, n=n, seed=seed)


def _judged(one: Judged) -> Proposal:
    said = one.explanation
    words = ", ".join(reason.words for reason in said.reasons.against[:_MOST_REASONS])
    return Proposal(one.item.position, one.item.name, words, said.p_like, said.interval)


def _pruned(pruning: Pruning, lately: Sequence[PlaylistItem]) -> PruneFindings:
    promise = pruning.promise
    spared = {why: [one.item for one in pruning.spared if one.why is why] for why in Kept}
    spared[Kept.LIKED] += lately
    return PruneFindings(
        precision=promise.precision,
        threshold=promise.threshold,
        n_labels=promise.n_labels,
        usual=promise.usual,
        n_below=promise.n_below,
        n_disliked=promise.n_disliked,
        share_liked=pruning.share_liked,
        expected_liked=pruning.expected_liked,
        n_held_back=pruning.n_held_back,
        spared=tuple(_named(str(why), items) for why, items in spared.items() if items),
    )


def _diagnosed(found: Diagnosis, *, has_model: bool) -> DoctorFindings:
    strangers, sleepers = found.strangers, found.sleepers
    return DoctorFindings(
        n_heard=found.n_heard,
        strangers=None
        if strangers is None
        else tuple(
            Proposal(
                one.item.position,
                one.item.name,
                ", ".join(_oddity(oddity) for oddity in one.oddities),
            )
            for one in strangers[:MOST_ODD]
        ),
        sleepers=None
        if sleepers is None
        else tuple(
            Proposal(
                one.item.position,
                one.item.name,
                "you said that you like it" if one.p_like is None else "",
                one.p_like,
            )
            for one in sleepers
        ),
        has_model=has_model,
    )


def _oddity(oddity: Oddity) -> str:
    words = WORDINGS[oddity.feature]
    return words.high if oddity.distance > 0 else words.low


def _sorted(blob: bytes | None, songs: ListedSongs, wish: SortWish) -> tuple[Sorted, str]:
    if wish.order is not None:
        return sort_by(songs, wish.order), ORDERS[wish.order]
    if wish.near is not None:
        name = songs.playlist.items[wish.near - 1].name
        return sort_near(songs, wish.near), f"by likeness to {name}"
    if blob is None:
        msg = "sorting by probability needs a model"
        raise ValueError(msg)
    p_like = model_of(blob).predict(songs.table)
    return sort_by_probability(songs, p_like), "by how likely you like a song"


def _course(songs: ListedSongs, change: PlaylistChange, by: str) -> PlaylistCourse:
    courses: dict[str, Course] = {}
    for name in _DRAWN:
        column: list[float] = songs.table[name].tolist()
        values = [None if math.isnan(value) else value for value in column]
        then = (values[position - 1] for position in change.order)
        courses[name] = Course(tuple(values), tuple(then))
    return PlaylistCourse(by, courses)


def _named(what: str, items: Sequence[PlaylistItem]) -> Named:
    return Named(what, tuple(item.name for item in items[:MOST_NAMED]), len(items))
