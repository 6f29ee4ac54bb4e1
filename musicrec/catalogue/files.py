"""Song files as they are: CSV, TSV and Parquet into a raw table, and tables back into files."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import contextlib
import csv
import io
import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from musicrec.catalogue.decoding import BROKEN_CHARACTER, decode
from musicrec.domain.errors import BadInputError

FIRST_ROW: Final = 2
"""Number of the first song's row, as a person counts in a file whose row 1 names the columns."""

_LONGEST_RECORD: Final = 200
"""Lines; an opened quote that is not closed by then is taken for a stray one."""


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that could not be used.

    Attributes:
        row: Its number; row 1 names the columns.
        reason: In a few words.
        values: What the file had there, as text.
    """

    row: int
    reason: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's cells before anybody asks what they mean.

    Attributes:
        cells: One row a song under the file's own column names, made unique; index: row numbers.
        rejected: Rows that are broken as such.
        decimal_comma: Whether the file separates by semicolons, so that 0,5 is a number.
    """

    cells: pd.DataFrame
    rejected: tuple[RejectedRow, ...]
    decimal_comma: bool = False


def read_raw(path: Path) -> RawTable:
    """Read a CSV, TSV or Parquet file, told by its ending.

    Raises:
        BadInputError: There is no such file, or it is not what its ending says, or it is empty.
    """
    ending = require_ending(path)
    try:
        table = _read_parquet(path) if ending == ".parquet" else _read_delimited(path, ending)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}."
        raise BadInputError(msg) from error
    if table.cells.empty and not table.rejected:
        msg = f"{path} holds no songs: there is no row below the column names."
        raise BadInputError(msg)
    return table


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, TSV or Parquet, told by the ending; the index is left out.

    The file appears whole or not at all; an existing one is replaced.

    Raises:
        BadInputError: The ending is unknown or the place cannot be written to.
    """
    ending = require_ending(path)
    try:
        with replacing(path) as temporary:
            if ending == ".parquet":
                frame.to_parquet(temporary, index=False)
            else:
                frame.to_csv(temporary, index=False, sep="\t" if ending == ".tsv" else ",")
    except pa.ArrowException as error:
        msg = f"{path} cannot be written as Parquet ({error}); choose an ending .csv."
        raise BadInputError(msg) from error


@contextlib.contextmanager
def replacing(path: Path) -> Generator[Path]:
    """Yield a place beside ``path`` to write to; what is there takes its place in the end.

    Raises:
        BadInputError: The place cannot be written to.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror or error}."
        raise BadInputError(msg) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def require_ending(path: Path) -> str:
    """Return the ending of a song file, lower-cased.

    Raises:
        BadInputError: It is none of those that can be read and written.
    """
    ending = path.suffix.lower()
    if ending not in {".csv", ".tsv", ".parquet"}:
        msg = f"{path} must be a CSV, TSV or Parquet file and end in .csv, .tsv or .parquet."
        raise BadInputError(msg)
    return ending


def _read_parquet(path: Path) -> RawTable:
    try:
        table = pq.ParquetFile(path).read()
        cells = table.to_pandas(ignore_metadata=True)
    except (pa.ArrowException, ValueError) as error:
        msg = f"{path} is not a Parquet file, or it is damaged."
        raise BadInputError(msg) from error
    names = _unique_names([str(name) for name in cells.columns])
    cells = cells.set_axis(names, axis="columns")
    return RawTable(cells.set_axis(pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(cells))), ())


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a delimited file.

    Attributes:
        names: Of the columns, made unique.
        separator: Of the values.
        n_lines: That it spans.
    """

    names: tuple[str, ...]
    separator: str
    n_lines: int


def lines_of(text: str) -> list[str]:
    """Cut where lines end; ``str.splitlines`` would also cut at characters that titles contain."""
    return list(io.StringIO(text, newline=""))


def header_of(lines: list[str], ending: str) -> Header:
    """Read the names of the columns and find out what separates them."""
    separator = "\t" if ending == ".tsv" else _separator(lines[0])
    values, n_lines = _record(lines, 0, separator)
    return Header(tuple(_unique_names(values)), separator, n_lines)


def _read_delimited(path: Path, ending: str) -> RawTable:
    text = decode(path.read_bytes(), path)
    if not text.strip():
        msg = f"{path} is empty."
        raise BadInputError(msg)
    lines = lines_of(text)
    header = header_of(lines, ending)
    return table_of(lines[header.n_lines :], header)


def _separator(header: str) -> str:
    """The separator that makes most columns of the first line; a comma in doubt."""
    return max(",;\t", key=lambda separator: len(_record([header], 0, separator)[0]))


def table_of(lines: list[str], header: Header) -> RawTable:
    """Read the lines below a header, or some of them; row numbers count from ``FIRST_ROW``."""
    good: dict[int, list[str]] = {}
    rejected: list[RejectedRow] = []
    for row, values, flaw in _records(lines, 0, header.separator, len(header.names)):
        if flaw:
            shown = (BROKEN_CHARACTER.sub("\ufffd", value) for value in values)
            rejected.append(RejectedRow(row, flaw, tuple(shown)))
        else:
            good[row] = values
    cells = pd.DataFrame(list(good.values()), index=list(good), columns=header.names, dtype="str")
    return RawTable(cells, tuple(rejected), decimal_comma=header.separator == ";")


def _records(
    lines: list[str], start: int, separator: str, width: int
) -> Iterator[tuple[int, list[str], str]]:
    """Yield number, values and flaw of every record that is not empty.

    A quoted value may span lines. When that makes a record of the wrong width, the quote was a
    stray one: its line is flawed alone and reading goes on with the next line.
    """
    row = FIRST_ROW
    while start < len(lines):
        values, n_lines = _record(lines, start, separator)
        flaw = _flaw(values, width)
        if flaw and n_lines > 1:
            values, n_lines, flaw = [lines[start].rstrip("\r\n")], 1, "a quote is not closed"
        if values:
            yield row, values, flaw
        start += n_lines
        row += 1


def _record(lines: list[str], start: int, separator: str) -> tuple[list[str], int]:
    """The values of the record that begins at a line, and how many lines it spans."""
    line = lines[start].rstrip("\r\n")
    if '"' not in line:
        return (line.split(separator) if line.strip() else []), 1
    reader = csv.reader(lines[start : start + _LONGEST_RECORD], delimiter=separator)
    try:
        return next(reader), reader.line_num
    except csv.Error:  # a value beyond csv's limit of 128 KiB
        return [line], 1


def _flaw(values: list[str], width: int) -> str:
    if len(values) != width:
        return f"{len(values)} values instead of {width}"
    if BROKEN_CHARACTER.search(" ".join(values)):
        return "characters that cannot be decoded"
    return ""


def _unique_names(header: list[str]) -> list[str]:
    """Name the nameless columns and number the repeated ones."""
    names: list[str] = []
    for position, raw_name in enumerate(header, start=1):
        name = raw_name.strip() or f"column_{position}"
        while name in names:
            name += "_2"
        names.append(name)
    return names
