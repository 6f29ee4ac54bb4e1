"""A catalogue that twenty weekly lists do not use up: volumes like the demo, of other casts."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from large_catalogue import batches_of
from listeners import catalogue

from musicrec.catalogue import Catalogue, Snapshot
from musicrec.catalogue.build import Batch, build
from musicrec.catalogue.store.manifest import Source
from musicrec.domain.features import ARTISTS
from musicrec.taste.columns import ARTIST_SEPARATOR, text_of

_SOURCE: Final = Source(name="resampled demo songs", licence="MIT")
_BUILT_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)


def roomy(root: Path, n: int, *, seed: int = 0) -> Catalogue:
    """Build ``n`` songs whose artists have as many songs each as the demo's artists have."""
    batches = (Batch(songs, _SOURCE) for songs in _batches(n, seed))
    built = build(root, batches, name=f"{n:,} resampled songs", created_at=_BUILT_AT)
    return Catalogue(Snapshot.open(built.folder, verify=False))


def _batches(n: int, seed: int) -> Iterator[pd.DataFrame]:
    casts = [names.split(ARTIST_SEPARATOR) for names in text_of(catalogue(), ARTISTS)]
    rng = np.random.default_rng(seed)
    for batch, songs in enumerate(batches_of(n, shuffled=False, seed=seed)):
        volumes = [rng.permutation(len(casts)) for _ in range(0, len(songs), len(casts))]
        places: list[int] = np.concatenate(volumes).tolist()
        names = [
            _renamed(casts[place], f"{batch}.{number // len(casts)}")
            for number, place in enumerate(places[: len(songs)])
        ]
        yield songs.assign(**{ARTISTS: names})


def _renamed(names: list[str], volume: str) -> str:
    return ARTIST_SEPARATOR.join(f"{name.strip()} {volume}" for name in names if name.strip())
