"""Songs to build small snapshots of."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from musicrec.catalogue.cleaning import derived_ids
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.texts import LINKS, PROVENANCE
from musicrec.catalogue.store.writer import MADE_ID, writing_snapshot
from musicrec.domain.features import FEATURE_RANGES

BUILT_AT = datetime(2026, 11, 22, tzinfo=UTC)


def made_up(n: int, *, seed: int = 0) -> pd.DataFrame:
    """Make ``n`` songs up, a tenth of every number unknown."""
    rng = np.random.default_rng(seed)
    titles = pd.Series([f"Song {row}" for row in range(n)], dtype="str")
    artists = pd.Series([f"Artist {row % 7}; Guest {row % 3}" for row in range(n)], dtype="str")
    numbers = {
        name: np.where(rng.random(n) < 0.1, np.nan, np.rint(rng.uniform(low, high, n) * 1e3) / 1e3)
        for name, (low, high) in FEATURE_RANGES.items()
    }
    for name in ("key", "mode", "time_signature", "explicit", "year", "duration_ms"):
        numbers[name] = np.rint(numbers[name])
    return pd.DataFrame(
        {
            "track_id": [f"spotify:track:{seed:04}{row:018}" for row in range(n)],
            "title": titles,
            "artists": artists,
            "album": pd.Series([None] * n, dtype="str"),
            "genre": _some(rng, n, "rock", "jazz"),
            "country": _some(rng, n, "SE", "DE"),
            **numbers,
            LINKS: [[f"mbid:{seed:04}{row:028}"] if row % 2 else [] for row in range(n)],
            PROVENANCE: 0,
            MADE_ID: derived_ids(titles, artists),
        }
    )


def built(folder: Path, songs: pd.DataFrame, *, batch: int = 300) -> Snapshot:
    """Build a snapshot in batches and open it."""
    folder.mkdir(parents=True, exist_ok=True)
    with writing_snapshot(
        folder,
        name="made up",
        created_at=BUILT_AT,
        sources=[Source(name="imagination", licence="CC0")],
        provenances=[{"title": 0, "energy": 0}],
    ) as writer:
        for start in range(0, len(songs), batch):
            writer.add(songs.iloc[start : start + batch])
    return Snapshot.open(folder, verify=True)


def _some(rng: np.random.Generator, n: int, *words: str) -> pd.Series:
    """Draw words, a third of them unknown."""
    return (
        pd.Series([*words, None], dtype="str")
        .take(rng.integers(len(words) + 1, size=n))
        .reset_index(drop=True)
    )
