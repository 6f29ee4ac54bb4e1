"""The picture of a comparison of algorithms."""

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from musicrec.charts.canvas import (
    BLUE,
    CARD,
    FADED,
    GREY,
    INK,
    ORANGE,
    add_panel,
    bar,
    fitting,
    new_card,
    picture,
    rule,
    scale,
    write,
    write_lines,
    write_on,
)
from musicrec.charts.training_text import (
    EXPLANATION,
    baseline_title,
    folds_in_words,
    headline,
    training_text,
)
from musicrec.domain.picture import Picture
from musicrec.domain.report import Confusion, Metrics, Report

MOST_ROWS: Final = 10
"""Algorithms that are drawn; the text twin has all."""

_COIN: Final = 0.5
_LEAST_AUC: Final = 0.42
"""Bars to the left of the coin are cut here: how much worse than chance says nothing."""

_REACH: Final = (_LEAST_AUC, 1.14)
_TITLE_ROOM: Final = 250
_LIGHT_FROM: Final = 0.45
"""Share of its row from which a confusion cell is bright enough for dark digits."""


def draw_training_report(report: Report) -> Picture:
    """Draw every algorithm's AUC and accuracy beside the baseline, and the best one's confusion."""
    figure = new_card(headline(report), _facts(report))
    _draw_bars(add_panel(figure, (0.30, 0.04, 0.25, 0.735)), report)
    for x, name in ((0.30, "AUC"), (0.565, "right")):
        write_on(figure, (x, 0.795), name, color=FADED)
    write_on(figure, (0.675, 0.795), "What the kept one guessed")
    _draw_confusion(add_panel(figure, (0.775, 0.37, 0.195, 0.34)), report.confusion)
    write_lines(figure, (0.675, 0.25), EXPLANATION)
    return picture(figure, description=_description(report), text=training_text(report))


def _facts(report: Report) -> str:
    return (
        f"Songs it had not learned from · {report.n_likes:,} likes, "
        f"{report.n_dislikes:,} dislikes · {folds_in_words(report)}"
    )


def _description(report: Report) -> str:
    best = report.best
    return (
        f"Bar chart of {len(report.results)} algorithms. Kept: {best.title} with accuracy "
        f"{best.metrics.accuracy:.0%} and AUC {best.metrics.roc_auc:.2f}; "
        f"{baseline_title(report)}: {report.baseline.accuracy:.0%} and 0.50. "
        "Beside it the confusion matrix."
    )


def _draw_bars(axes: Axes, report: Report) -> None:
    rows = [(result.title, result.metrics) for result in report.results[:MOST_ROWS]]
    rows.append((baseline_title(report), report.baseline))
    scale(axes, reach=_REACH, rows=len(rows))
    rule(axes, _COIN)
    for row, (title, metrics) in enumerate(rows):
        _draw_row(axes, row, title, metrics, is_kept=row == 0)


def _draw_row(axes: Axes, row: int, title: str, metrics: Metrics, *, is_kept: bool) -> None:
    length = max(metrics.roc_auc, _LEAST_AUC) - _COIN
    bar(axes, row, length, height=0.68, color=BLUE if is_kept else GREY, start=_COIN)
    style: dict[str, Any] = {"weight": "bold"} if is_kept else {"color": FADED}
    shown = fitting(title, _TITLE_ROOM, bold=is_kept)
    write(axes, _LEAST_AUC - 0.02, row, shown, ha="right", **style)
    end = _COIN + max(length, 0.0)
    write(axes, end + 0.01, row, f"{metrics.roc_auc:.2f}", **style)
    write(axes, _REACH[1] + 0.04, row, f"{metrics.accuracy:.0%}", ha="left", **style)


def _draw_confusion(axes: Axes, confusion: Confusion) -> None:
    rows = (
        ("liked", (confusion.true_likes, confusion.false_dislikes)),
        ("disliked", (confusion.false_likes, confusion.true_dislikes)),
    )
    for row, (said, counts) in enumerate(rows):
        whole = max(sum(counts), 1)
        for column, count in enumerate(counts):
            _draw_cell(axes, row, column, count, count / whole)
        write(axes, -0.58, row, said, ha="right", color=FADED)
    for column, guess in enumerate(("“like”", "“dislike”")):
        write(axes, column, -0.72, guess, ha="center", color=FADED)
    scale(axes, reach=(-0.5, 1.5), rows=2)
    axes.set_ylim(1.5, -0.5)


def _draw_cell(axes: Axes, row: int, column: int, count: int, share: float) -> None:
    colour = BLUE if row == column else ORANGE
    box = (column - 0.48, row - 0.48)
    axes.add_patch(Rectangle(box, 0.96, 0.96, color=colour, alpha=0.15 + 0.85 * share, lw=0))
    ink = CARD if share >= _LIGHT_FROM else INK
    write(axes, column, row - 0.1, f"{count:,}", ha="center", size=24, weight="bold", color=ink)
    write(axes, column, row + 0.2, f"{share:.0%}", ha="center", color=ink)
