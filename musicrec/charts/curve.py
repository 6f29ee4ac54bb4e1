"""The picture of a learning curve."""

# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from statistics import fmean
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from musicrec.charts.canvas import (
    BLUE,
    BODY,
    FADED,
    LINE,
    ORANGE,
    SMALL,
    add_panel,
    name_axes,
    new_card,
    picture,
    points,
    write,
)
from musicrec.charts.curve_text import TOO_FEW, WHAT_TO_DO, curve_text, headline, range_words
from musicrec.domain.picture import Picture
from musicrec.domain.report import LearningCurve

_COIN: Final = 0.5
_LEAST_ROOM: Final = 0.1
"""Of AUC, so that tiny differences look tiny."""

_BOX: Final = (0.12, 0.15, 0.85, 0.655)


def draw_learning_curve(curve: LearningCurve | None) -> Picture:
    """Draw how the AUC grew with ratings and how it would go on; None says it takes more."""
    if curve is None:
        figure = new_card(TOO_FEW, WHAT_TO_DO)
        axes = add_panel(figure, (0.04, 0.06, 0.92, 0.75))
        axes.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
        write(axes, 0.5, 0.5, "nothing to draw yet", ha="center", color=FADED)
        return picture(figure, description=f"{TOO_FEW} yet.", text=curve_text(None))
    figure = new_card(headline(curve), range_words(curve))
    axes = add_panel(figure, _BOX)
    _frame(axes, curve)
    _draw_measured(axes, curve)
    _draw_expected(axes, curve)
    return picture(figure, description=_description(curve), text=curve_text(curve))


def _description(curve: LearningCurve) -> str:
    first, last = curve.roc_auc[0], curve.roc_auc[-1]
    return (
        f"Learning curve: AUC {first:.2f} from {curve.n_labels[0]:,} ratings, {last:.2f} from "
        f"{curve.n_labels[-1]:,}. {headline(curve)}."
    )


def _expected(curve: LearningCurve) -> tuple[int, float]:
    return curve.n_labels[-1] + curve.more_labels, _risen(curve, curve.gain)


def _risen(curve: LearningCurve, gain: float) -> float:
    return min(curve.roc_auc[-1] + gain, 1.0)


def _frame(axes: Axes, curve: LearningCurve) -> None:
    n_then, _ = _expected(curve)
    lowest = min((_COIN, *curve.roc_auc))
    highest = max((*curve.roc_auc, _risen(curve, curve.gain_high), lowest + _LEAST_ROOM))
    room = highest - lowest
    axes.set_xscale("log", base=2)
    axes.set_xlim(curve.n_labels[0] / 1.25, n_then * 1.25)
    axes.set_ylim(lowest - 0.16 * room, highest + 0.16 * room)
    ticks = (*curve.n_labels, n_then)
    axes.set_xticks(ticks, [f"{n:,}" for n in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter("{x:.2f}")
    axes.grid(axis="y", color=LINE, linewidth=0.8, alpha=0.6)
    axes.set_axisbelow(True)
    name_axes(axes, "ratings it learned from", "AUC on other songs")
    if lowest >= _COIN:
        write(axes, n_then * 1.2, _COIN + 0.03 * room, "0.5 is a coin", ha="right", color=FADED)


def _draw_measured(axes: Axes, curve: LearningCurve) -> None:
    axes.plot(curve.n_labels, curve.roc_auc, "o-", color=BLUE, linewidth=3.5, markersize=12)
    for row, (n, auc) in enumerate(zip(curve.n_labels, curve.roc_auc, strict=True)):
        axes.annotate(
            f"{auc:.2f}",
            (n, auc),
            xytext=(0, 14 if auc >= _neighbours(curve.roc_auc, row) else -26),
            textcoords="offset points",
            ha="center",
            color=BLUE,
            size=points(BODY),
            weight="bold",
        )


def _neighbours(aucs: tuple[float, ...], row: int) -> float:
    """Return the mean of the neighbours: a label goes to the side where no line comes from."""
    return fmean(aucs[beside] for beside in (row - 1, row + 1) if 0 <= beside < len(aucs))


def _draw_expected(axes: Axes, curve: LearningCurve) -> None:
    then = _expected(curve)
    now = (curve.n_labels[-1], curve.roc_auc[-1])
    style: dict[str, Any] = {"color": ORANGE, "linewidth": 2.5}
    axes.plot((now[0], then[0]), (now[1], then[1]), linestyle=(0, (4, 3)), zorder=1, **style)
    ends = [_risen(curve, gain) for gain in (curve.gain_low, curve.gain_high)]
    axes.plot((then[0], then[0]), ends, **style)
    axes.plot(*then, "D", color=ORANGE, markersize=11)
    axes.annotate(
        "expected",
        (then[0], max(ends)),
        xytext=(0, 10),
        textcoords="offset points",
        ha="center",
        color=ORANGE,
        size=points(SMALL),
    )
