"""Divide labelled songs into training and test folds.

Only verdicts are tested on; hints (``taste.hints``) are learned from in every fold.
"""

# scikit-learn ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from musicrec.domain.errors import BadInputError
from musicrec.taste.columns import artist_key, main_artists
from musicrec.taste.encode import Encoded, Encoding, Labels, Rows
from musicrec.taste.hints import Weights, verdict_rows, weights_of
from musicrec.taste.sampling import rarer_count, sample_rows
from musicrec.taste.training_set import TrainingSet

GroupBy = Literal["artist"] | None
FEWEST_FOLDS = 2
LATER_SHARE = 0.2
_FEWEST_OF_A_KIND = 3


@dataclass(frozen=True, slots=True)
class Fold:
    """One division of the labelled songs, encoded by what its training songs show.

    Attributes:
        repeat: Which shuffle, from 0.
        train: Rows to learn from.
        test: Rows to predict; every verdict is tested once a repeat.
        train_songs: Encoded, in the order of ``train``.
        test_songs: Encoded by the same columns.
        weights: Of ``train``.
    """

    repeat: int
    train: Rows
    test: Rows
    train_songs: Encoded
    test_songs: Encoded
    weights: Weights = None

    @property
    def verdicts(self) -> Rows:
        """Places in ``train`` of what the listener said."""
        return verdict_rows(self.weights, len(self.train))

    def with_share(self, share: float, liked: Labels, seed: int) -> "Fold":
        """Return the fold with fewer verdicts to learn from, an equal share of both kinds.

        The hints and the columns stay those of the whole fold.
        """
        verdicts = self.verdicts
        most = int(share * len(verdicts))
        drawn = sample_rows(liked[self.train[verdicts]], most, seed=seed + self.repeat)
        fewer = np.ones(len(self.train), dtype=np.bool_)
        fewer[np.delete(verdicts, drawn)] = False
        rows = np.flatnonzero(fewer)
        return replace(
            self,
            train=self.train[rows],
            train_songs=self.train_songs.rows(rows),
            weights=weights_of(self.weights, rows),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All folds of a comparison.

    Attributes:
        folds: Of all repeats.
        n_folds: Folds a repeat that the labels allowed.
        n_repeats: Shuffles.
        notices: Why there are fewer folds than asked for.
    """

    folds: tuple[Fold, ...]
    n_folds: int
    n_repeats: int
    notices: tuple[str, ...]


def plan_folds(
    training: TrainingSet, *, folds: int, repeats: int, group_by: GroupBy, seed: int
) -> Plan:
    """Divide ``repeats`` times, each kind of verdict (and artist) spread evenly.

    Folds by artist learn no hints of the tested artists either. The number of folds shrinks to the
    verdicts of the rarer kind, or to the number of artists.

    Raises:
        BadInputError: Fewer than two folds or no repeat was asked for, or folds by artist where
            fewer than two artists are known.
    """
    if folds < FEWEST_FOLDS or repeats < 1:
        msg = f"At least {FEWEST_FOLDS} folds and 1 repeat are needed, not {folds} and {repeats}."
        raise BadInputError(msg)
    groups = _artist_groups(training) if group_by == "artist" else None
    n_folds, notices = _folds_possible(training, folds, groups)
    divided = [
        _encode(training, repeat, train, test)
        for repeat in range(repeats)
        for train, test in _divide(training, n_folds, groups, seed + repeat)
    ]
    return Plan(tuple(divided), n_folds, repeats, notices)


def later_fold(training: TrainingSet) -> Fold | None:
    """Learn from the earlier labels and test on the last fifth of verdicts whose time is known.

    None where the labels have no times, or either part would lack likes or dislikes.
    """
    if training.labelled_at is None:
        return None
    at = training.labelled_at
    dated = training.verdicts[~np.isnan(at[training.verdicts])]
    in_order = dated[np.argsort(at[dated], kind="stable")]
    n_earlier = round((1 - LATER_SHARE) * len(in_order))
    train, test = in_order[:n_earlier], in_order[n_earlier:]
    if min(rarer_count(training.liked[rows]) for rows in (train, test)) < _FEWEST_OF_A_KIND:
        return None
    hints = np.setdiff1d(np.flatnonzero(at < at[test[0]]), training.verdicts)
    return _encode(training, 0, np.concatenate([train, hints]), test)


def _divide(
    training: TrainingSet, n_folds: int, groups: list[str] | None, seed: int
) -> list[tuple[Rows, Rows]]:
    splitter = StratifiedKFold if groups is None else StratifiedGroupKFold
    divider = splitter(n_folds, shuffle=True, random_state=seed)
    verdicts = training.verdicts
    of_verdicts = None if groups is None else [groups[row] for row in verdicts]
    return [
        (_with_hints(verdicts[train], verdicts[test], training, groups), verdicts[test])
        for train, test in divider.split(verdicts, training.liked[verdicts], of_verdicts)
        if len(train) and len(test)
    ]


def _with_hints(train: Rows, test: Rows, training: TrainingSet, groups: list[str] | None) -> Rows:
    """Return rows to learn from, with all hints that are of none of the tested groups."""
    hints = np.setdiff1d(np.arange(len(training.liked)), training.verdicts)
    if groups is not None:
        tested = {groups[row] for row in test}
        hints = hints[np.array([groups[row] not in tested for row in hints], dtype=np.bool_)]
    return np.sort(np.concatenate([train, hints]))


def _encode(training: TrainingSet, repeat: int, train: Rows, test: Rows) -> Fold:
    songs = training.songs
    encoding = Encoding.of(songs.iloc[train])
    return Fold(
        repeat,
        train,
        test,
        train_songs=encoding.encode(songs.iloc[train]),
        test_songs=encoding.encode(songs.iloc[test]),
        weights=weights_of(training.weights, train),
    )


def _artist_groups(training: TrainingSet) -> list[str]:
    """Name every song's group: its main artist, or itself where the artist is unknown."""
    keys = map(artist_key, main_artists(training.songs))
    groups = [key or f"\0row {row}" for row, key in enumerate(keys)]
    said = {groups[row] for row in training.verdicts}
    n_artists = len({group for group in said if not group.startswith("\0")})
    if n_artists < FEWEST_FOLDS:
        msg = f"Folds by artist need at least two artists; the labelled songs name {n_artists}."
        raise BadInputError(msg)
    return groups


def _folds_possible(
    training: TrainingSet, folds: int, groups: list[str] | None
) -> tuple[int, tuple[str, ...]]:
    verdicts = training.verdicts
    n_likes = int(training.liked[verdicts].sum())
    limits = [
        n_likes,
        len(verdicts) - n_likes,
        *([] if groups is None else [len({groups[row] for row in verdicts})]),
    ]
    possible = min(folds, *limits)
    if possible == folds:
        return folds, ()
    return possible, (f"{possible} folds instead of {folds}: the labels allow no more.",)
