"""The words of a comparison of algorithms, for everybody who does not see its picture."""

from typing import Final

from musicrec.domain.report import Metrics, Report

_TITLE_WIDTH: Final = 24

EXPLANATION: Final = (
    "AUC: how often a liked song is",
    "put above a disliked one; 0.5",
    "is a coin (the thin line).",
    "Right: how often it guesses",
    "your verdict (accuracy).",
    "Blue: the one that is kept.",
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
    """Write the report as lines for a monospaced font, at most 52 characters wide.

    Wider lines scroll sideways in Discord, and wrap on a phone.
    """
    parts = [
        f"{headline(report)}.",
        f"{report.n_likes} likes, {report.n_dislikes} dislikes, {folds_in_words(report)}",
        "",
        f"{'':{_TITLE_WIDTH}}  AUC    accuracy",
        *(_algorithm(result.title, result.metrics) for result in report.results),
        _algorithm(baseline_title(report), report.baseline),
        "",
        *_confusion(report),
        "",
        *_best(report),
        *_sampling(report),
    ]
    return "\n".join(parts)


def _algorithm(title: str, metrics: Metrics) -> str:
    return f"{title:{_TITLE_WIDTH}} {metrics.roc_auc:5.3f}    {metrics.accuracy:5.3f}"


def _best(report: Report) -> list[str]:
    found, plain = report.best.metrics, report.baseline
    figures = (
        ("balanced accuracy", found.balanced_accuracy, plain.balanced_accuracy),
        ("precision", found.precision, plain.precision),
        ("recall", found.recall, plain.recall),
        ("F1", found.f1, plain.f1),
        ("Brier, lower is better", found.brier, plain.brier),
    )
    return [
        f"{'':{_TITLE_WIDTH}}  best   {baseline_title(report)}",
        *(f"{name:{_TITLE_WIDTH}} {best:5.3f}    {base:5.3f}" for name, best, base in figures),
    ]


def _confusion(report: Report) -> list[str]:
    found = report.confusion
    return [
        f"{capital(report.best.title)}, on unseen songs:",
        f"{'':13}guess: like  guess: dislike",
        f"{'you liked':13}{found.true_likes:11,}  {found.false_dislikes:14,}",
        f"{'you disliked':13}{found.false_likes:11,}  {found.true_dislikes:14,}",
    ]


def _sampling(report: Report) -> list[str]:
    evened = [result for result in report.results if result.sampling != "none"]
    if not evened:
        return []
    return ["", "Imbalance evened out by:"] + [
        f"{result.title:{_TITLE_WIDTH}} {result.sampling}" for result in evened
    ]
