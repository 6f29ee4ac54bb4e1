"""Files into chunks that can be parsed apart from each other, in any process."""

# pyarrow ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from musicrec.catalogue.decoding import decode
from musicrec.catalogue.files import Header, header_of, lines_of
from musicrec.catalogue.sources.documents import document_of
from musicrec.catalogue.sources.streams import blocks, ending_of, members, reading
from musicrec.domain.errors import BadInputError

Kind = Literal["delimited", "arrow", "recordings", "artists", "acoustics"]

_ROWS_A_CHUNK: Final = 50_000
_BYTES_A_CHUNK: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file.

    Attributes:
        kind: How to read them.
        payload: The rows as bytes.
        columns: The file's column names, of tables.
        header: Of delimited rows.
        n_skipped: Lines of the header in front of the rows.
        position: Bytes of the file that were read so far.
    """

    kind: Kind
    payload: bytes
    columns: tuple[str, ...] = ()
    header: Header | None = None
    n_skipped: int = 0
    position: int = 0


def chunks_of(path: Path) -> Iterator[Chunk]:
    """Yield a file's rows in order; the same file is always cut in the same places.

    CSV, TSV, Parquet; MusicBrainz JSON dumps and AcousticBrainz dumps, as lines or as the tape
    archive that they are published in. All but Parquet may be compressed (.gz, .bz2, .xz, .zst).

    Raises:
        BadInputError: The file cannot be read, is cut short, or is none of those.
    """
    ending = ending_of(path)
    if path.suffix.lower() == ".parquet":
        yield from _parquet(path)
    elif ending in _STREAMED:
        with reading(path) as (stream, file):
            for chunk in _STREAMED[ending](stream, path):
                yield replace(chunk, position=file.tell())
    else:
        msg = (
            f"{path} must end in .csv, .tsv, .parquet, .json, .jsonl or .tar, perhaps followed by"
            " .gz, .bz2, .xz or .zst."
        )
        raise BadInputError(msg)


def _delimited(stream: IO[bytes], path: Path, ending: str = "") -> Iterator[Chunk]:
    header: Header | None = None
    for block in blocks(stream, path):
        if header is None:
            text = decode(block, path)
            if not text.strip():
                continue
            header = header_of(lines_of(text), ending or ending_of(path))
            yield Chunk("delimited", block, header.names, header, header.n_lines)
        else:
            yield Chunk("delimited", block, header.names, header)
    if header is None:
        msg = f"{path} is empty."
        raise BadInputError(msg)


def _parquet(path: Path) -> Iterator[Chunk]:
    try:
        with pq.ParquetFile(path) as file:
            names = tuple(str(name) for name in file.schema_arrow.names)
            n_read = 0
            for group in range(file.num_row_groups):
                # One reader of all groups would keep what it has read.
                for batch in file.iter_batches(_ROWS_A_CHUNK, row_groups=[group]):
                    n_read += len(batch)
                    read = path.stat().st_size * n_read // file.metadata.num_rows
                    yield Chunk("arrow", _as_bytes(batch), names, position=read)
            if not n_read:
                yield Chunk("arrow", _as_bytes(file.schema_arrow.empty_table()), names)
    except pa.ArrowException as error:
        msg = f"{path} is not a Parquet file, or it is damaged."
        raise BadInputError(msg) from error
    except OSError as error:
        if error.errno is None:
            msg = f"{path} is not a Parquet file, or it is damaged."
        else:
            msg = f"{path} cannot be read: {error.strerror}."
        raise BadInputError(msg) from error


def _as_bytes(rows: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write(rows)
    return sink.getvalue().to_pybytes()


def _json_lines(stream: IO[bytes], path: Path) -> Iterator[Chunk]:
    kind: Kind | None = None
    for block in blocks(stream, path):
        kind = kind or _kind_of(block, path)
        yield Chunk(kind, block)
    if kind is None:
        msg = f"{path} is empty."
        raise BadInputError(msg)


def _kind_of(block: bytes, path: Path) -> Kind:
    """Tell by the first line what kind of thing a dump is about."""
    first = document_of(block.split(b"\n", 1)[0]) or {}
    if "artist-credit" in first:
        return "recordings"
    if "sort-name" in first:
        return "artists"
    if "tonal" in first or "rhythm" in first:
        return "acoustics"
    if "highlevel" in first:
        msg = (
            f"{path} is a high-level dump of AcousticBrainz, whose probabilities measure other"
            " things than the catalogue's features; import the low-level dump."
        )
        raise BadInputError(msg)
    msg = (
        f"{path} holds neither recordings nor artists of MusicBrainz nor low-level data of"
        " AcousticBrainz, one JSON object a line."
    )
    raise BadInputError(msg)


def _archive(stream: IO[bytes], path: Path) -> Iterator[Chunk]:
    """Yield the tables and dumps in an archive; what else is in it is left alone."""
    found = False
    waiting: list[bytes] = []
    for name, content in members(stream):
        ending = Path(name).suffix.lower()
        if ending in (".csv", ".tsv"):
            chunks = _delimited(content, path, ending)
        elif ending == ".json":
            waiting.append(_named(name, content.read()))
            full = sum(map(len, waiting)) > _BYTES_A_CHUNK
            chunks = _gathered(waiting, path) if full else iter(())
            waiting = [] if full else waiting
        elif not ending and Path(name).parent.name == "mbdump":
            chunks = _json_lines(content, path)
        else:
            continue
        found = True
        yield from chunks
    yield from _gathered(waiting, path)
    if not found:
        msg = f"{path} holds no table, and no dump of MusicBrainz or AcousticBrainz."
        raise BadInputError(msg)


def _named(name: str, document: bytes) -> bytes:
    """Put one document on one line, with the id that begins its file's name."""
    mbid = json.dumps(Path(name).name[:36]).encode()
    body = document.replace(b"\n", b" ").strip()
    return b'{"mbid": ' + mbid + b", " + body[1:] if body.startswith(b"{") else body


def _gathered(documents: list[bytes], path: Path) -> Iterator[Chunk]:
    if documents:
        block = b"\n".join(documents) + b"\n"
        yield Chunk(_kind_of(block, path), block)


_STREAMED: Final[Mapping[str, Callable[[IO[bytes], Path], Iterator[Chunk]]]] = MappingProxyType(
    {
        ".tar": _archive,
        ".csv": _delimited,
        ".tsv": _delimited,
        ".json": _json_lines,
        ".jsonl": _json_lines,
        "": _json_lines,  # as MusicBrainz names what is in its archives
    }
)
