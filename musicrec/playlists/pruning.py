"""Which songs of a playlist its listener would definitely dislike, and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist import ItemKind, PlaylistChange, PlaylistItem
from musicrec.domain.reasons import Explanation
from musicrec.playlists.shift import at_most_liked, share_liked, shifted
from musicrec.playlists.songs import ListedSongs
from musicrec.taste import TasteModel

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Kept(StrEnum):
    """Why a song stays that was not judged, or would have gone."""

    LIKED = "you liked it"
    LOCAL_FILE = "a local file"
    EPISODE = "an episode"
    UNKNOWN = "nothing is known about it"
    UNHEARD = "its sound is not known"


@dataclass(frozen=True, slots=True)
class Promise:
    """What the chosen precision means, measured on the labels by models that had not seen them.

    Attributes:
        precision: Wanted share of dislikes among what is removed, in (0, 1].
        threshold: Probability at or below which labelled songs are disliked that reliably; None
            where the labels cannot support any.
        n_labels: Labels in all.
        usual: Share of likes among them.
        n_below: Labelled songs at or below the threshold.
        n_disliked: Those of them that were disliked.
    """

    precision: float
    threshold: float | None
    n_labels: int
    usual: float
    n_below: int
    n_disliked: int


@dataclass(frozen=True, slots=True)
class Judged:
    """An item that is to go, with why."""

    item: PlaylistItem
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Spared:
    """An item that stays although it was not judged, or would have gone."""

    item: PlaylistItem
    why: Kept


@dataclass(frozen=True)
class Pruning:
    """What pruning a playlist would do.

    Attributes:
        change: The removal, to be made and taken back.
        removed: What goes, least likely liked first.
        spared: What stays without being judged, or because it is liked; in order.
        promise: What the precision means on the labels.
        share_liked: Estimated share of the judged songs that the listener likes; None where none
            was judged.
        expected_liked: How many of the removed songs are liked after all, as expected.
        n_held_back: Songs at or below the threshold that stay because the list holds too few
            dislikes for the precision to be expected of them.
        p_like: Probability of every item, NaN where it was not judged; shape ``(n_items,)``.
    """

    change: PlaylistChange
    removed: tuple[Judged, ...]
    spared: tuple[Spared, ...]
    promise: Promise
    share_liked: float | None
    expected_liked: float
    n_held_back: int
    p_like: Floats


def prune(songs: ListedSongs, model: TasteModel, *, precision: float = 0.9) -> Pruning:
    """Find the songs that the listener would definitely dislike.

    A song goes where the labels say that songs of its probability are disliked with the wanted
    precision, and where that can be expected in this list too, however many of its songs are liked.
    Songs that the listener liked never go, nor does anything that cannot be judged.

    Args:
        songs: The playlist.
        model: Of the listener.
        precision: Wanted share of dislikes among what is removed, in (0, 1].

    Raises:
        BadInputError: ``precision`` is out of range.
    """
    promise = promised(model, precision)
    reasons = [_why_unjudged(item, is_heard) for item, is_heard in _items(songs)]
    judged = np.array([why is None for why in reasons], dtype=np.bool_)
    p_like = np.where(judged, model.predict(songs.table), np.nan)
    choice = choose(p_like, promise)
    is_liked = choice.doomed & model.likes(songs.table)
    doomed = choice.doomed & ~is_liked
    for place in np.flatnonzero(is_liked).tolist():
        reasons[place] = Kept.LIKED
    items = songs.playlist.items
    return Pruning(
        change=PlaylistChange.removing(songs.playlist, (np.flatnonzero(doomed) + 1).tolist()),
        removed=_explained(songs, model, p_like, doomed),
        spared=tuple(Spared(i, why) for i, why in zip(items, reasons, strict=True) if why),
        promise=promise,
        share_liked=choice.share_liked if judged.any() else None,
        expected_liked=float(choice.in_list[doomed].sum()),
        n_held_back=int((choice.below & ~choice.doomed).sum()),
        p_like=p_like,
    )


@dataclass(frozen=True)
class Choice:
    """What probabilities alone decide.

    Attributes:
        below: Which songs are at or below the threshold, shape ``(n_songs,)``.
        doomed: Which of them go.
        share_liked: Estimated share of the list that is liked.
        in_list: Probabilities with regard to that share, taken at its upper end.
    """

    below: Bools
    doomed: Bools
    share_liked: float
    in_list: Floats


def choose(p_like: Floats, promise: Promise) -> Choice:
    """Choose by probabilities, NaN where a song is not judged, shape ``(n_songs,)``."""
    judged = np.isfinite(p_like)
    usual = promise.usual
    share = share_liked(p_like[judged], usual)
    in_list = shifted(p_like, usual, at_most_liked(share, int(judged.sum()), usual))
    below = judged & (p_like <= (-1.0 if promise.threshold is None else promise.threshold))
    doomed = below & (p_like <= _limit(p_like, in_list, promise.precision))
    return Choice(below, doomed, share, in_list)


def promised(model: TasteModel, precision: float) -> Promise:
    """Say what a precision means on a listener's labels.

    Raises:
        BadInputError: ``precision`` is out of range.
    """
    if not 0 < precision <= 1:
        msg = f"The precision must be above 0 and at most 1, not {precision}."
        raise BadInputError(msg)
    threshold = model.definite_dislike_threshold(precision)
    below = model.out_of_fold <= (-1.0 if threshold is None else threshold)
    return Promise(
        precision=precision,
        threshold=threshold,
        n_labels=len(model.liked),
        usual=float(model.liked.mean()),
        n_below=int(below.sum()),
        n_disliked=int((below & ~model.liked).sum()),
    )


def _items(songs: ListedSongs) -> Iterator[tuple[PlaylistItem, bool]]:
    return zip(songs.playlist.items, songs.heard.tolist(), strict=True)


def _why_unjudged(item: PlaylistItem, is_heard: bool) -> Kept | None:  # noqa: FBT001 -- one of a pair
    by_kind = {
        ItemKind.LOCAL_FILE: Kept.LOCAL_FILE,
        ItemKind.EPISODE: Kept.EPISODE,
        ItemKind.UNKNOWN: Kept.UNKNOWN,
    }
    return by_kind.get(item.kind, None if is_heard else Kept.UNHEARD)


def _limit(p_like: Floats, in_list: Floats, precision: float) -> float:
    """Return the largest probability up to which enough dislikes are expected in this list."""
    order = np.argsort(p_like)[: int(np.isfinite(p_like).sum())]
    likes = np.cumsum(in_list[order]) / np.arange(1, len(order) + 1)
    fitting = p_like[order][likes <= 1 - precision]
    return float(fitting[-1]) if len(fitting) else -1.0


def _explained(
    songs: ListedSongs, model: TasteModel, p_like: Floats, doomed: Bools
) -> tuple[Judged, ...]:
    rows = np.flatnonzero(doomed)
    places: list[int] = rows[np.argsort(p_like[rows], kind="stable")].tolist()
    said = model.explain(songs.table.iloc[places])
    items = songs.playlist.items
    return tuple(Judged(items[place], one) for place, one in zip(places, said, strict=True))
