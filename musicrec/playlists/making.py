"""A new playlist: like one, for a mood, or of wanted features; of songs the listener does not know.

The candidates come from elsewhere: a listener's ranking, or well-known songs of the catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery import NO_CORRECTIONS, Corrections, arrange
from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import fold
from musicrec.domain.playlist import Playlist, PlaylistItem, numbered
from musicrec.domain.reasons import Explanation
from musicrec.domain.track import Track
from musicrec.playlists.nearness import Nearness, near_songs, near_wishes
from musicrec.playlists.songs import ListedSongs
from musicrec.taste import TasteModel

Floats = NDArray[np.float64]

CHOICE: Final = 15
"""Songs that sound as wanted, times the songs wanted: among them the listener's taste decides."""

MOODS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "happy": MappingProxyType({"valence": 0.85, "energy": 0.7, "danceability": 0.7}),
        "sad": MappingProxyType({"valence": 0.15, "energy": 0.3, "danceability": 0.4}),
        "calm": MappingProxyType({"energy": 0.2, "acousticness": 0.8, "loudness_db": -14.0}),
        "party": MappingProxyType({"danceability": 0.85, "energy": 0.85, "valence": 0.7}),
        "focus": MappingProxyType({"instrumentalness": 0.85, "energy": 0.35, "speechiness": 0.04}),
        "workout": MappingProxyType({"energy": 0.9, "tempo_bpm": 140.0, "danceability": 0.65}),
        "angry": MappingProxyType({"energy": 0.95, "valence": 0.25, "loudness_db": -4.0}),
    }
)
"""What words for a mood mean in features; a plain choice of ours, nothing measured."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A song of a new playlist, with why.

    Attributes:
        track: The song.
        nearest: The song of the given playlist that it is most like; None where it is for wanted
            features.
        explanation: What the listener's model says; None without one.
    """

    track: Track
    nearest: PlaylistItem | None
    explanation: Explanation | None


@dataclass(frozen=True)
class Made:
    """A new playlist.

    Attributes:
        playlist: Its items, the best first.
        picks: Why, in the same order.
    """

    playlist: Playlist
    picks: tuple[Pick, ...]


def make_like(
    songs: ListedSongs,
    catalogue: Catalogue,
    candidates: NDArray[np.intp],
    model: TasteModel | None,
    corrections: Corrections = NO_CORRECTIONS,
    *,
    n: int,
    seed: int = 0,
) -> Made:
    """Make a playlist like a given one, without any of its songs.

    Args:
        songs: The given one.
        catalogue: Where candidates are from.
        candidates: Rows that may be taken.
        model: Of the listener, whose labelled songs are left out; None to go by likeness alone.
        corrections: Of the listener; they move what the model says, and block artists.
        n: Songs wanted; fewer where the candidates do not suffice.
        seed: Decides between equals.

    Raises:
        BadInputError: The sound of no song of the playlist is known.
    """
    if not songs.heard.any():
        msg = "It is not known of any song of this playlist how it sounds."
        raise BadInputError(msg)
    own = [match.row for match in songs.matches.found.values()]
    names = {item.recording for item in songs.playlist.items if item.recording}
    rows = np.setdiff1d(candidates, own)
    near = near_songs(catalogue.features(rows), songs)
    return _made(catalogue, rows, near, model, corrections, n=n, seed=seed, avoid=names)


def make_for(
    wanted: Mapping[str, float],
    catalogue: Catalogue,
    candidates: NDArray[np.intp],
    model: TasteModel | None,
    corrections: Corrections = NO_CORRECTIONS,
    *,
    n: int,
    seed: int = 0,
) -> Made:
    """Make a playlist of songs with about the wanted features; arguments as in ``make_like``.

    Raises:
        BadInputError: A feature is none that can be wanted, or out of its range.
    """
    near = near_wishes(catalogue.features(candidates), wanted)
    return _made(catalogue, candidates, near, model, corrections, n=n, seed=seed, avoid=set())


def _made(
    catalogue: Catalogue,
    rows: NDArray[np.intp],
    near: Nearness,
    model: TasteModel | None,
    corrections: Corrections,
    *,
    n: int,
    seed: int,
    avoid: set[str],
) -> Made:
    """Among the songs that sound as wanted take the best liked ones, at most two an artist."""
    n_known = 0 if model is None else model.n_known
    order = np.argsort(near.far, kind="stable")[: n * CHOICE + n_known]
    order = order[np.isfinite(near.far[order])]
    table, tracks = catalogue.table(rows[order]), catalogue.tracks(rows[order])
    out = np.array(
        [item_of(one).recording in avoid or corrections.blocks(one.artists) for one in tracks],
        dtype=np.bool_,
    )
    out |= np.zeros(len(order), np.bool_) if model is None else model.knows(table)
    left: list[int] = np.flatnonzero(~out)[: n * CHOICE].tolist()
    some = table.iloc[left]
    far = near.far[order[left]]
    scores = -far if model is None else corrections.p_like(model.predict(some), some)
    names = [[fold(artist) for artist in tracks[place].artists] for place in left]
    picked = arrange(scores, names, n=n, seed=seed)
    best, said = some.iloc[picked], [None] * len(picked)
    if model is not None:
        said = corrections.explained(model.explain(best), best)
    picks = tuple(
        Pick(tracks[left[place]], near.nearest[int(order[left[place]])], one)
        for place, one in zip(picked, said, strict=True)
    )
    return Made(Playlist(items=numbered(item_of(pick.track) for pick in picks)), picks)


def item_of(track: Track) -> PlaylistItem:
    """Return a song as an item of a playlist; its position is for ``numbered`` to set."""
    return PlaylistItem(
        position=1,
        title=track.title,
        artists=track.artists,
        album=track.album,
        duration_ms=track.duration_ms,
        track_id=track.id,
        uri=track.listen_url or "",
        genre=track.genre,
    )
