"""Which rows of song tables are the same song."""

import hashlib
from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import TITLE, TRACK_ID
from musicrec.domain.identity import recording_key
from musicrec.taste.columns import main_artists, text_of


def identities_of(table: pd.DataFrame) -> list[str]:
    """Return one string a row, equal for rows that are the same song.

    Rows that share a track id are the same song, and so are rows that share a recording key; a
    row with neither is a song of its own.
    """
    first_key_of_id: dict[str, str] = {}
    identities: list[str] = []
    ids, keys = text_of(table, TRACK_ID), recording_keys(table)
    for row, (track_id, key) in enumerate(zip(ids, keys, strict=True)):
        own = key or (f"id:{track_id}" if track_id else f"row:{row}")
        identities.append(first_key_of_id.setdefault(track_id, own) if track_id else own)
    return identities


def recording_keys(table: pd.DataFrame) -> list[str]:
    """Return one recording key a row, ``""`` where the title is unknown."""
    pairs = zip(text_of(table, TITLE), main_artists(table), strict=True)
    return [recording_key(title, artist) if title else "" for title, artist in pairs]


def fingerprints_of(table: pd.DataFrame, liked: NDArray[np.bool_]) -> dict[str, bool]:
    """Return what is needed to know labelled songs again, and whether they were liked.

    Args:
        table: Every labelled row, also the repeated and contradictory ones.
        liked: Whether the listener said so, a row each; a song with both counts as liked.

    Returns:
        Hashes of track ids and recording keys.
    """
    fingerprints: dict[str, bool] = {}
    ids, keys = text_of(table, TRACK_ID), recording_keys(table)
    for track_id, key, is_liked in zip(ids, keys, liked.tolist(), strict=True):
        for name in filter(None, (track_id, key)):
            fingerprint = _fingerprint(name)
            fingerprints[fingerprint] = is_liked or fingerprints.get(fingerprint, False)
    return fingerprints


def rows_known(table: pd.DataFrame, fingerprints: Collection[str]) -> NDArray[np.bool_]:
    """Return which rows share a track id or recording key with the fingerprinted songs."""
    ids, keys = text_of(table, TRACK_ID), recording_keys(table)
    return np.array(
        [
            bool(track_id and _fingerprint(track_id) in fingerprints)
            or bool(key and _fingerprint(key) in fingerprints)
            for track_id, key in zip(ids, keys, strict=True)
        ],
        dtype=np.bool_,
    )


def _fingerprint(name: str) -> str:
    return hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:16]
