"""The words of a comparison of algorithms, for everybody who does not see its picture."""

from typing import Final

from musicrec.domain.report import Metrics, Report

_TITLE_WIDTH: Final = 22


EXPLANATION: Final = (
    "AUC: how often a song you like is put",
    "above one you dislike; 0.5 is a coin.",
    "Accuracy: how often like or dislike is",
    "guessed right. The dashed line is what",
    "you get without looking at the song.",
)


def headline(report: Report) -> str:
    """Say what the best algorithm achieves against the baseline."""
    right = round(100 * report.best.metrics.accuracy)
    always = round(100 * report.baseline.accuracy)
    return f"Right {right} of 100 times ({baseline_title(report)}: {always} of 100)"


def baseline_title(report: Report) -> str:
    """Name what the baseline always says."""
    return "always like" if report.n_likes >= report.n_dislikes else "always dislike"


def folds_in_words(report: Report) -> str:
    """Say how the songs were divided."""
    grouped = " by artist" if report.grouped_by else ""
    times = f" × {report.repeats}" if report.repeats > 1 else ""
    return f"{report.folds} folds{grouped}{times}"


def capital(text: str) -> str:
    """Begin a sentence."""
    return text[:1].upper() + text[1:]


def training_text(report: Report) -> str:
    """Write the report as lines for a monospaced font, at most 64 characters wide but for notes."""
    rows = [_row(result.title, result.metrics) for result in report.results]
    parts = [
        f"{headline(report)}.",
        f"Best: {report.best.title}.",
        f"{report.n_likes} likes, {report.n_dislikes} dislikes, {folds_in_words(report)}.",
        "",
        f"{'':{_TITLE_WIDTH}}   AUC   acc   bal  prec   rec    F1 Brier",
        *rows,
        _row(baseline_title(report), report.baseline),
        "",
        *_confusion(report),
        *_sampling(report),
        *(f"Note: {notice}" for notice in report.notices),
    ]
    return "\n".join(parts)


def _row(title: str, metrics: Metrics) -> str:
    figures = (
        metrics.roc_auc,
        metrics.accuracy,
        metrics.balanced_accuracy,
        metrics.precision,
        metrics.recall,
        metrics.f1,
        metrics.brier,
    )
    return f"{title:{_TITLE_WIDTH}}" + "".join(f" {figure:5.3f}" for figure in figures)


def _confusion(report: Report) -> list[str]:
    found = report.confusion
    return [
        f"{capital(report.best.title)} on songs it had not learned from:",
        f"{'':12}guess: like  guess: dislike",
        f"{'you liked':12}{found.true_likes:11,}  {found.false_dislikes:14,}",
        f"{'you disliked':12}{found.false_likes:11,}  {found.true_dislikes:14,}",
    ]


def _sampling(report: Report) -> list[str]:
    evened = [
        f"{result.title}: {result.sampling}"
        for result in report.results
        if result.sampling != "none"
    ]
    return [f"Imbalance: {'; '.join(evened)}."] if evened else []
