"""CSV, as Exportify writes it: one row an item, whatever its columns are called."""

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from musicrec.catalogue.cleaning import Cleaner
from musicrec.catalogue.columns import ISRC, MBID, match_columns
from musicrec.catalogue.files import Header, header_of, lines_of, table_of
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import ALBUM, ARTISTS, FEATURE_NAMES, GENRE, TITLE, TRACK_ID
from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind, Original, Playlist, PlaylistItem
from musicrec.playlists.formats.drafts import Draft
from musicrec.playlists.formats.limits import clean, require_few, require_short

FORMAT: Final = "csv"

_MOST_COLUMNS: Final = 300
_ADDED_AT: Final = "added_at"
_ADDED_BY: Final = "added_by"
_DURATION: Final = "duration_ms"
_MADE_ID: Final = "song:"
_NOT_LETTERS: Final = re.compile(r"[\W_]+")

_Piece = list[str] | dict[str, str]
"""A broken row's values, or those of a good one by column."""

_WRITTEN: Final[Mapping[str, tuple[str, Callable[[PlaylistItem], str]]]] = MappingProxyType(
    {
        TRACK_ID: ("Track URI", lambda item: item.uri or item.track_id or ""),
        TITLE: ("Track Name", lambda item: item.title),
        ARTISTS: ("Artist Name(s)", lambda item: ";".join(item.artists)),
        ALBUM: ("Album Name", lambda item: item.album),
        _DURATION: ("Duration (ms)", lambda item: str(item.duration_ms or "")),
        _ADDED_BY: ("Added By", lambda item: item.added_by),
        _ADDED_AT: (
            "Added At",
            lambda item: "" if item.added_at is None else item.added_at.isoformat(),
        ),
        GENRE: ("Genres", lambda item: item.genre or ""),
    }
)
"""Exportify's name of each column, and what is written of items that come from no such file."""


def is_header(line: str) -> bool:
    """Tell whether a line names columns of songs."""
    columns = _columns(header_of([line], ".csv").names)
    return not {TITLE, TRACK_ID, ISRC, MBID}.isdisjoint(columns)


def read_table(text: str, name: str) -> Playlist:
    """Read the rows of a CSV file; a broken row becomes an unknown item.

    Raises:
        BadInputError: It holds too much.
    """
    lines = lines_of(text)
    header = header_of(lines, ".csv")
    if len(header.names) > _MOST_COLUMNS:
        msg = f"{name} has more than {_MOST_COLUMNS} columns, too many for a playlist."
        raise BadInputError(msg)
    raw = table_of(lines[header.n_lines :], header)
    require_few(len(raw.cells) + len(raw.rejected), name)
    columns = _columns(header.names)
    songs = Cleaner(raw.cells, columns, decimal_comma=raw.decimal_comma).clean()
    rows: list[int] = raw.cells.index.tolist()
    drafts = dict(zip(rows, _drafts(raw.cells, songs, columns), strict=True))
    pieces: dict[int, _Piece] = {broken.row: list(broken.values) for broken in raw.rejected}
    for row, cells in zip(rows, raw.cells.to_dict("records"), strict=True):
        pieces[row] = {str(column): str(cell) for column, cell in cells.items()}
    items = [
        _item(drafts.get(row), pieces[row], place, name)
        for place, row in enumerate(sorted(pieces), start=1)
    ]
    return Playlist(items=tuple(items), frame=Original(FORMAT, _dumped(_frame_of(header))))


def write_table(playlist: Playlist) -> str:
    """Write the rows under the file's own columns, or else under Exportify's names."""
    names, separator = _frame(playlist)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\n")
    writer.writerow(names)
    columns = _columns(names)
    for item in playlist.items:
        piece = _piece(item)
        if isinstance(piece, list):
            writer.writerow(piece)
            continue
        cells = piece if piece is not None else _cells(item, columns)
        writer.writerow([cells.get(name, "") for name in names])
    return written.getvalue()


def _columns(names: Sequence[str]) -> dict[str, str]:
    """Return the file's name by the name of a column that is understood."""
    columns = match_columns(names)
    for name in names:
        bare = _NOT_LETTERS.sub("", name.casefold())
        for column in (_ADDED_AT, _ADDED_BY):
            if bare in {column.replace("_", ""), "date" + column.removesuffix("_at")}:
                columns.setdefault(column, name)
    return columns


def _drafts(
    cells: pd.DataFrame, songs: pd.DataFrame, columns: Mapping[str, str]
) -> Iterator[Draft]:
    texts = {
        column: cells[columns[column]].tolist() if column in columns else [""] * len(cells)
        for column in (TITLE, ALBUM, TRACK_ID, _ADDED_AT, _ADDED_BY)
    }
    known = songs.reindex(columns=[TRACK_ID, ARTISTS, GENRE]).astype(object)
    known = known.where(known.notna(), "")
    numbers = songs[[name for name in FEATURE_NAMES if name in songs]].to_dict("records")
    for place, (track_id, artists, genre) in enumerate(known.itertuples(index=False)):
        features = {str(key): float(value) for key, value in numbers[place].items()}
        yield Draft(
            uri=texts[TRACK_ID][place],
            title=texts[TITLE][place],
            artists=artists,
            album=texts[ALBUM][place],
            duration_ms=features.get(_DURATION),
            track_id=None if not track_id or track_id.startswith(_MADE_ID) else TrackId(track_id),
            added_at=texts[_ADDED_AT][place],
            added_by=texts[_ADDED_BY][place],
            genre=genre,
            features={key: value for key, value in features.items() if not math.isnan(value)},
        )


def _item(draft: Draft | None, piece: _Piece, place: int, name: str) -> PlaylistItem:
    original = Original(FORMAT, require_short(_dumped(piece), place, name))
    if draft is not None:
        return draft.item(place, original)
    shown = clean(" ".join(piece))
    return PlaylistItem(place, ItemKind.UNKNOWN, title=shown, original=original)


def _frame_of(header: Header) -> dict[str, Any]:
    return {"columns": list(header.names), "separator": header.separator}


def _frame(playlist: Playlist) -> tuple[list[str], str]:
    frame = playlist.frame
    if frame is not None and frame.format == FORMAT:
        kept = json.loads(frame.text)
        return kept["columns"], kept["separator"]
    known = {name for item in playlist.items for name in item.features}
    features = [name for name in FEATURE_NAMES if name in known and name != _DURATION]
    return [*(name for name, _ in _WRITTEN.values()), *features], ","


def _piece(item: PlaylistItem) -> _Piece | None:
    if item.original is not None and item.original.format == FORMAT:
        return json.loads(item.original.text)
    return None


def _cells(item: PlaylistItem, columns: Mapping[str, str]) -> dict[str, str]:
    texts = {column: text(item) for column, (_, text) in _WRITTEN.items()}
    numbers = {name: repr(value) for name, value in item.features.items()}
    return {
        columns[column]: text for column, text in (numbers | texts).items() if column in columns
    }


def _dumped(piece: Any) -> str:
    return json.dumps(piece, ensure_ascii=False)
