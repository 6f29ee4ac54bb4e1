"""The songs of the snapshot in use, as parts of the next build."""

# pyarrow ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from musicrec.catalogue.entries import write_part
from musicrec.catalogue.known import NOTHING, Known, Origins
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.texts import LINKS, ROWS_A_BLOCK, Texts
from musicrec.catalogue.store.versions import current_folder

_BLOCKS_A_PART: Final = 100


def stage_current(root: Path, folder: Path) -> Known:
    """Stage the songs in use; nothing if there are none yet.

    Args:
        root: Of all snapshots.
        folder: For the parts.

    Raises:
        StorageError: They are damaged or of a newer program.
    """
    current = current_folder(root)
    if current is None:
        return NOTHING
    snapshot = Snapshot.open(current, verify=True)
    manifest = snapshot.manifest
    nobody = Source(name=manifest.name)
    parts = [
        write_part(folder / f"{number:06}", songs, nobody, settled=True)
        for number, songs in enumerate(_songs(snapshot))
    ]
    return Known(parts, Origins(manifest.sources, manifest.provenances))


def _songs(snapshot: Snapshot) -> Iterator[pd.DataFrame]:
    """Yield all songs in order, with ``LINKS`` and ``PROVENANCE``."""
    waiting: list[Any] = []
    start = 0
    for block in Texts(snapshot.folder).blocks():
        waiting.append(block)
        if len(waiting) == _BLOCKS_A_PART:
            yield _frame(snapshot, start, waiting)
            start += _BLOCKS_A_PART * ROWS_A_BLOCK
            waiting = []
    if waiting:
        yield _frame(snapshot, start, waiting)


def _frame(snapshot: Snapshot, start: int, blocks: list[Any]) -> pd.DataFrame:
    texts = pa.concat_tables(blocks)
    frame = texts.drop_columns([LINKS]).to_pandas()
    frame[LINKS] = pd.Series([links or [] for links in texts[LINKS].to_pylist()], dtype=object)
    features = snapshot.features(np.arange(start, start + len(texts)))
    return pd.concat([frame, features], axis="columns")
