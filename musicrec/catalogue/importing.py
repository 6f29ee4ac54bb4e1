"""Bring songs from files into the catalogue."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from musicrec.catalogue.catalogue import Catalogue
from musicrec.catalogue.demo import open_demo
from musicrec.catalogue.files import write_table
from musicrec.catalogue.reader import SongFile, read_songs
from musicrec.catalogue.recordings import Recordings, merge, with_all_columns
from musicrec.catalogue.snapshot import open_current, read_current, write_current
from musicrec.domain.errors import StorageError
from musicrec.domain.features import TITLE

Progress = Callable[[int, int], None]
"""Called with the files read so far and the number of files."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What became of the rows; ``read = new + duplicate + rejected``.

    Attributes:
        read: Rows of all files.
        new: Recordings that the catalogue did not have.
        duplicate: Rows of a recording it had already, or that an earlier row brought.
        rejected: Rows left out.
        rejected_file: Where the rejected rows are listed with their reasons; None without any.
        catalogue_size: Recordings in the catalogue now.
        notices: What the person importing should know, a sentence each.
    """

    read: int
    new: int
    duplicate: int
    rejected: int
    rejected_file: Path | None
    catalogue_size: int
    notices: tuple[str, ...] = ()


def open_catalogue(data_dir: Path) -> Catalogue:
    """Open what was imported, or else the demo songs.

    Raises:
        CatalogueMissingError: There is neither.
        StorageError: What was imported is damaged.
    """
    return open_current(data_dir) or open_demo()


def import_songs(
    data_dir: Path, files: Sequence[Path], *, progress: Progress | None = None
) -> ImportSummary:
    """Add the songs of files to what was imported before.

    Songs that the catalogue has keep their ids; what was unknown about them is filled in. Broken
    rows are left out and listed in ``data_dir/rejected-<n>.csv``. A program that has the
    catalogue open goes on with the old one.

    Raises:
        BadInputError: A file cannot be used at all; nothing was changed.
        StorageError: The data folder cannot be read or written; nothing was changed.
    """
    before = read_current(data_dir)
    contents: list[tuple[Path, SongFile]] = []
    for n_done, path in enumerate(files):
        if progress is not None:
            progress(n_done, len(files))
        contents.append((path, read_songs(path, need=frozenset({TITLE}))))
    after = _merged(before, contents)
    n_before = 0 if before is None else len(before.songs)
    if len(after.songs):
        write_current(data_dir, after, _facts(files))
    if progress is not None:
        progress(len(files), len(files))
    n_read = sum(content.n_read for _, content in contents)
    n_rejected = sum(len(content.rejected) for _, content in contents)
    n_new = len(after.songs) - n_before
    return ImportSummary(
        read=n_read,
        new=n_new,
        duplicate=n_read - n_rejected - n_new,
        rejected=n_rejected,
        rejected_file=_write_rejected(data_dir, contents) if n_rejected else None,
        catalogue_size=len(after.songs),
        notices=tuple(
            f"{path.name}: {notice}" for path, content in contents for notice in content.notices
        ),
    )


def _merged(before: Recordings | None, contents: Sequence[tuple[Path, SongFile]]) -> Recordings:
    tables = [with_all_columns(content.songs, source=path.name) for path, content in contents]
    if before is None:
        return merge(pd.concat(tables, ignore_index=True))
    entries = pd.concat([before.songs, *tables], ignore_index=True)
    return merge(entries, n_settled=len(before.songs), aliases=before.aliases)


def _facts(files: Sequence[Path]) -> dict[str, object]:
    newest = max(path.stat().st_mtime for path in files)
    return {
        "created_at": datetime.fromtimestamp(newest, UTC).isoformat(timespec="seconds"),
        "sources": [path.name for path in files],
    }


def _write_rejected(data_dir: Path, contents: Sequence[tuple[Path, SongFile]]) -> Path:
    """List the rejected rows of all files in a new file."""
    rows = [
        (path.name, rejected.row, rejected.reason, _as_line(rejected.values))
        for path, content in contents
        for rejected in content.rejected
    ]
    number = 1
    while (file := data_dir / f"rejected-{number}.csv").exists():
        number += 1
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"The data folder {data_dir} cannot be made: {error.strerror or error}."
        raise StorageError(msg) from error
    write_table(pd.DataFrame(rows, columns=["file", "row", "reason", "values"]), file)
    return file


def _as_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
