"""What a model learns from: one row a song, each with one verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.errors import BadInputError, NotEnoughLabelsError
from musicrec.domain.features import FEATURE_NAMES, GENRE, LIKED, TEXT_COLUMNS
from musicrec.domain.label import LabelCounts
from musicrec.taste.columns import clean_features
from musicrec.taste.encode import Encoding
from musicrec.taste.sampling import sample_rows
from musicrec.taste.song_identity import fingerprints_of, identities_of
from musicrec.taste.times import labelled_at

MIN_LABELS: Final = 10
MIN_EACH: Final = 3
"""Three of a kind allow three folds, each with one to test on."""


def require_enough(counts: LabelCounts) -> None:
    """Let a listener with enough labels to learn from pass.

    Raises:
        NotEnoughLabelsError: Fewer than ``MIN_LABELS`` labels, or than ``MIN_EACH`` of a kind.
    """
    if counts.total < MIN_LABELS or min(counts.likes, counts.dislikes) < MIN_EACH:
        raise NotEnoughLabelsError(
            likes=counts.likes,
            dislikes=counts.dislikes,
            need_labels=MIN_LABELS,
            need_each=MIN_EACH,
        )


@dataclass(frozen=True)
class TrainingSet:
    """Labelled songs without duplicates or contradictions.

    Attributes:
        songs: Cleaned features (``clean_features``) and the text columns the source had.
        liked: Shape ``(n_songs,)``, in the order of ``songs``.
        notices: What was dropped or ignored, in sentences.
        fingerprints: How to know every labelled song again, also the dropped ones.
        labelled_at: Seconds since 1970 of every label, NaN where unknown; None where the source had
            no times.
    """

    songs: pd.DataFrame
    liked: NDArray[np.bool_]
    notices: tuple[str, ...] = ()
    fingerprints: Mapping[str, bool] = field(default_factory=dict[str, bool])
    labelled_at: NDArray[np.float64] | None = None

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> Self:
        """Clean a song table with the column ``liked``.

        A song that is there twice with the same label counts once, at its first row; one with
        both labels is dropped. Two rows are the same song where they share a track id, or the
        recording key of title and main artist; rows with neither are kept as they are.

        Raises:
            BadInputError: There is no usable label or feature column.
            NotEnoughLabelsError: Too few labels are left.
        """
        liked = _labels(table)
        fingerprints = fingerprints_of(table, liked)
        keep, notices = _resolve_duplicates(table, liked)
        songs = table.iloc[keep]
        liked = liked[keep]
        n_likes = int(liked.sum())
        require_enough(LabelCounts(likes=n_likes, dislikes=len(liked) - n_likes))
        features = clean_features(songs)
        notices += _unusable_notices(features)
        texts = songs[[name for name in TEXT_COLUMNS if name in songs and name != GENRE]]
        cleaned = pd.concat([texts.reset_index(drop=True), features], axis=1)
        return cls(cleaned, liked, notices, fingerprints, labelled_at(songs))

    def at_most(self, n: int, *, seed: int) -> Self:
        """Return a sample of both kinds with a notice where there are more than ``n`` songs.

        The fingerprints stay those of all songs.
        """
        if len(self.liked) <= n:
            return self
        rows = sample_rows(self.liked, n, seed=seed)
        notice = f"Of {len(self.liked)} labels a sample of {len(rows)} was learned from."
        return replace(
            self,
            songs=self.songs.iloc[rows].reset_index(drop=True),
            liked=self.liked[rows],
            labelled_at=None if self.labelled_at is None else self.labelled_at[rows],
            notices=(*self.notices, notice),
        )


def _labels(table: pd.DataFrame) -> NDArray[np.bool_]:
    if LIKED not in table:
        msg = f"There is no column {LIKED!r}: every song needs a label, true or false."
        raise BadInputError(msg)
    column = table[LIKED]
    if not column.isin([True, False]).all():
        msg = f"The column {LIKED!r} must say true or false for every song."
        raise BadInputError(msg)
    return column.to_numpy(dtype=np.bool_)


def _resolve_duplicates(
    table: pd.DataFrame, liked: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return the rows to keep, in order, and what to tell about the others."""
    identities = identities_of(table)
    identity = pd.Series(identities)
    verdicts = pd.Series(liked).groupby(identity).transform("nunique").to_numpy()
    torn = verdicts > 1
    repeated = identity.duplicated().to_numpy() & ~torn
    notices: list[str] = []
    if repeated.any():
        notices.append(f"{int(repeated.sum())} repeated songs were counted once.")
    if torn.any():
        n_torn = len(set(compress(identities, torn)))
        notices.append(f"{n_torn} songs were both liked and disliked; they were left out.")
    return np.flatnonzero(~torn & ~repeated), tuple(notices)


def _unusable_notices(features: pd.DataFrame) -> tuple[str, ...]:
    """Name the feature columns that teach nothing.

    Raises:
        BadInputError: That is all of them.
    """
    used = Encoding.of(features).feature_names
    if not used:
        names = ", ".join((*FEATURE_NAMES, GENRE))
        msg = f"No feature column with more than one value was found; known ones are: {names}."
        raise BadInputError(msg)
    unused = [str(name) for name in features if name not in used]
    if not unused:
        return ()
    return (f"Ignored, because they are the same for all songs or unknown: {', '.join(unused)}.",)
