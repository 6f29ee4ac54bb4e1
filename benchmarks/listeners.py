"""Labelled songs to measure on: real ones where they are present, and a simulated taste."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd

from musicrec.catalogue import open_catalogue, read_songs
from musicrec.domain.errors import CatalogueMissingError
from musicrec.domain.features import LIKED
from musicrec.taste import TrainingSet

SHARED_DATA: Final = Path(__file__).parents[2] / "shared" / "data"
"""Beside the checkout; not part of the project."""


@dataclass(frozen=True)
class Listener:
    """Somebody whose verdict on every song of a table is known."""

    name: str
    songs: TrainingSet


def listeners() -> Iterator[Listener]:
    """Yield whoever is available: the real label sets, then the simulated listener."""
    for path in sorted(SHARED_DATA.glob("taste_*.csv")):
        yield Listener(path.stem.removeprefix("taste_"), TrainingSet.from_table(_labels(path)))
    yield Listener("simulated", TrainingSet.from_table(simulated_labels(catalogue())))


def catalogue() -> pd.DataFrame:
    """Return the demo catalogue, or 4,500 made-up songs where it is not installed."""
    try:
        with TemporaryDirectory() as folder:
            demo = open_catalogue(Path(folder))
            return demo.table(range(len(demo)))
    except CatalogueMissingError:
        return _made_up(4_500)


def resampled(songs: pd.DataFrame, n: int, *, seed: int = 0) -> pd.DataFrame:
    """Draw ``n`` songs with replacement and give each an id and title of its own."""
    drawn = songs.sample(n, replace=True, random_state=seed, ignore_index=True)
    number = pd.Series(range(n)).astype(str)
    return drawn.assign(track_id="bench:" + number, title="Song " + number)


def simulated_labels(songs: pd.DataFrame, *, seed: int = 0) -> pd.DataFrame:
    """Label songs as somebody with a bent, noisy taste: mellow or fast, but nothing in between."""
    rng = np.random.default_rng(seed)
    tempo = (songs["tempo_bpm"].fillna(120) - 120) / 30
    wish = 2.5 * (songs["acousticness"] - 0.3) + tempo**2 - 6 * songs["speechiness"]
    log_odds = 2 * (wish - wish.median()).to_numpy(dtype=np.float64)
    p_like = 1 / (1 + np.exp(-log_odds))
    return songs.assign(liked=rng.random(len(songs)) < p_like)


def _labels(path: Path) -> pd.DataFrame:
    return read_songs(path, need=frozenset({LIKED})).songs


def _made_up(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    shares = ("danceability", "energy", "speechiness", "acousticness", "liveness", "valence")
    return pd.DataFrame(
        {
            "track_id": [f"bench:song{row}" for row in range(n)],
            "title": [f"Song {row}" for row in range(n)],
            "artists": [f"Artist {row % 900}" for row in range(n)],
            **{name: rng.beta(2, 3, n) for name in shares},
            "tempo_bpm": rng.normal(120, 28, n).clip(50, 220),
            "duration_ms": rng.normal(220_000, 50_000, n).clip(60_000),
        }
    )
