"""What a model learns from: one row a song, each with one verdict or hint (``taste.hints``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.domain.errors import BadInputError, NotEnoughLabelsError
from musicrec.domain.features import FEATURE_NAMES, GENRE, LIKED, TEXT_COLUMNS, WEIGHT
from musicrec.domain.label import LabelCounts
from musicrec.taste.columns import clean_features
from musicrec.taste.encode import Encoding, Rows
from musicrec.taste.hints import MOST_HINTS, Weights, amounts, verdict_rows, weights_of
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
        weights: How much every label counts, in (0, 1]; None where all are verdicts.
    """

    songs: pd.DataFrame
    liked: NDArray[np.bool_]
    notices: tuple[str, ...] = ()
    fingerprints: Mapping[str, bool] = field(default_factory=dict[str, bool])
    labelled_at: NDArray[np.float64] | None = None
    weights: NDArray[np.float64] | None = None

    @property
    def verdicts(self) -> Rows:
        """Rows of what the listener said: all but the hints."""
        return verdict_rows(self.weights, len(self.liked))

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> Self:
        """Clean a song table with the column ``liked``, and perhaps ``weight``.

        A song that is there twice with the same label counts once, at its first row; one with
        both labels is dropped. Of a song with a verdict the verdict alone counts. Two rows are the
        same song where they share a track id, or the recording key of title and main artist; rows
        with neither are kept as they are.

        Raises:
            BadInputError: There is no usable label or feature column, or a weight is out of range.
            NotEnoughLabelsError: Too few verdicts are left.
        """
        liked, weights = _labels(table), _weights(table)
        is_verdict = amounts(weights, len(liked)) == 1
        fingerprints = fingerprints_of(table, liked & is_verdict)
        keep, notices = _resolve_duplicates(table, liked, is_verdict)
        songs = table.iloc[keep]
        liked, weights = liked[keep], weights_of(weights, keep)
        verdicts = verdict_rows(weights, len(liked))
        said = liked[verdicts]
        n_likes = int(said.sum())
        require_enough(LabelCounts(likes=n_likes, dislikes=len(said) - n_likes))
        features = clean_features(songs)
        if weights is not None:
            features = _without_what_hints_alone_tell(features, verdicts)
        notices += (*_notices_on_hints(len(said), len(liked)), *_unusable_notices(features))
        texts = songs[[name for name in TEXT_COLUMNS if name in songs and name != GENRE]]
        cleaned = pd.concat([texts.reset_index(drop=True), features], axis=1)
        return cls(cleaned, liked, notices, fingerprints, labelled_at(songs), weights)

    def at_most(self, n: int, *, seed: int) -> Self:
        """Return a sample of both kinds with a notice where there are more than ``n`` songs.

        Verdicts come before hints, and of these at most ``MOST_HINTS`` are kept. The fingerprints
        stay those of all songs.
        """
        n = min(n, len(self.verdicts) + MOST_HINTS)
        if len(self.liked) <= n:
            return self
        rows = sample_rows(self.liked, n, seed=seed, weights=self.weights)
        notice = f"Of {len(self.liked)} labels a sample of {len(rows)} was learned from."
        return replace(
            self,
            songs=self.songs.iloc[rows].reset_index(drop=True),
            liked=self.liked[rows],
            labelled_at=None if self.labelled_at is None else self.labelled_at[rows],
            weights=weights_of(self.weights, rows),
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


def _weights(table: pd.DataFrame) -> Weights:
    if WEIGHT not in table:
        return None
    column = table[WEIGHT]
    weights = pd.to_numeric(column, errors="coerce").where(column.notna(), 1.0).to_numpy(float)
    if not ((weights > 0) & (weights <= 1)).all():
        msg = f"The column {WEIGHT!r} must be above 0 and at most 1, or empty, for every song."
        raise BadInputError(msg)
    return weights


def _resolve_duplicates(
    table: pd.DataFrame, liked: NDArray[np.bool_], is_verdict: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return the rows to keep, in order, and what to tell about the others."""
    everything = identities_of(table)
    said = set(compress(everything, is_verdict))
    outvoted = np.array([name in said for name in everything], dtype=np.bool_) & ~is_verdict
    left = np.flatnonzero(~outvoted)
    identities = [everything[row] for row in left]
    identity = pd.Series(identities)
    kinds = pd.Series(liked[left]).groupby(identity).transform("nunique").to_numpy()
    torn = kinds > 1
    repeated = identity.duplicated().to_numpy() & ~torn
    notices: list[str] = []
    if repeated.any() or outvoted.any():
        n_repeated = int(repeated.sum() + outvoted.sum())
        notices.append(f"{n_repeated} repeated songs were counted once.")
    if torn.any():
        n_torn = len(set(compress(identities, torn)))
        notices.append(f"{n_torn} songs were both liked and disliked; they were left out.")
    return left[~torn & ~repeated], tuple(notices)


def _notices_on_hints(n_verdicts: int, n_labels: int) -> tuple[str, ...]:
    if n_verdicts == n_labels:
        return ()
    notice = (
        f"{n_labels - n_verdicts} labels counted less: they were learned from, but every figure is"
        f" about the other {n_verdicts}, which are verdicts."
    )
    return (notice,)


def _without_what_hints_alone_tell(features: pd.DataFrame, verdicts: Rows) -> pd.DataFrame:
    """Forget numbers that do not vary among the verdicts, which could not tell what they mean."""
    telling = (*Encoding.of(features.iloc[verdicts]).numbers, GENRE)
    return features.assign(**{str(name): np.nan for name in features if name not in telling})


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
