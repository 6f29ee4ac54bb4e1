"""The words of ROC and calibration, for everybody who does not see their picture."""

from math import sqrt
from typing import Final

from musicrec.domain.report import CalibrationBin, Report

_Z: Final = 1.96
"""97.5 % quantile of the standard normal distribution: 2.5 % are left out on each side."""


def headline(report: Report) -> str:
    """Say how well likes are told from dislikes."""
    n = round(100 * report.best.metrics.roc_auc)
    return f"Puts a song you like first in {n} of 100 pairs"


def auc_words(report: Report) -> str:
    """Give the AUC with its 95 % interval, where that was measured."""
    best = report.best
    words = f"AUC {best.metrics.roc_auc:.2f}"
    if best.low is None or best.high is None:
        return words
    return f"{words} (95%: {best.low.roc_auc:.2f} to {best.high.roc_auc:.2f})"


def calibration_words(report: Report) -> str:
    """Say how far the chances are from what happened."""
    if not report.calibration:
        return "Chances were not compared with verdicts"
    n = sum(each.n for each in report.calibration)
    error = sum(each.n * abs(each.p_like - each.liked) for each in report.calibration) / n
    return f"Its chances are off by {100 * error:.0f} points on average"


def share_interval(each: CalibrationBin) -> tuple[float, float]:
    """Return the 95 % interval of the share of likes, in [0, 1], if the songs are a sample.

    Source:
        Wilson (1927), "Probable inference", JASA 22, doi:10.1080/01621459.1927.10502953.
    """
    n, share = max(each.n, 1), each.liked
    middle = share + _Z**2 / (2 * n)
    reach = _Z * sqrt(share * (1 - share) / n + (_Z / (2 * n)) ** 2)
    low, high = ((middle + sign * reach) / (1 + _Z**2 / n) for sign in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


def certainty_text(report: Report) -> str:
    """Write ROC and calibration as lines for a monospaced font, at most 52 characters wide."""
    parts = [
        f"{headline(report)}.",
        f"{auc_words(report)}; a coin has 0.50.",
        "On songs it had not learned from.",
        "",
        *_roc_rows(report),
        "",
        f"{calibration_words(report)}.",
        *_calibration_rows(report),
    ]
    return "\n".join(parts)


def _roc_rows(report: Report) -> list[str]:
    """Say at a few places of the curve how many likes are found for how many mistakes."""
    if not report.roc:
        return ["The curve was not measured."]
    rows: list[str] = []
    for wanted in (0.25, 0.5, 0.75, 0.9):
        false = next(false for false, true in report.roc if true >= wanted)
        rows.append(f"{f'{wanted:.0%}':>9} {f'{false:.0%}':>20}")
    return ["To find of your likes,", "it lets in of your dislikes:", *rows]


def _calibration_rows(report: Report) -> list[str]:
    if not report.calibration:
        return []
    rows = [f"{'it said':>9} {'you liked':>11} {'95% interval':>15} {'songs':>7}"]
    for each in report.calibration:
        low, high = share_interval(each)
        rows.append(
            f"{f'{each.p_like:.0%}':>9} {f'{each.liked:.0%}':>11} "
            f"{f'{low:.0%} to {high:.0%}':>15} {each.n:>7,}"
        )
    return rows
