"""Whether pruning keeps its promise, on labels that the model has not seen, and how long it takes.

Of every listener some labels are learned from and others are held out, again and again. The goal:
at precision 0.9 at most a tenth of what is removed was liked, or nothing is promised. Beside it, in
the same run: removing every song below even chances, which is what no threshold would mean; and, of
lists that are mostly liked, what the threshold alone would remove. The goal of time is 2 s for a
playlist of 500 songs, scored and explained, and 1 s for a smooth path through 1,000.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd
import tastes
from listeners import listeners, simulated_labels
from measuring import Row, publish, seconds
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, open_catalogue
from musicrec.domain.features import LIKED
from musicrec.domain.guess import EVEN_CHANCE
from musicrec.domain.playlist import Playlist, PlaylistItem, numbered
from musicrec.domain.track import Track
from musicrec.playlists.doctor import diagnose
from musicrec.playlists.pruning import Promise, choose, promised, prune
from musicrec.playlists.songs import listed_songs
from musicrec.playlists.sorting import Order, sort_by
from musicrec.taste import TasteModel, TrainingSet, train

PRECISIONS: Final = (0.8, 0.9)
SIZES: Final = (100, 300, None)
"""Labels learned from; None is seven tenths of all."""
SPLITS: Final = 10
SIMULATED: Final = 3
"""Persons of every simulated taste."""
SHARES: Final = (0.5, 0.7, 0.85, 0.95)
LENGTH: Final = 200
"""Liked songs of a list that is all liked; the disliked ones come instead of some."""
LISTS: Final = 5
"""Drawn from the held-out songs of every model that promises something."""
N_SONGS: Final = (500, 1_000)
N_LABELS: Final = 500

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """One model and what it says of songs that it has not learned."""

    listener: str
    labels: str
    model: TasteModel
    p_like: NDArray[np.float64]
    liked: Bools


def main() -> None:
    by_kind: dict[tuple[str, str], list[Split]] = {}
    for split in _splits():
        by_kind.setdefault((split.listener, split.labels), []).append(split)
    rows = [_row(some, precision) for some in by_kind.values() for precision in PRECISIONS]
    promising = [
        [split for split in some if _promise(split, 0.9).threshold is not None]
        for some in by_kind.values()
    ]
    lists = [_row_of_lists(some, share) for some in promising if some for share in SHARES]
    publish(
        "pruning",
        {"held-out songs": rows, f"lists of {LENGTH} of them": lists, "playlists": _times()},
    )


def _splits() -> Iterator[Split]:
    for who in listeners():
        if who.name == "simulated":
            continue
        table = who.songs.songs.assign(**{LIKED: who.songs.liked})
        for size in SIZES:
            for seed in range(SPLITS):
                yield _split(who.name, table, size, seed)
    for name in tastes.NAMES:
        for seed in range(SIMULATED):
            heard = tastes.verdicts(name, 100 + seed)
            yield _split("simulated", heard.songs.assign(**{LIKED: heard.liked}), 300, seed)


def _split(name: str, table: pd.DataFrame, size: int | None, seed: int) -> Split:
    mixed = table.sample(frac=1, random_state=seed)
    n = size or round(0.7 * len(mixed))
    held_out = mixed.iloc[n:]
    model = train(TrainingSet.from_table(mixed.iloc[:n]), seed=seed)
    liked = held_out[LIKED].to_numpy(dtype=np.bool_)
    return Split(name, "70 %" if size is None else str(size), model, model.predict(held_out), liked)


def _row(splits: list[Split], precision: float) -> Row:
    pruned = [choose(split.p_like, _promise(split, precision)).doomed for split in splits]
    liked = [split.liked for split in splits]
    n_removed, n_liked = _counts(pruned, liked)
    below_even = [split.p_like < EVEN_CHANCE for split in splits]
    return {
        "listener": splits[0].listener,
        "labels": splits[0].labels,
        "precision": precision,
        "models": len(splits),
        "promised": sum(_promise(split, precision).threshold is not None for split in splits),
        "broken": _broken(pruned, liked, precision),
        "removed": n_removed,
        "liked_of_removed": n_liked / max(n_removed, 1),
        "removed_of_likes": n_liked / sum(int(one.sum()) for one in liked),
        "removed_of_dislikes": (n_removed - n_liked) / sum(int((~one).sum()) for one in liked),
        "liked_below_even": _share(*_counts(below_even, liked)),
    }


def _row_of_lists(splits: list[Split], share: float) -> Row:
    """Prune lists in which this share is liked, beside the threshold alone."""
    rng = np.random.default_rng(0)
    pruned: list[Bools] = []
    plainly: list[Bools] = []
    liked: list[Bools] = []
    for split in splits:
        promise = _promise(split, 0.9)
        for _ in range(LISTS):
            rows = _drawn(split.liked, share, rng)
            choice = choose(split.p_like[rows], promise)
            pruned.append(choice.doomed)
            plainly.append(choice.below)
            liked.append(split.liked[rows])
    n_removed, n_liked = _counts(pruned, liked)
    return {
        "listener": splits[0].listener,
        "labels": splits[0].labels,
        "liked_share": share,
        "lists": len(pruned),
        "removed_a_list": n_removed / len(pruned),
        "liked_of_removed": _share(n_removed, n_liked),
        "removed_of_dislikes": (n_removed - n_liked) / sum(int((~one).sum()) for one in liked),
        "liked_by_threshold_alone": _share(*_counts(plainly, liked)),
    }


def _drawn(liked: Bools, share: float, rng: np.random.Generator) -> NDArray[np.intp]:
    likes, dislikes = np.flatnonzero(liked), np.flatnonzero(~liked)
    n_likes = min(round(share * LENGTH), len(likes))
    n_dislikes = min(round(n_likes * (1 - share) / share), len(dislikes))
    return np.concatenate(
        [rng.choice(likes, n_likes, replace=False), rng.choice(dislikes, n_dislikes, replace=False)]
    )


def _promise(split: Split, precision: float) -> Promise:
    return promised(split.model, precision)


def _counts(removed: Sequence[Bools], liked: Sequence[Bools]) -> tuple[int, int]:
    pairs = list(zip(removed, liked, strict=True))
    return sum(int(r.sum()) for r, _ in pairs), sum(int((r & one).sum()) for r, one in pairs)


def _broken(removed: Sequence[Bools], liked: Sequence[Bools], precision: float) -> int:
    pairs = zip(removed, liked, strict=True)
    return sum(_share(int(r.sum()), int((r & one).sum())) > 1 - precision for r, one in pairs)


def _share(n_removed: int, n_liked: int) -> float:
    return n_liked / max(n_removed, 1)


def _times() -> list[Row]:
    with TemporaryDirectory() as folder:
        catalogue = open_catalogue(Path(folder))
        labelled = simulated_labels(catalogue.table(range(len(catalogue))))
        model = train(TrainingSet.from_table(labelled.sample(N_LABELS, random_state=0)))
        return [_time(catalogue, model, n) for n in N_SONGS]


def _time(catalogue: Catalogue, model: TasteModel, n: int) -> Row:
    rows = np.random.default_rng(1).choice(len(catalogue), n, replace=False)
    playlist = Playlist(items=numbered(_item(track) for track in catalogue.tracks(rows)))
    songs = listed_songs(playlist, catalogue)
    return {
        "songs": n,
        "matched_seconds": seconds(lambda: listed_songs(playlist, catalogue)),
        "scored_seconds": seconds(lambda: model.predict(songs.table)),
        "all_explained_seconds": seconds(lambda: model.explain(songs.table)),
        "pruned_seconds": seconds(lambda: prune(songs, model, precision=0.6)),
        "removed": len(prune(songs, model, precision=0.6).removed),
        "looked_through_seconds": seconds(lambda: diagnose(songs, model)),
        "smooth_path_seconds": seconds(lambda: sort_by(songs, Order.SMOOTH)),
    }


def _item(track: Track) -> PlaylistItem:
    return PlaylistItem(1, title=track.title, artists=track.artists, track_id=track.id)


if __name__ == "__main__":
    main()
