"""Columns that filters and models read in bulk: one flat file each, memory-mapped."""

from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from musicrec.catalogue.store.codes import SCALES

GENRE_CODE: Final = "genre"
COUNTRY_CODE: Final = "country"
ARTIST_HASH: Final = "artist"
"""32 bits of the hash of the folded main artist; 0 where unknown."""
GUEST_HASH: Final = "guest"
"""The same of the second artist."""

TYPES: Final[Mapping[str, DTypeLike]] = MappingProxyType(
    {
        **{name: np.dtype(scale.dtype).newbyteorder("<") for name, scale in SCALES.items()},
        GENRE_CODE: "<u2",
        COUNTRY_CODE: "<u2",
        ARTIST_HASH: "<u4",
        GUEST_HASH: "<u4",
    }
)
"""Every column and its type; features hold codes of ``store.codes``."""


def file_name(column: str) -> str:
    """Return a column's file within the snapshot."""
    return f"{column}.column"


class Columns:
    """Reads columns; what was read once stays in the system's page cache for all processes."""

    def __init__(self, folder: Path, n_songs: int) -> None:
        """Open the files that ``writing_columns`` made.

        Raises:
            OSError, ValueError: They are not there or too short.
        """
        self._by_name = {
            # An empty file cannot be mapped. Plain views are read quicker than memory maps are.
            name: np.asarray(
                np.memmap(folder / file_name(name), dtype=dtype, mode="r", shape=(n_songs,))
            )
            if n_songs
            else np.empty(0, dtype)
            for name, dtype in TYPES.items()
        }

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return a column, shape ``(n_songs,)``; not to be changed."""
        return self._by_name[name]


class ColumnsWriter:
    """Appends to all columns at once."""

    def __init__(self, files: Mapping[str, BinaryIO]) -> None:
        self._files = files

    def add(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Append the values of equally many songs to every column of ``TYPES``."""
        for name, dtype in TYPES.items():
            self._files[name].write(np.ascontiguousarray(values[name], dtype=dtype).tobytes())


@contextmanager
def writing_columns(folder: Path) -> Generator[ColumnsWriter]:
    """Open ``folder``'s columns for writing."""
    with ExitStack() as stack:
        files = {name: stack.enter_context((folder / file_name(name)).open("wb")) for name in TYPES}
        yield ColumnsWriter(files)
