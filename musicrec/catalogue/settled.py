"""The songs of the snapshot in use, as parts of the next build."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from musicrec.catalogue.entries import write_part
from musicrec.catalogue.isrc_countries import without_weak_countries
from musicrec.catalogue.known import NOTHING, Known, Origins
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.texts import LINKS, Texts
from musicrec.catalogue.store.versions import current_folder
from musicrec.domain.features import ALBUM, ARTISTS, TITLE, TRACK_ID

_BLOCKS_A_PART: Final = 800


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
    manifest = snapshot.manifest
    start = 0
    for texts in Texts(snapshot.folder).parts(_BLOCKS_A_PART):
        features = snapshot.features(np.arange(start, start + len(texts)))
        songs = pd.concat([_typed(texts), features], axis="columns")
        yield without_weak_countries(songs, manifest.sources, manifest.provenances)
        start += len(texts)


def _typed(texts: pd.DataFrame) -> pd.DataFrame:
    links = texts[LINKS].map(lambda links: links or [])
    words = dict.fromkeys((TRACK_ID, TITLE, ARTISTS, ALBUM), "str")
    return texts.astype(words).assign(**{LINKS: links})
