"""A catalogue of any size out of the demo songs: drawn again and again, each a little different."""

import string
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from listeners import catalogue
from measuring import Clock
from songs import made_up_texts

from musicrec.catalogue.build import Batch, build
from musicrec.catalogue.store.manifest import Source
from musicrec.domain.features import (
    ARTISTS,
    COUNTRY,
    FEATURE_NAMES,
    FEATURE_RANGES,
    GENRE,
    TITLE,
    TRACK_ID,
)

_JITTER: Final = 0.15
"""Standard deviations of the demo songs by which a copy differs from its original."""
_NAMES: Final = frozenset({"key", "mode", "time_signature", "explicit"})
_COUNTRIES: Final = 60
_LETTERS: Final = np.array([*string.digits, *string.ascii_letters], dtype="S1")
_BUILT_AT: Final = datetime(2026, 1, 1, tzinfo=UTC)


def build_large(
    root: Path, n: int, *, shuffled: bool, seed: int = 0, clock: Clock | None = None
) -> Path:
    """Build a snapshot of ``n`` songs and return its folder.

    Args:
        root: Where.
        n: Songs.
        shuffled: Every feature comes from another song: no songs are alike, which is the worst case
            for whoever hopes that good songs lie together.
        seed: Decides everything.
        clock: Takes the time of making songs up, which is none of the build's.
    """
    source = Source(name="resampled demo songs", licence="MIT")
    tables = (clock or Clock()).over(batches_of(n, shuffled=shuffled, seed=seed))
    batches = (Batch(songs, source) for songs in tables)
    return build(root, batches, name=f"{n:,} resampled songs", created_at=_BUILT_AT).folder


def batches_of(n: int, *, shuffled: bool, seed: int) -> Iterator[pd.DataFrame]:
    """Yield songs as song tables, most popular first."""
    demo = catalogue()
    rng = np.random.default_rng(seed)
    done = 0
    for titles, artists in made_up_texts(n, seed):
        songs = _copies(demo, len(titles), shuffled=shuffled, rng=rng)
        rows = np.arange(done, done + len(titles))
        done += len(titles)
        country = 1 + np.minimum(rng.geometric(0.15, len(rows)), _COUNTRIES)
        yield songs.assign(
            **{
                TRACK_ID: [f"spotify:track:{code}" for code in _codes(rng, len(rows), 22)],
                TITLE: titles,
                ARTISTS: artists,
                COUNTRY: pd.Series([f"{chr(65 + c % 26)}{chr(65 + c // 26)}" for c in country]),
                "popularity": 100 * (1 - rows / n),
                "year": 2026 - np.floor(rng.gamma(1.5, 9, len(rows)).clip(max=90)),
            }
        )


def _codes(rng: np.random.Generator, n: int, length: int) -> list[str]:
    """Return random letters and digits, which no compression makes smaller, as real ids are."""
    drawn = _LETTERS[rng.integers(len(_LETTERS), size=(n, length))]
    return drawn.view(f"S{length}").ravel().astype("U").tolist()


def _copies(
    demo: pd.DataFrame, n: int, *, shuffled: bool, rng: np.random.Generator
) -> pd.DataFrame:
    drawn = rng.integers(len(demo), size=n)
    columns: dict[str, object] = {}
    for name in FEATURE_NAMES:
        values = demo[name].to_numpy(dtype=np.float64)
        picked = values[rng.permutation(drawn) if shuffled else drawn]
        if name not in _NAMES:
            spread = float(np.nanstd(values)) if not np.isnan(values).all() else 0.0
            picked = np.clip(picked + rng.normal(size=n) * _JITTER * spread, *FEATURE_RANGES[name])
        columns[name] = picked
    genres = demo[GENRE].take(rng.permutation(drawn) if shuffled else drawn)
    return pd.DataFrame({GENRE: genres.reset_index(drop=True), **columns})
