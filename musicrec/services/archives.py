"""A listener's own data as files: tables and JSON, in as many archives as it takes.

Pure functions; they may take a while and belong into a thread.
"""

import csv
import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Rows: TypeAlias = Sequence[Mapping[str, Any]]

_ROOM: Final = 512
"""Bytes of an archive for the names of one file and of the archive's own end."""
_SMALLEST: Final = 4096


@dataclass(frozen=True, slots=True)
class File:
    """One file of an archive."""

    name: str
    content: bytes


def table_files(name: str, columns: Sequence[str], rows: Rows, *, most_bytes: int) -> list[File]:
    """Return rows as ``NAME.csv``, or as ``NAME-1.csv``, ``NAME-2.csv``, … where they are many.

    Args:
        name: Without its ending.
        columns: Those that come first, and that a table without rows has.
        rows: From names of columns to values; not all need to have the same.
        most_bytes: Of a file, unless a single row is larger.
    """
    others = (column for row in rows for column in row)
    columns = list(dict.fromkeys([*columns, *others]))
    head = _csv_line(columns)
    lines = [_csv_line([row.get(column) for column in columns]) for row in rows]
    contents = [head + b"".join(group) for group in _groups(lines, most_bytes - len(head))]
    return _numbered(name, ".csv", contents)


def json_files(name: str, tables: Mapping[str, Rows], *, most_bytes: int) -> list[File]:
    """Return rows by table as ``NAME.json``, or in several such files of the same shape."""
    packed = [
        (table, json.dumps(row, default=str, ensure_ascii=False).encode())
        for table, rows in tables.items()
        for row in rows
    ]
    groups = _groups([row for _, row in packed], most_bytes)
    contents: list[bytes] = []
    start = 0
    for group in groups:
        contents.append(_json_object(packed[start : start + len(group)], tables))
        start += len(group)
    return _numbered(name, ".json", contents)


def zipped(files: Iterable[File], *, most_bytes: int) -> list[bytes]:
    """Return archives that each open by themselves.

    Args:
        files: In their order.
        most_bytes: Of an archive, unless a single file is larger.
    """
    parts: list[list[File]] = [[]]
    used = _ROOM
    for file in files:
        size = len(zlib.compress(file.content)) + 2 * len(file.name) + _ROOM
        if parts[-1] and used + size > most_bytes:
            parts.append([])
            used = _ROOM
        parts[-1].append(file)
        used += size
    return [_zip(part) for part in parts]


def _csv_line(values: Iterable[object]) -> bytes:
    """Return one row with its end (RFC 4180); what is unknown is empty."""
    line = io.StringIO()
    csv.writer(line).writerow("" if _is_unknown(value) else value for value in values)
    return line.getvalue().encode()


def _is_unknown(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _groups(pieces: Sequence[bytes], most_bytes: int) -> Iterator[Sequence[bytes]]:
    """Cut pieces into groups of so many bytes; at least one group, at least one piece in each."""
    most_bytes = max(most_bytes, _SMALLEST)
    start, size = 0, 0
    for at, piece in enumerate(pieces):
        if at > start and size + len(piece) > most_bytes:
            yield pieces[start:at]
            start, size = at, 0
        size += len(piece)
    yield pieces[start:]


def _numbered(name: str, ending: str, contents: Sequence[bytes]) -> list[File]:
    if len(contents) == 1:
        return [File(f"{name}{ending}", contents[0])]
    return [File(f"{name}-{n}{ending}", each) for n, each in enumerate(contents, start=1)]


def _json_object(rows: Sequence[tuple[str, bytes]], tables: Iterable[str]) -> bytes:
    of_table: dict[str, list[bytes]] = {table: [] for table in tables}
    for table, row in rows:
        of_table[table].append(row)
    parts = (
        json.dumps(table).encode() + b": [" + b",\n".join(found) + b"]"
        for table, found in of_table.items()
    )
    return b"{" + b",\n".join(parts) + b"}\n"


def _zip(files: Iterable[File]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for file in files:
            target.writestr(file.name, file.content)
    return archive.getvalue()
