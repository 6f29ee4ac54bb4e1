"""What people read about songs, and where it comes from: one Arrow file in compressed blocks.

A block holds ``ROWS_A_BLOCK`` songs: reading one song costs some hundred microseconds, and titles
and ids take half of their size on disk.
"""

# pyarrow ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import threading
from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa

from musicrec.domain.features import ALBUM, ARTISTS, TITLE, TRACK_ID

TEXTS_FILE: Final = "texts.arrow"
ROWS_A_BLOCK: Final = 512

LINKS: Final = "links"
"""Column of the other ids of a song, as a list."""
PROVENANCE: Final = "provenance"
"""Column of the numbers of ``manifest.Manifest.provenances``."""

SCHEMA: Final = pa.schema(
    {
        TRACK_ID: pa.string(),
        TITLE: pa.string(),
        ARTISTS: pa.string(),
        ALBUM: pa.string(),
        PROVENANCE: pa.int32(),
        LINKS: pa.list_(pa.string()),
    }
)
_KEPT_BLOCKS: Final = 256
"""Decompressed blocks in memory; popular songs, which are asked for most, share the first ones."""

Song = dict[str, Any]
"""A row's values by column; None where unknown."""


class TextsWriter(Protocol):
    """Takes songs in their final order."""

    def add(self, songs: pa.Table) -> None:
        """Append songs with the columns of ``SCHEMA``."""
        ...


class Texts:
    """Reads songs by row; several threads may."""

    def __init__(self, folder: Path) -> None:
        """Open the file that ``writing_texts`` made.

        Raises:
            OSError, pa.ArrowException: It is not there or damaged.
        """
        self._file = pa.ipc.open_file(pa.memory_map(str(folder / TEXTS_FILE)))
        self._kept: OrderedDict[int, pa.RecordBatch] = OrderedDict()
        self._lock = threading.Lock()

    def songs(self, rows: Sequence[int]) -> list[Song]:
        """Return the songs of rows in their order."""
        return self._taken(rows, list(SCHEMA.names))

    def column(self, name: str, rows: Sequence[int]) -> list[Any]:
        """Return one column's values of rows in their order."""
        return [song[name] for song in self._taken(rows, [name])]

    def blocks(self) -> Iterator[pa.Table]:
        """Return every song in order, a block at a time."""
        for number in range(self._file.num_record_batches):
            yield pa.table(self._file.get_batch(number))

    def _taken(self, rows: Sequence[int], names: list[str]) -> list[Song]:
        places: dict[int, list[int]] = {}
        for place, row in enumerate(rows):
            places.setdefault(row // ROWS_A_BLOCK, []).append(place)
        songs: list[Song] = [{}] * len(rows)
        for block, wanted in places.items():
            within = [rows[place] % ROWS_A_BLOCK for place in wanted]
            taken = self._block(block).select(names).take(pa.array(within, pa.int32()))
            for place, song in zip(wanted, taken.to_pylist(), strict=True):
                songs[place] = song
        return songs

    def _block(self, number: int) -> pa.RecordBatch:
        with self._lock:
            block = self._kept.get(number)
            if block is None:
                block = self._kept[number] = self._file.get_batch(number)
            self._kept.move_to_end(number)
            if len(self._kept) > _KEPT_BLOCKS:
                self._kept.popitem(last=False)
            return block


@contextmanager
def writing_texts(folder: Path) -> Generator[TextsWriter]:
    """Open ``folder``'s file of texts for writing; it is whole when the context ends."""
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    path = str(folder / TEXTS_FILE)
    with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, SCHEMA, options=options) as writer:
        blocks = _Blocks(writer)
        yield blocks
        blocks.finish()


class _Blocks:
    """Cuts what comes into blocks of equal size, so that a row's block is a division away."""

    def __init__(self, writer: pa.ipc.RecordBatchFileWriter) -> None:
        self._writer = writer
        self._rest = SCHEMA.empty_table()

    def add(self, songs: pa.Table) -> None:
        joined = pa.concat_tables([self._rest, songs.select(SCHEMA.names).cast(SCHEMA)])
        n_whole = len(joined) - len(joined) % ROWS_A_BLOCK
        self._write(joined.slice(0, n_whole))
        self._rest = joined.slice(n_whole)

    def finish(self) -> None:
        self._write(self._rest)

    def _write(self, songs: pa.Table) -> None:
        # Chunks of a table would each start a block of their own.
        self._writer.write_table(songs.combine_chunks(), max_chunksize=ROWS_A_BLOCK)
