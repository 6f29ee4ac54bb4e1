"""Listeners whose taste is known, on songs made up from a seed."""

from typing import Any

import numpy as np
import pandas as pd

from musicrec.taste import TrainingSet
from musicrec.taste.encode import Encoding

GENRES = ("metal", "jazz", "folk")


def songs(n: int, *, seed: int = 0) -> pd.DataFrame:
    """Make a song table with every column but the label."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "track_id": [f"spotify:track:{seed}x{row}" for row in range(n)],
            "title": [f"Song {seed} {row}" for row in range(n)],
            "artists": [f"Artist {row % max(n // 4, 2)}; Guest" for row in range(n)],
            "genre": rng.choice(GENRES, n),
            "danceability": rng.uniform(0, 1, n),
            "energy": rng.uniform(0, 1, n),
            "key": rng.integers(0, 12, n).astype(float),
            "loudness_db": rng.uniform(-30, 0, n),
            "mode": rng.integers(0, 2, n).astype(float),
            "acousticness": rng.uniform(0, 1, n),
            "tempo_bpm": rng.uniform(60, 200, n),
            "time_signature": rng.choice([3.0, 4.0, 4.0, 5.0], n),
            "duration_ms": rng.uniform(120_000, 400_000, n),
            "popularity": rng.uniform(0, 100, n),
            "explicit": rng.integers(0, 2, n).astype(float),
            "year": rng.integers(1960, 2025, n).astype(float),
        }
    )


def rated(n: int, *, seed: int = 0, lean: float = 0.5) -> pd.DataFrame:
    """Rate songs as somebody who likes acoustic, slow songs and no metal; ``lean`` is the cut."""
    table = songs(n, seed=seed)
    slowness = (200 - table["tempo_bpm"]) / 140
    wish = 0.6 * table["acousticness"] + 0.4 * slowness - 0.5 * (table["genre"] == "metal")
    return table.assign(liked=wish > wish.quantile(1 - lean))


def training_set(n: int, *, seed: int = 0, lean: float = 0.5) -> TrainingSet:
    return TrainingSet.from_table(rated(n, seed=seed, lean=lean))


def encoded(n: int, *, seed: int = 0, lean: float = 0.5) -> tuple[Any, Any]:
    """Encode a training set; features and labels."""
    training = training_set(n, seed=seed, lean=lean)
    return Encoding.of(training.songs).matrix(training.songs), training.liked
