"""Prune, look through, sort and convert playlist files."""

from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from musicrec.cli.inputs import read_model
from musicrec.cli.playlist_files import (
    Opened,
    item_document,
    open_file,
    read_file,
    require_writable,
    write_file,
)
from musicrec.cli.playlist_text import (
    diagnosis_in_words,
    pruning_in_words,
    sorting_in_words,
)
from musicrec.cli.scoring import explanation_document
from musicrec.cli.screen import print_json, print_notices, print_text, stdout
from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import fold
from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.playlists.doctor import Diagnosis, diagnose
from musicrec.playlists.matching import MatchBy
from musicrec.playlists.pruning import Pruning, prune
from musicrec.playlists.sorting import Order, Sorted, sort_by, sort_by_probability, sort_near
from musicrec.taste import TasteModel

PROBABILITY = "probability"


def prune_file(
    data_dir: Path, path: Path, *, model: Path, precision: float, out: Path | None, as_json: bool
) -> None:
    """Show what would go and why; write what is left."""
    require_writable(out)
    taste = read_model(model)
    opened = open_file(path, data_dir)
    pruning = prune(opened.songs, taste, precision=precision)
    _write(pruning.change.after, out)
    if as_json:
        print_json(_facts(opened, pruning.change, out) | _pruning_document(pruning))
        return
    if pruning.removed:
        _print_removed(pruning)
    print_text("\n".join([*pruning_in_words(pruning), *_where(out)]))


def look_through(
    data_dir: Path, path: Path, *, model: Path | None, out: Path | None, as_json: bool
) -> None:
    """Say what is odd about a playlist; write it without duplicates."""
    require_writable(out)
    taste = None if model is None else read_model(model)
    opened = open_file(path, data_dir)
    diagnosis = diagnose(opened.songs, taste)
    _write(diagnosis.change.after, out)
    if as_json:
        print_json(_facts(opened, diagnosis.change, out) | _diagnosis_document(diagnosis))
        return
    print_text("\n".join([*diagnosis_in_words(diagnosis), *_where(out)]))


def sort_file(
    data_dir: Path,
    path: Path,
    *,
    by: str,
    like: str | None,
    model: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Show a playlist in another order, and write it."""
    require_writable(out)
    if by == PROBABILITY and model is None and like is None:
        msg = "Sorting by probability needs a --model."
        raise BadInputError(msg)
    taste = None if model is None else read_model(model)
    opened = open_file(path, data_dir)
    result = _sorted(opened, by, like, taste)
    _write(result.change.after, out)
    if as_json:
        unplaced = [item_document(item) for item in result.unplaced]
        order = {"order": list(result.change.order), "unplaced": unplaced}
        print_json(_facts(opened, result.change, out) | order)
        return
    print_text("\n".join([*sorting_in_words(result), *_where(out)]))


def convert_file(path: Path, *, out: Path, as_json: bool) -> None:
    """Write a playlist in the format that the ending names."""
    require_writable(out)
    file = read_file(path)
    write_file(file.playlist, out)
    if as_json:
        items = [item_document(item) for item in file.playlist.items]
        print_json({"format": str(file.format), "path": str(out), "items": items})
        return
    print_text(f"{len(file.playlist)} songs ({file.format}) are in {out}")


def _sorted(opened: Opened, by: str, like: str | None, taste: TasteModel | None) -> Sorted:
    if like is not None:
        return sort_near(opened.songs, _position_of(opened.file.playlist, like))
    if by == PROBABILITY and taste is not None:
        return sort_by_probability(opened.songs, taste.predict(opened.songs.table))
    return sort_by(opened.songs, Order(by))


def _position_of(playlist: Playlist, text: str) -> int:
    """Find the song that a number or some words mean.

    Raises:
        BadInputError: There is none.
    """
    if text.isdecimal() and 1 <= int(text) <= len(playlist):
        return int(text)
    words = set(fold(text).split())
    for item in playlist.items:
        if words and words <= set(fold(item.name).split()):
            return item.position
    msg = f"No song of the playlist is called {text[:60]!r}."
    raise BadInputError(msg)


def _write(playlist: Playlist, out: Path | None) -> None:
    if out is not None:
        write_file(playlist, out)


def _where(out: Path | None) -> list[str]:
    if out is None:
        return ["Nothing was changed; --out FILE writes the new list."]
    return [f"The new list is in {out}"]


def _facts(opened: Opened, change: PlaylistChange, out: Path | None) -> dict[str, Any]:
    return {
        "format": str(opened.file.format),
        "path": None if out is None else str(out),
        "n_items": len(opened.songs.playlist),
        "matched_by": _how_matched(opened),
        "unmatched": [item_document(item) for item in opened.songs.matches.unmatched],
        "n_left": len(change.order),
    }


def _how_matched(opened: Opened) -> dict[str, int]:
    ways = [match.by for match in opened.songs.matches.found.values()]
    return {str(by): ways.count(by) for by in MatchBy if by in ways}


def _pruning_document(pruning: Pruning) -> dict[str, Any]:
    promise = pruning.promise
    return {
        "precision": promise.precision,
        "threshold": promise.threshold,
        "n_labels": promise.n_labels,
        "n_labels_below": promise.n_below,
        "n_disliked_below": promise.n_disliked,
        "share_liked": pruning.share_liked,
        "expected_liked": pruning.expected_liked,
        "n_held_back": pruning.n_held_back,
        "removed": [
            item_document(one.item) | explanation_document(one.explanation)
            for one in pruning.removed
        ],
        "spared": [item_document(one.item) | {"why": str(one.why)} for one in pruning.spared],
    }


def _diagnosis_document(found: Diagnosis) -> dict[str, Any]:
    return {
        "n_heard": found.n_heard,
        "duplicates": [
            {
                "kept": item_document(one.kept),
                "others": [item_document(item) for item in one.others],
                "why": str(one.why),
            }
            for one in found.duplicates
        ],
        "strangers": None
        if found.strangers is None
        else [
            item_document(one.item)
            | {"oddities": {oddity.feature: oddity.distance for oddity in one.oddities}}
            for one in found.strangers
        ],
        "sleepers": None
        if found.sleepers is None
        else [item_document(one.item) | {"p_like": one.p_like} for one in found.sleepers],
    }


def _print_removed(pruning: Pruning) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right")
    for heading in ("Title", "Artists"):
        table.add_column(heading)
    table.add_column("Chance", justify="right", no_wrap=True)
    table.add_column("Range", justify="right", no_wrap=True)
    table.add_column("Because")
    for one in pruning.removed:
        said, item = one.explanation, one.item
        low, high = said.interval or (said.p_like, said.p_like)
        table.add_row(
            str(item.position),
            Text(item.title),
            Text(", ".join(item.artists)),
            f"{said.p_like:.0%}".replace("%", " %"),
            f"{100 * low:.0f} to {100 * high:.0f} %",
            Text(", ".join(reason.words for reason in said.reasons.against[:2])),
        )
    stdout().print(table)
    print_notices(["For four songs in five the true probability lies in the range."])
