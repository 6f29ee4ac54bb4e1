"""The picture of how sure a model may be: ROC and calibration."""

# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from typing import Final

from matplotlib.axes import Axes

from musicrec.charts.canvas import (
    BLUE,
    FADED,
    INK,
    LINE,
    ORANGE,
    SMALL,
    add_panel,
    name_axes,
    new_card,
    picture,
    write,
)
from musicrec.charts.certainty_text import (
    auc_words,
    calibration_words,
    certainty_text,
    headline,
    share_interval,
)
from musicrec.domain.picture import Picture
from musicrec.domain.report import Report

_TICKS: Final = (0.0, 0.5, 1.0)
_PERCENT: Final = ("0%", "50%", "100%")
_EDGE: Final = 0.04


def draw_certainty(report: Report) -> Picture:
    """Draw the best one's ROC curve and its calibration with 95 % intervals."""
    figure = new_card(headline(report), f"{auc_words(report)} · {calibration_words(report)}")
    roc = add_panel(figure, (0.13, 0.15, 0.36, 0.60), "Likes found, dislikes let in")
    name_axes(roc, "dislikes let in", "likes found")
    _frame(roc)
    _draw_roc(roc, report)
    calibration = add_panel(figure, (0.61, 0.15, 0.36, 0.60), "Chances told, and the truth")
    name_axes(calibration, "chance it said", "you really liked")
    _frame(calibration)
    _draw_calibration(calibration, report)
    return picture(figure, description=_description(report), text=certainty_text(report))


def _description(report: Report) -> str:
    return (
        f"Two curves. {headline(report)}: {auc_words(report)}, a coin 0.50. "
        f"{calibration_words(report)}, in {len(report.calibration)} groups of songs."
    )


def _frame(axes: Axes) -> None:
    axes.set(xlim=(-_EDGE, 1 + _EDGE), ylim=(-_EDGE, 1 + _EDGE))
    axes.set_xticks(_TICKS, _PERCENT)
    axes.set_yticks(_TICKS, _PERCENT)
    axes.grid(color=LINE, linewidth=0.8, alpha=0.6)
    axes.set_axisbelow(True)
    axes.plot((0, 1), (0, 1), color=FADED, linewidth=1.6, linestyle=(0, (4, 3)))


def _draw_roc(axes: Axes, report: Report) -> None:
    if not report.roc:
        write(axes, 0.5, 0.9, "not measured", ha="center", color=FADED)
        return
    false, true = zip(*report.roc, strict=True)
    axes.fill_between(false, false, true, color=BLUE, alpha=0.18, linewidth=0)
    axes.plot(false, true, color=BLUE, linewidth=3.5)
    write(axes, 0.97, 0.06, "dashed: a coin", size=SMALL, ha="right", color=FADED)


def _draw_calibration(axes: Axes, report: Report) -> None:
    if not report.calibration:
        write(axes, 0.5, 0.9, "not measured", ha="center", color=FADED)
        return
    for each in report.calibration:
        axes.plot((each.p_like,) * 2, share_interval(each), color=INK, linewidth=1.8, zorder=3)
    told = [each.p_like for each in report.calibration]
    liked = [each.liked for each in report.calibration]
    axes.plot(told, liked, "o", color=ORANGE, markersize=11, zorder=4)
    write(axes, 0.97, 0.06, "dashed: exactly right", size=SMALL, ha="right", color=FADED)
