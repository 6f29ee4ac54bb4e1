"""A new playlist: like one, for a mood, or of wanted features; of songs the listener does not know.

The candidates come from elsewhere: a listener's ranking, or well-known songs of the catalogue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from musicrec.catalogue import Catalogue
from musicrec.discovery import arrange
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import ARTISTS, FEATURE_RANGES, GENRE
from musicrec.domain.identity import fold
from musicrec.domain.playlist import Playlist, PlaylistItem, numbered
from musicrec.domain.reasons import Explanation
from musicrec.domain.track import Track
from musicrec.playlists.songs import ListedSongs
from musicrec.playlists.sounds import AXES
from musicrec.taste import TasteModel

Floats = NDArray[np.float64]

CHOICE: Final = 15
"""Songs that sound as wanted, times the songs wanted: among them the listener's taste decides."""

_NEIGHBOURS: Final = 3
_FEWEST_KNOWN: Final = 3
_OTHER_GENRE: Final = 0.5
"""Added to the distance, in standard deviations, of a song whose genre the playlist has not."""

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


@dataclass(frozen=True)
class _Nearness:
    """How far candidates are from what is wanted, and the place of the nearest song of a list."""

    far: Floats
    nearest: Sequence[PlaylistItem | None]


def make_like(
    songs: ListedSongs,
    catalogue: Catalogue,
    candidates: NDArray[np.intp],
    model: TasteModel | None,
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
    rows, table = _fresh(catalogue, np.setdiff1d(candidates, own), model)
    near = _to_songs(table, songs)
    return _made(catalogue, rows, table, near, model, n=n, seed=seed, avoid=names)


def make_for(
    wanted: Mapping[str, float],
    catalogue: Catalogue,
    candidates: NDArray[np.intp],
    model: TasteModel | None,
    *,
    n: int,
    seed: int = 0,
) -> Made:
    """Make a playlist of songs with about the wanted features; arguments as in ``make_like``.

    Raises:
        BadInputError: A feature is none that can be wanted, or out of its range.
    """
    _require_wishes(wanted)
    rows, table = _fresh(catalogue, candidates, model)
    near = _Nearness(_to_wishes(table, wanted), [None] * len(rows))
    return _made(catalogue, rows, table, near, model, n=n, seed=seed, avoid=set())


def _require_wishes(wanted: Mapping[str, float]) -> None:
    unknown = [name for name in wanted if name not in AXES]
    if unknown or not wanted:
        msg = f"A playlist can be made for these features: {', '.join(AXES)}."
        raise BadInputError(msg)
    for name, value in wanted.items():
        low, high = FEATURE_RANGES[name]
        if not low <= value <= high:
            msg = f"{name} lies between {low:g} and {high:g}, not at {value:g}."
            raise BadInputError(msg)


def _fresh(
    catalogue: Catalogue, rows: NDArray[np.intp], model: TasteModel | None
) -> tuple[NDArray[np.intp], pd.DataFrame]:
    table = catalogue.table(rows)
    if model is None:
        return rows, table
    fresh = ~model.knows(table)
    return rows[fresh], table[fresh].reset_index(drop=True)


def _to_wishes(table: pd.DataFrame, wanted: Mapping[str, float]) -> Floats:
    """Return root mean square distances from wishes, in standard deviations; unknown is far."""
    squares: list[Floats] = []
    for name, value in wanted.items():
        values = _axis(table, name)
        known = values[np.isfinite(values)]
        spread = float(known.std()) if len(known) else 0.0
        wish = float(AXES[name](np.array([value]))[0])
        squares.append(((values - wish) / (spread or 1.0)) ** 2)
    mean = np.mean(squares, axis=0)
    return np.sqrt(np.where(np.isfinite(mean), mean, np.inf))


def _to_songs(table: pd.DataFrame, songs: ListedSongs) -> _Nearness:
    """Measure by the nearest songs of the list, so that a list of two kinds gets both."""
    listed = songs.table[songs.heard]
    items = [
        i
        for i, is_heard in zip(songs.playlist.items, songs.heard.tolist(), strict=True)
        if is_heard
    ]
    theirs, ours = _standardised(table, listed)
    far = cdist(theirs, ours)
    k = min(_NEIGHBOURS, far.shape[1])
    genres = {str(genre).casefold() for genre in listed[GENRE].dropna()}
    other = ~table[GENRE].astype("str").str.casefold().isin(genres).to_numpy() if genres else False
    known = table[list(AXES)].notna().sum(axis="columns").to_numpy() >= _FEWEST_KNOWN
    distance = np.sort(far, axis=1)[:, :k].mean(axis=1) + _OTHER_GENRE * np.asarray(other)
    nearest = [items[place] for place in far.argmin(axis=1).tolist()]
    return _Nearness(np.where(known, distance, np.inf), nearest)


def _standardised(table: pd.DataFrame, listed: pd.DataFrame) -> tuple[Floats, Floats]:
    """Place candidates and listed songs; the spread is that of the candidates."""
    theirs: list[Floats] = []
    ours: list[Floats] = []
    for name in AXES:
        values = _axis(table, name)
        known = values[np.isfinite(values)]
        if not len(known) or not known.std():
            continue
        middle, spread = known.mean(), known.std()
        theirs.append(np.nan_to_num((values - middle) / spread, nan=0.0))
        ours.append(np.nan_to_num((_axis(listed, name) - middle) / spread, nan=0.0))
    if not theirs:
        return np.zeros((len(table), 1)), np.zeros((len(listed), 1))
    return np.column_stack(theirs), np.column_stack(ours)


def _axis(table: pd.DataFrame, name: str) -> Floats:
    return AXES[name](table[name].to_numpy(dtype=np.float64, na_value=np.nan))


def _made(
    catalogue: Catalogue,
    rows: NDArray[np.intp],
    table: pd.DataFrame,
    near: _Nearness,
    model: TasteModel | None,
    *,
    n: int,
    seed: int,
    avoid: set[str],
) -> Made:
    """Among the songs that sound as wanted take the best liked ones, at most two an artist."""
    order = np.argsort(near.far, kind="stable")[: n * CHOICE]
    order = order[np.isfinite(near.far[order])]
    some = table.iloc[order]
    scores = -near.far[order] if model is None else model.predict(some)
    tracks = catalogue.tracks(rows[order])
    scores = np.where([_item(track).recording in avoid for track in tracks], np.nan, scores)
    names = [[fold(artist) for artist in track.artists] for track in tracks]
    picked = arrange(scores, names, n=n, seed=seed)
    said = model.explain(some.iloc[picked]) if model is not None else [None] * len(picked)
    picks = tuple(
        Pick(tracks[place], near.nearest[int(order[place])], one)
        for place, one in zip(picked, said, strict=True)
    )
    items = numbered(_item(pick.track) for pick in picks)
    return Made(Playlist(items=items), picks)


def _item(track: Track) -> PlaylistItem:
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
