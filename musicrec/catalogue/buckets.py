"""Entries of all parts, brought into the songs' order: an external sort in two passes.

The first pass deals the entries out to buckets of neighbouring songs, the second one reads a bucket
at a time.
"""

# pyarrow ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from musicrec.catalogue.entries import SCHEMA, Part
from musicrec.catalogue.same_songs import Order, offsets_of
from musicrec.catalogue.store.texts import LINKS, PROVENANCE
from musicrec.domain.features import FEATURE_NAMES

POSITION: Final = "position"
"""Column of the row of an entry's song."""
ENTRY: Final = "entry"
"""Column of the entry's number."""
TRUST: Final = "trust"
"""Column of the rank of the entry's source, most trusted first."""
LEARNED: Final = 0
"""Rank of songs learned one by one: somebody looked them up although the catalogue was there."""
SETTLED: Final = 1
"""Rank of the songs that the catalogue has already, above every file."""

_SCHEMA: Final = pa.schema(
    [
        *SCHEMA,
        pa.field(POSITION, pa.uint32()),
        pa.field(ENTRY, pa.uint32()),
        pa.field(TRUST, pa.uint16()),
    ]
)
_SONGS_A_BUCKET: Final = 200_000


@dataclass(frozen=True, slots=True)
class Label:
    """What all entries of a part have in common.

    Attributes:
        trust: Rank of their source, most trusted first.
        combination: Number of the first combination of sources that ``PROVENANCE`` counts from.
    """

    trust: int
    combination: int


def in_order(
    folder: Path, parts: Sequence[Part], order: Order, labels: Sequence[Label]
) -> Iterator[pd.DataFrame]:
    """Yield the entries of some songs after the other, whole songs, in the order of the songs.

    Args:
        folder: Empty; for files on the way.
        parts: Where the entries are.
        order: Of their songs.
        labels: Of the parts.

    Yields:
        Columns of ``SCHEMA``, ``POSITION``, ``ENTRY`` and ``TRUST``, by position, trust,
        popularity (but for learned songs) and entry.
    """
    paths = [folder / f"{number}.arrows" for number in range(order.n_songs // _SONGS_A_BUCKET + 1)]
    with ExitStack() as stack:
        writers = [_writer(stack, path) for path in paths]
        for part, offset, label in zip(parts, offsets_of(parts), labels, strict=True):
            _deal_out(_labelled(part, label, offset, order), writers)
    for path in paths:
        with path.open("rb") as file:
            table = pa.ipc.open_stream(file).read_all()
        path.unlink()
        if len(table):
            yield _sorted(table)


def _writer(stack: ExitStack, path: Path) -> Any:
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    file = stack.enter_context(path.open("wb"))
    return stack.enter_context(pa.ipc.new_stream(file, _SCHEMA, options=options))


def _labelled(part: Part, label: Label, offset: int, order: Order) -> pa.Table:
    table = part.table()
    rows = np.arange(offset, offset + len(table), dtype=np.uint32)
    provenance = table[PROVENANCE].to_numpy() + np.int32(label.combination)
    table = table.set_column(SCHEMA.get_field_index(PROVENANCE), PROVENANCE, pa.array(provenance))
    table = table.append_column(POSITION, pa.array(order.position[rows]))
    table = table.append_column(ENTRY, pa.array(rows))
    table = table.filter(pa.array(order.position[rows] < order.n_songs))
    return table.append_column(TRUST, pa.array(np.full(len(table), label.trust, dtype=np.uint16)))


def _deal_out(entries: pa.Table, writers: Sequence[Any]) -> None:
    if not len(entries):  # every row of the part was rejected
        return
    bucket = entries[POSITION].to_numpy() // _SONGS_A_BUCKET
    by_bucket = np.argsort(bucket, kind="stable")
    sorted_ = entries.take(by_bucket).combine_chunks()
    numbers, starts, sizes = np.unique(bucket[by_bucket], return_index=True, return_counts=True)
    for number, start, size in zip(numbers.tolist(), starts.tolist(), sizes.tolist(), strict=True):
        writers[number].write_table(sorted_.slice(start, size))


def _sorted(entries: pa.Table) -> pd.DataFrame:
    """Bring a bucket into order, as a data frame with numbers as float64."""
    is_learned = entries[TRUST].to_numpy() == LEARNED
    popularity = np.where(is_learned, np.nan, entries["popularity"].to_numpy())
    keys = [entries[name].to_numpy() for name in (ENTRY, TRUST, POSITION)]
    order = np.lexsort((keys[0], np.nan_to_num(-popularity, nan=1.0), keys[1], keys[2]))
    rows = entries.take(order).combine_chunks()
    frame = rows.drop_columns([LINKS]).to_pandas().astype(dict.fromkeys(FEATURE_NAMES, "float64"))
    frame[LINKS] = pd.Series(rows[LINKS].to_pylist(), dtype=object)
    return frame
