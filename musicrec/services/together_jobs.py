"""What workers do with the models of several people: score the same songs, and compare."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, Delta
from musicrec.discovery import Scorer, arrange
from musicrec.discovery.together import agreement, happiest, most_divided, traits
from musicrec.domain.identity import fold
from musicrec.domain.together import Comparison, SharedSong
from musicrec.services.jobs import catalogue_of, model_of

_SPARE: Final = 10
"""Songs beyond those wanted: guests beyond the second are only known once the texts are read."""


@dataclass(frozen=True, eq=False, slots=True)
class BlendedSongs:
    """Songs for several people.

    Attributes:
        rows: Of the catalogue, in the list's order.
        p_like: The chance that each person likes each song, shape ``(n_people, n_songs)``.
    """

    rows: NDArray[np.intp]
    p_like: NDArray[np.float64]


def compare_tastes(
    blobs: tuple[bytes, bytes],
    folder: Path,
    rows: NDArray[np.intp],
    hidden: NDArray[np.intp],
    learned: Delta,
    *,
    never: Collection[str],
    n_both: int,
    n_same: int,
) -> Comparison:
    """Hold two tastes against each other.

    Args:
        blobs: Both models.
        folder: Of the snapshot.
        rows: Songs to look for something for both among, ascending.
        hidden: Rows that are not named, e.g. because they are rated.
        learned: What was learned of ``rows`` since the snapshot was built.
        never: Folded names of artists by whom no song is named.
        n_both: Songs that both rated.
        n_same: Of these, rated alike.
    """
    catalogue = Catalogue(catalogue_of(folder).snapshot, learned)
    first, second = _p_like(blobs, catalogue, rows)
    some = np.isin(rows, catalogue.well_known)
    songs = catalogue.features(rows[some])
    alike, apart = traits(songs, first[some], second[some])
    fresh = np.flatnonzero(~np.isin(rows, hidden))
    for_both = fresh[happiest(np.stack((first, second))[:, fresh])]
    splits = fresh[most_divided(first[fresh], second[fresh])]

    def song_at(places: NDArray[np.intp]) -> SharedSong | None:
        for place in places.tolist():
            track = catalogue.track(int(rows[place]))
            if _is_by_others(track.artists, never):
                return SharedSong(track, float(first[place]), float(second[place]))
        return None

    return Comparison(
        agreement(first[some], second[some], n_both=n_both, n_same=n_same),
        alike,
        apart,
        song_at(for_both),
        song_at(splits),
    )


def blend_songs(
    blobs: Sequence[bytes],
    folder: Path,
    rows: NDArray[np.intp],
    learned: Delta,
    *,
    never: Collection[str],
    n: int,
) -> BlendedSongs:
    """Pick up to ``n`` songs by the chance of whoever likes each least, at most two an artist.

    Args:
        blobs: Everybody's models.
        folder: Of the snapshot.
        rows: Songs to pick from, ascending.
        learned: What was learned of them since the snapshot was built.
        never: Folded names of artists by whom nothing is picked.
        n: Songs wanted.
    """
    catalogue = Catalogue(catalogue_of(folder).snapshot, learned)
    p_like = _p_like(blobs, catalogue, rows)
    order = happiest(p_like)
    # A song's place in the order stands for its score, so that ties keep their order.
    places = np.arange(len(order), 0, -1, dtype=np.float64)
    likely = arrange(places, catalogue.artist_keys(rows[order]), n=n + _SPARE)
    tracks = catalogue.tracks(rows[order[likely]])
    names = [[fold(artist) for artist in track.artists] for track in tracks]
    wanted = [_is_by_others(track.artists, never) for track in tracks]
    picked = [likely[at] for at in arrange(np.where(wanted, places[likely], np.nan), names, n=n)]
    chosen = order[picked]
    return BlendedSongs(rows[chosen], p_like[:, chosen])


def _is_by_others(artists: Sequence[str], never: Collection[str]) -> bool:
    """Tell whether nobody on a song is unwanted; columns tell of the first two artists alone."""
    return not any(fold(artist) in never for artist in artists)


def _p_like(
    blobs: Sequence[bytes], catalogue: Catalogue, rows: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the chance that each person likes each song, shape ``(n_people, n_songs)``."""
    is_learned = catalogue.delta.has(rows)
    songs = catalogue.delta.table(rows[is_learned].tolist())
    p_like = np.empty((len(blobs), len(rows)))
    for own, model in zip(p_like, map(model_of, blobs), strict=True):
        own[~is_learned] = Scorer(catalogue.snapshot, model).p_like(rows[~is_learned])
        if len(songs):
            own[is_learned] = model.predict(songs)
    return p_like
