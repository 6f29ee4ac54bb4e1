"""The figures of a report, from probabilities and labels. Pure functions on arrays."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from scipy.stats import rankdata

from musicrec.domain.report import Confusion, Metrics
from musicrec.taste.encode import Floats, Labels


def confusion_of(p_like: Floats, liked: Labels) -> Confusion:
    """Count decisions at 0.5; exactly 0.5 counts as a predicted like."""
    said_like = p_like >= 0.5  # noqa: PLR2004 -- the even chance
    return Confusion(
        true_likes=int(np.sum(said_like & liked)),
        false_likes=int(np.sum(said_like & ~liked)),
        true_dislikes=int(np.sum(~said_like & ~liked)),
        false_dislikes=int(np.sum(~said_like & liked)),
    )


def metrics_of(p_like: Floats, liked: Labels) -> Metrics:
    """Measure predictions of one fold.

    What is undefined gets the value of knowing nothing: precision without predicted likes and
    recall or F1 without likes are 0; AUC and balanced accuracy with one kind of label are 0.5.

    Args:
        p_like: Probabilities in (0, 1), shape ``(n_songs,)``, at least one.
        liked: Shape ``(n_songs,)``.
    """
    found = confusion_of(p_like, liked)
    n_likes, n_dislikes = int(liked.sum()), int((~liked).sum())
    recall = _share(found.true_likes, n_likes)
    both_kinds = n_likes > 0 and n_dislikes > 0
    return Metrics(
        accuracy=_share(found.true_likes + found.true_dislikes, len(liked)),
        balanced_accuracy=(recall + found.true_dislikes / n_dislikes) / 2 if both_kinds else 0.5,
        precision=_share(found.true_likes, found.true_likes + found.false_likes),
        recall=recall,
        f1=_share(2 * found.true_likes, n_likes + found.true_likes + found.false_likes),
        roc_auc=roc_auc(p_like, liked) if both_kinds else 0.5,
        brier=float(np.mean((p_like - liked) ** 2)),
        log_loss=float(-np.mean(np.log(np.where(liked, p_like, 1 - p_like)))),
    )


def roc_auc(p_like: Floats, liked: Labels) -> float:
    """Return the chance that a random like is ranked above a random dislike; ties count half.

    Source:
        Hanley & McNeil (1982): the area is the Mann-Whitney statistic over the number of pairs.
    """
    n_likes = int(liked.sum())
    pairs = n_likes * (len(liked) - n_likes)
    above = float(rankdata(p_like)[liked].sum()) - n_likes * (n_likes + 1) / 2
    return above / pairs


def majority_metrics(n_likes: int, n_dislikes: int) -> Metrics:
    """Measure always predicting the majority, with the share of likes as the probability.

    AUC and balanced accuracy are 0.5: it cannot tell any two songs apart.
    """
    rate = n_likes / (n_likes + n_dislikes)
    says_like = n_likes >= n_dislikes
    return Metrics(
        accuracy=max(rate, 1 - rate),
        balanced_accuracy=0.5,
        precision=rate if says_like else 0.0,
        recall=1.0 if says_like else 0.0,
        f1=2 * rate / (1 + rate) if says_like else 0.0,
        roc_auc=0.5,
        brier=rate * (1 - rate),
        log_loss=float(-(rate * np.log(rate) + (1 - rate) * np.log(1 - rate))),
    )


def mean_metrics(parts: Sequence[Metrics]) -> Metrics:
    """Average every figure over folds, but the calibration error, which needs them together."""
    names = [field.name for field in fields(Metrics) if field.name != "calibration_error"]
    return Metrics(
        **{name: float(np.mean([getattr(part, name) for part in parts])) for name in names}
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
