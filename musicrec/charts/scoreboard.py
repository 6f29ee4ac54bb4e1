"""The picture of a scoreboard."""

from typing import Final

from matplotlib.axes import Axes

from musicrec.charts.canvas import (
    BLUE,
    FADED,
    GREY,
    INK,
    MARGIN,
    SMALL,
    add_panel,
    bar,
    new_card,
    picture,
    scale,
    write,
    write_lines,
)
from musicrec.charts.scoreboard_text import (
    EXPLANATION,
    headline,
    latest_weeks,
    rival,
    scoreboard_text,
)
from musicrec.domain.picture import Picture
from musicrec.domain.scoreboard import Scoreboard

MOST_WEEKS_DRAWN: Final = 6
_BAR: Final = 0.36
_FEWEST_ROWS: Final = 4
_ROOM_FOR_NUMBERS: Final = 1.25
_BRIER_REACH: Final = 0.5
"""Longer bars are cut: worse than a coin by this much, the exact length says nothing more."""


def draw_scoreboard(scoreboard: Scoreboard) -> Picture:
    """Draw the share of right guesses and the Brier score of each week, beside their rivals."""
    figure = new_card(headline(scoreboard), _facts(scoreboard))
    _draw_right(add_panel(figure, (0.135, 0.19, 0.455, 0.56), "Guessed right"), scoreboard)
    _draw_brier(add_panel(figure, (0.63, 0.19, 0.33, 0.56), "Brier, shorter is better"), scoreboard)
    write_lines(figure, (MARGIN, 0.125), EXPLANATION)
    return picture(figure, description=_description(scoreboard), text=scoreboard_text(scoreboard))


def _facts(scoreboard: Scoreboard) -> str:
    total = scoreboard.total
    return (
        f"You rated {total.n_rated:,} of {total.n_guessed:,} songs you were told a chance for · "
        "weeks from Monday (UTC)"
    )


def _description(scoreboard: Scoreboard) -> str:
    weeks = ", ".join(
        f"{monday:%b %d} {score.n_right} of {score.n_rated}"
        for monday, score in latest_weeks(scoreboard)[:4]
    )
    return f"Bar chart by week, bot against {rival(scoreboard)}. {headline(scoreboard)}. {weeks}."


def _draw_right(axes: Axes, scoreboard: Scoreboard) -> None:
    weeks = latest_weeks(scoreboard)[:MOST_WEEKS_DRAWN]
    for row, (monday, score) in enumerate(weeks):
        lines = (
            (score.n_right, f"{score.n_right:,} of {score.n_rated:,}"),
            (score.n_constant_right, f"{score.n_constant_right:,}"),
        )
        for line, (n, label) in enumerate(lines):
            _draw_bar(axes, (row, line), n / score.n_rated, label, whole=1)
        write(axes, -0.02, row, f"{monday:%b %d}", ha="right", color=FADED)
    scale(axes, reach=(0, _ROOM_FOR_NUMBERS), rows=max(len(weeks), _FEWEST_ROWS))
    # On the line of the panel's title.
    for x, colour, name in ((0.37, BLUE, "bot"), (0.53, GREY, rival(scoreboard))):
        write(axes, x, 1.06, f"■ {name}", color=colour, transform=axes.transAxes)


def _draw_brier(axes: Axes, scoreboard: Scoreboard) -> None:
    weeks = latest_weeks(scoreboard)[:MOST_WEEKS_DRAWN]
    for row, (_, score) in enumerate(weeks):
        for line, brier in enumerate((score.brier or 0.0, score.constant_brier or 0.0)):
            length = min(brier, _BRIER_REACH)
            _draw_bar(axes, (row, line), length, f"{brier:.2f}", whole=_BRIER_REACH)
    scale(axes, reach=(0, _ROOM_FOR_NUMBERS * _BRIER_REACH), rows=max(len(weeks), _FEWEST_ROWS))


def _draw_bar(
    axes: Axes, place: tuple[int, int], length: float, label: str, *, whole: float
) -> None:
    """Draw the bot's bar (line 0) or its rival's (line 1) of a row, and a label at its end."""
    row, line = place
    y = row + (line - 0.5) * _BAR
    bar(axes, y, length, height=_BAR * 0.92, color=GREY if line else BLUE)
    style = {"color": FADED} if line else {"color": INK, "weight": "bold"}
    write(axes, length + 0.015 * whole, y, label, size=SMALL, **style)
