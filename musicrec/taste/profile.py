"""What labels say about a listener before any model: leans, genres, artists."""

from collections import Counter
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.features import FEATURE_NAMES, GENRE, LIKED
from musicrec.domain.taste_profile import FeatureLean, GenreCount, TasteProfile
from musicrec.taste.columns import clean_features, main_artists, text_of
from musicrec.taste.encode import Floats
from musicrec.taste.words import WORDINGS

MOST_ARTISTS: Final = 5
MOST_WORDS: Final = 3
MIN_EFFECT: Final = 0.3
"""Between Cohen's "small" (0.2) and "medium" (0.5)."""

MIN_STANDARD_ERRORS: Final = 2.0
NO_SCALE: Final = frozenset({"time_signature"})
"""Features whose numbers are names."""

PRIOR_LABELS: Final = 4.0
"""An effect seen in this many labels of each kind is halved: leans of the first minutes mislead."""


def build_profile(labelled: pd.DataFrame, catalogue: pd.DataFrame) -> TasteProfile:
    """Sum up labels against the catalogue they were taken from.

    Only features with two ends that have words, and that the catalogue knows, are among the leans.
    The effect is 0 where likes or dislikes lack the value. A lean gets a word where its effect is
    at least ``MIN_EFFECT`` and its difference at least two standard errors.

    Args:
        labelled: Song table with the column ``liked``; may be empty.
        catalogue: Song table of everything that could have been labelled.
    """
    liked = labelled[LIKED].to_numpy(dtype=np.bool_)
    songs, whole = clean_features(labelled), clean_features(catalogue)
    names = [name for name in FEATURE_NAMES if name in WORDINGS.keys() - NO_SCALE and name in whole]
    leans = [_lean(name, songs, liked, whole[name].to_numpy()) for name in names]
    known = [lean for lean in leans if not np.isnan(lean.catalogue_mean)]
    ranked = sorted(known, key=lambda lean: -abs(lean.effect))
    return TasteProfile(
        n_likes=int(liked.sum()),
        n_dislikes=int((~liked).sum()),
        leans=tuple(ranked),
        genres=_genres(labelled, liked),
        top_artists=_top_artists(labelled, liked),
        lean_words=_words(ranked, songs, liked),
    )


def _lean(
    name: str, songs: pd.DataFrame, liked: NDArray[np.bool_], catalogue: Floats
) -> FeatureLean:
    known = catalogue[~np.isnan(catalogue)]
    spread = float(known.std()) if len(known) else 0.0
    likes, dislikes = _values(name, songs, liked)
    effect = 0.0
    if len(likes) and len(dislikes) and spread > 0:
        weight = _pairs(likes, dislikes) / (_pairs(likes, dislikes) + PRIOR_LABELS)
        effect = weight * float(likes.mean() - dislikes.mean()) / spread
    return FeatureLean(
        feature=name,
        liked_mean=float(likes.mean()) if len(likes) else None,
        disliked_mean=float(dislikes.mean()) if len(dislikes) else None,
        catalogue_mean=float(known.mean()) if len(known) else np.nan,
        catalogue_sd=spread,
        effect=effect,
    )


def _values(name: str, songs: pd.DataFrame, liked: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return the known values of likes and of dislikes."""
    values = songs[name].to_numpy() if name in songs else np.full(len(liked), np.nan)
    known = ~np.isnan(values)
    return values[known & liked], values[known & ~liked]


def _pairs(likes: Floats, dislikes: Floats) -> float:
    """Return the harmonic mean of the two counts: the rarer kind decides."""
    return 2 / (1 / len(likes) + 1 / len(dislikes))


def _words(
    leans: list[FeatureLean], songs: pd.DataFrame, liked: NDArray[np.bool_]
) -> tuple[str, ...]:
    words: list[str] = []
    for lean in leans:
        if abs(lean.effect) >= MIN_EFFECT and _is_reliable(lean, songs, liked):
            wording = WORDINGS[lean.feature]
            words.append(wording.high if lean.effect > 0 else wording.low)
    return tuple(words[:MOST_WORDS])


def _is_reliable(lean: FeatureLean, songs: pd.DataFrame, liked: NDArray[np.bool_]) -> bool:
    likes, dislikes = _values(lean.feature, songs, liked)
    error = lean.catalogue_sd * np.sqrt(1 / len(likes) + 1 / len(dislikes))
    return abs(float(likes.mean() - dislikes.mean())) >= MIN_STANDARD_ERRORS * float(error)


def _genres(labelled: pd.DataFrame, liked: NDArray[np.bool_]) -> tuple[GenreCount, ...]:
    labels = list(zip(text_of(labelled, GENRE), liked, strict=True))
    likes = Counter(genre for genre, like in labels if like)
    dislikes = Counter(genre for genre, like in labels if not like)
    genres = sorted(set(likes) | set(dislikes))
    counts = [GenreCount(genre, likes[genre], dislikes[genre]) for genre in genres if genre]
    return tuple(sorted(counts, key=lambda count: -(count.likes + count.dislikes)))


def _top_artists(labelled: pd.DataFrame, liked: NDArray[np.bool_]) -> tuple[tuple[str, int], ...]:
    pairs = zip(main_artists(labelled), liked, strict=True)
    likes = Counter(artist for artist, like in pairs if artist and like)
    ranked = sorted(likes.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ranked[:MOST_ARTISTS])
