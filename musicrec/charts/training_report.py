"""The picture of a comparison of algorithms."""

from typing import Final

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
    new_card,
    picture,
    rule,
    scale,
    write,
    write_below,
)
from musicrec.charts.training_text import (
    EXPLANATION,
    baseline_title,
    capital,
    folds_in_words,
    headline,
    training_text,
)
from musicrec.domain.picture import Picture
from musicrec.domain.report import Confusion, Metrics, Report

_BAR: Final = 0.36
_LIGHT_FROM: Final = 0.45
"""Share of its row from which a confusion cell is bright enough for dark digits."""


def draw_training_report(report: Report) -> Picture:
    """Draw every algorithm's AUC and accuracy beside the baseline, and the best one's confusion."""
    figure = new_card(headline(report), _facts(report))
    _draw_bars(add_panel(figure, (0.24, 0.06, 0.35, 0.72), "The algorithms"), report)
    _draw_confusion(
        add_panel(figure, (0.72, 0.40, 0.245, 0.38), "What the kept one guessed"), report.confusion
    )
    write_below(figure, (0.64, 0.255), EXPLANATION)
    return picture(figure, description=_description(report), text=training_text(report))


def _facts(report: Report) -> str:
    return (
        f"{capital(report.best.title)} on songs it had not learned from · "
        f"{report.n_likes} likes, {report.n_dislikes} dislikes · {folds_in_words(report)}"
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
    rows = [(result.title, result.metrics) for result in report.results]
    rows.append((baseline_title(report), report.baseline))
    for row, (title, metrics) in enumerate(rows):
        is_best, is_baseline = row == 0, row == len(report.results)
        _draw_pair(axes, row, metrics, colours=(GREY, GREY) if is_baseline else (BLUE, ORANGE))
        style = {"weight": "bold"} if is_best else {"color": FADED}
        write(axes, -0.02, row, title, ha="right", **style)
    rule(axes, report.baseline.accuracy, dashed=True)
    scale(axes, reach=(0, 1), rows=len(rows))
    for x, colour, name in ((0.54, BLUE, "AUC"), (0.73, ORANGE, "accuracy")):
        # Above the panel, on the line of its title.
        write(axes, x, -0.92, f"■ {name}", color=colour)


def _draw_pair(axes: Axes, row: int, metrics: Metrics, *, colours: tuple[str, str]) -> None:
    pair = (metrics.roc_auc, metrics.accuracy)
    labels = (f"{metrics.roc_auc:.2f}", f"{metrics.accuracy:.0%}")
    for offset, value, label, colour in zip((-0.5, 0.5), pair, labels, colours, strict=True):
        y = row + offset * _BAR
        bar(axes, y, value, height=_BAR * 0.92, color=colour)
        write(axes, 0.01, y, label, size=9, color=CARD, weight="bold", zorder=5)


def _draw_confusion(axes: Axes, confusion: Confusion) -> None:
    rows = (
        ("you liked", (confusion.true_likes, confusion.false_dislikes)),
        ("you disliked", (confusion.false_likes, confusion.true_dislikes)),
    )
    for row, (said, counts) in enumerate(rows):
        whole = max(sum(counts), 1)
        for column, count in enumerate(counts):
            _draw_cell(axes, row, column, count, count / whole)
        write(axes, -0.57, row, said, ha="right", color=FADED)
    for column, guess in enumerate(("guess: like", "guess: dislike")):
        write(axes, column, 1.68, guess, ha="center", color=FADED)
    scale(axes, reach=(-0.5, 1.5), rows=2)


def _draw_cell(axes: Axes, row: int, column: int, count: int, share: float) -> None:
    colour = BLUE if row == column else ORANGE
    box = (column - 0.48, row - 0.48)
    axes.add_patch(Rectangle(box, 0.96, 0.96, color=colour, alpha=0.15 + 0.85 * share, lw=0))
    ink = CARD if share >= _LIGHT_FROM else INK
    write(axes, column, row - 0.07, f"{count:,}", ha="center", size=18, weight="bold", color=ink)
    write(axes, column, row + 0.22, f"{share:.0%}", ha="center", color=ink)
