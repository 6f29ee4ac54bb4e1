"""The words of a learning curve, for everybody who does not see its picture."""

from typing import Final

from musicrec.domain.report import LearningCurve

_A_POINT: Final = 0.01
_HARDLY: Final = 0.005
_BAR_OF: Final = 0.02
"""AUC above a coin that one mark of a text bar stands for."""

TOO_FEW: Final = "Too few ratings for a learning curve"
WHAT_TO_DO: Final = "From about 25 ratings on, this picture shows what more of them bring."


def headline(curve: LearningCurve) -> str:
    """Say what as many ratings again would bring."""
    if curve.gain < _HARDLY:
        return f"{curve.more_labels:,} more ratings would bring hardly anything"
    n = curve.gain / _A_POINT
    points = f"{n:.0f}" if n >= 2 else f"{n:.1f}"  # noqa: PLR2004 -- tenths matter in small numbers
    return f"About {curve.more_labels:,} more ratings for {points} points of AUC"


def range_words(curve: LearningCurve) -> str:
    """Say how sure that is."""
    low, high = 100 * curve.gain_low, 100 * curve.gain_high
    return f"A point is 0.01 of AUC · with 80% certainty it is {low:.1f} to {high:.1f} points"


def curve_text(curve: LearningCurve | None) -> str:
    """Write the curve as lines for a monospaced font, at most 52 characters wide."""
    if curve is None:
        return f"{TOO_FEW}.\nIt takes about 25 ratings, some of each kind."
    rows = [
        f"{n:>8,} {auc:>7.3f}  {'#' * round(max(auc - 0.5, 0) / _BAR_OF)}"
        for n, auc in zip(curve.n_labels, curve.roc_auc, strict=True)
    ]
    low, high = 100 * curve.gain_low, 100 * curve.gain_high
    return "\n".join(
        [
            f"{headline(curve)}.",
            f"With 80% certainty it is {low:.1f} to {high:.1f} points.",
            "",
            f"{'ratings':>8} {'AUC':>7}  (0.5 is a coin)",
            *rows,
        ]
    )
