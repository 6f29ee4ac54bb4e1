"""What people read about songs, and where it comes from: small compressed blocks in one file.

A block holds the columns of ``ROWS_A_BLOCK`` songs as JSON. All blocks share a dictionary, trained
on the first songs: with it small blocks, of which one is read in some ten microseconds, take less
room than large ones without.
"""

# zstandard's types are partial.
# pyright: reportUnknownMemberType=false

import json
import threading
import weakref
from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pandas as pd
import zstandard

from musicrec.domain.features import ALBUM, ARTISTS, TITLE, TRACK_ID

BLOCKS_FILE: Final = "texts.blocks"
ENDS_FILE: Final = "texts.ends"
"""Where each block ends, in bytes."""
DICTIONARY_FILE: Final = "texts.dictionary"
"""Empty where there were too few songs to train one on."""
ROWS_A_BLOCK: Final = 64

LINKS: Final = "links"
"""Column of the other ids of a song, as a list."""
PROVENANCE: Final = "provenance"
"""Column of the numbers of ``manifest.Manifest.provenances``."""

TEXTS: Final = (TRACK_ID, TITLE, ARTISTS, ALBUM, PROVENANCE, LINKS)
"""Columns, in the order in which a block has them."""

_END: Final = np.dtype("<u8")
_LEVEL: Final = 9
_DICTIONARY_BYTES: Final = 500_000
_TRAINED_ON: Final = 50_000
"""Songs; twice as many save no further byte a song."""
_FEWEST_TRAINED_ON: Final = 1_000
_KEPT_BLOCKS: Final = 512
"""Read blocks in memory; popular songs, which are asked for most, share the first ones."""

Song = dict[str, Any]
"""A row's values by column; None where unknown."""
_Block = Sequence[Sequence[Any]]


class Texts:
    """Reads songs by row; several threads may."""

    def __init__(self, folder: Path) -> None:
        """Open the files that ``writing_texts`` made.

        Raises:
            OSError, ValueError: They are not there or damaged.
        """
        self._ends = np.fromfile(folder / ENDS_FILE, dtype=_END)
        self._blocks = _Blocks(folder / BLOCKS_FILE)
        if self._blocks.n_bytes != (self._ends[-1] if len(self._ends) else 0):
            msg = f"{BLOCKS_FILE} does not end where its last block does"
            raise ValueError(msg)
        dictionary = _dictionary((folder / DICTIONARY_FILE).read_bytes())
        self._decompressor = zstandard.ZstdDecompressor(dict_data=dictionary)
        self._kept: OrderedDict[int, _Block] = OrderedDict()
        self._lock = threading.Lock()

    def songs(self, rows: Sequence[int]) -> list[Song]:
        """Return the songs of rows in their order."""
        return [
            {name: column[place] for name, column in zip(TEXTS, block, strict=True)}
            for block, place in self._places(rows)
        ]

    def column(self, name: str, rows: Sequence[int]) -> list[Any]:
        """Return one column's values of rows in their order."""
        number = TEXTS.index(name)
        return [block[number][place] for block, place in self._places(rows)]

    def parts(self, n_blocks: int) -> Iterator[pd.DataFrame]:
        """Yield every song in order, ``n_blocks`` blocks at a time, with the columns ``TEXTS``."""
        for start in range(0, len(self._ends), n_blocks):
            numbers = range(start, min(start + n_blocks, len(self._ends)))
            blocks = [self._read(number) for number in numbers]
            columns = zip(TEXTS, zip(*blocks, strict=True), strict=True)
            yield pd.DataFrame({name: [v for part in own for v in part] for name, own in columns})

    def _places(self, rows: Sequence[int]) -> Iterator[tuple[_Block, int]]:
        for row in rows:
            number, place = divmod(row, ROWS_A_BLOCK)
            yield self._block(number), place

    def _block(self, number: int) -> _Block:
        with self._lock:
            block = self._kept.get(number)
            if block is None:
                block = self._kept[number] = self._read(number)
            self._kept.move_to_end(number)
            if len(self._kept) > _KEPT_BLOCKS:
                self._kept.popitem(last=False)
            return block

    def _read(self, number: int) -> _Block:
        start = int(self._ends[number - 1]) if number else 0
        compressed = self._blocks.read(start, int(self._ends[number]))
        return json.loads(self._decompressor.decompress(compressed))


class _Blocks:
    """A file that is read here and there.

    It is not mapped: what is read is a few kilobytes anywhere in a gigabyte, and pages of mapped
    files count as the process's memory for as long as there is room.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        self.n_bytes = path.stat().st_size

    def read(self, start: int, stop: int) -> bytes:
        with self._lock:
            self._file.seek(start)
            return self._file.read(stop - start)


class TextsWriter:
    """Takes songs in their final order."""

    def __init__(self, folder: Path, blocks: BinaryIO) -> None:
        self._folder = folder
        self._file = blocks
        self._n_bytes = 0
        self._ends: list[int] = []
        self._rest: list[Sequence[Any]] = []
        self._untrained: list[bytes] = []
        self._compressor: zstandard.ZstdCompressor | None = None

    def add(self, songs: pd.DataFrame) -> None:
        """Append songs with the columns ``TEXTS``."""
        columns = (songs[name].astype(object).where(songs[name].notna(), None) for name in TEXTS)
        rows = [*self._rest, *zip(*(column.tolist() for column in columns), strict=True)]
        n_whole = len(rows) - len(rows) % ROWS_A_BLOCK
        for start in range(0, n_whole, ROWS_A_BLOCK):
            self._add_block(rows[start : start + ROWS_A_BLOCK])
        self._rest = rows[n_whole:]

    def finish(self) -> None:
        """Write what is left, and where all blocks end."""
        if self._rest:
            self._add_block(self._rest)
        if self._compressor is None:
            self._train()
        np.array(self._ends, dtype=_END).tofile(self._folder / ENDS_FILE)

    def _add_block(self, rows: Sequence[Sequence[Any]]) -> None:
        columns = list(zip(*rows, strict=True))
        text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
        plain = text.encode("utf-8", "surrogatepass")
        if self._compressor is not None:
            self._write(self._compressor, plain)
            return
        self._untrained.append(plain)
        if len(self._untrained) * ROWS_A_BLOCK >= _TRAINED_ON:
            self._train()

    def _train(self) -> None:
        """Make the dictionary of the blocks so far, and write them."""
        n_bytes = sum(map(len, self._untrained))
        trained = b""
        if len(self._untrained) * ROWS_A_BLOCK >= _FEWEST_TRAINED_ON:
            size = min(_DICTIONARY_BYTES, n_bytes // 16)
            samples: list[Any] = [*self._untrained]
            trained = zstandard.train_dictionary(size, samples).as_bytes()
        (self._folder / DICTIONARY_FILE).write_bytes(trained)
        dictionary = _dictionary(trained)
        if dictionary is not None:
            dictionary.precompute_compress(_LEVEL)
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary)
        for plain in self._untrained:
            self._write(self._compressor, plain)
        self._untrained.clear()

    def _write(self, compressor: zstandard.ZstdCompressor, plain: bytes) -> None:
        self._n_bytes += self._file.write(compressor.compress(plain))
        self._ends.append(self._n_bytes)


@contextmanager
def writing_texts(folder: Path) -> Generator[TextsWriter]:
    """Open ``folder``'s files of texts for writing; they are whole when the context ends."""
    with (folder / BLOCKS_FILE).open("wb") as file:
        writer = TextsWriter(folder, file)
        yield writer
        writer.finish()


def _dictionary(trained: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(trained) if trained else None
