"""What exploring asks worker processes to do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.discovery import Explorer, Prospect, Weighed, prospects, weigh
from musicrec.domain.places import Place, Visit
from musicrec.services.jobs import catalogue_of, model_of


def rank_places(
    blob: bytes,
    folder: Path,
    explorer: Explorer,
    places: Sequence[tuple[Place, Visit]],
    known: NDArray[np.integer[Any]],
) -> list[Prospect]:
    """Rank places of a snapshot; ``known`` are rows that the listener knows."""
    snapshot = catalogue_of(folder).snapshot
    return prospects(snapshot, model_of(blob), explorer, places, known)


def weigh_songs(
    folder: Path, songs: pd.DataFrame, p_like: NDArray[np.float32], explorer: Explorer
) -> Weighed:
    """Say what songs may turn out to be, beside the likes that they sound like."""
    sample = catalogue_of(folder).sample
    return weigh(sample, songs, p_like.astype(np.float64), explorer)
