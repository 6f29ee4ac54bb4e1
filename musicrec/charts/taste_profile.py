"""The picture of a taste profile."""

from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from musicrec.charts.canvas import (
    BLUE,
    FADED,
    GREY,
    ORANGE,
    add_panel,
    bar,
    new_card,
    one_line,
    picture,
    rule,
    scale,
    shorten,
    write,
    write_below,
    write_heading,
)
from musicrec.charts.taste_text import artists_line, profile_text, summary
from musicrec.domain.picture import Picture
from musicrec.domain.taste_profile import FeatureLean, GenreCount, TasteProfile
from musicrec.taste.words import WORDINGS

MOST_LEANS: Final = 9
MOST_GENRES: Final = 9
CLEAR_EFFECT: Final = 0.3
"""Shorter bars are drawn in grey: they may be chance."""

_GENRE_WIDTH: Final = 18
_BAR: Final = 0.55
_FEWEST_ROWS: Final = 6
_ROOM_FOR_NUMBERS: Final = 1.45


def draw_taste_profile(profile: TasteProfile) -> Picture:
    """Draw what sets likes apart from dislikes, and the labels of each genre."""
    figure = new_card(summary(profile), _facts(profile))
    _draw_leans(add_panel(figure, (0.17, 0.13, 0.31, 0.65), ""), profile.leans[:MOST_LEANS])
    _draw_genres(add_panel(figure, (0.76, 0.13, 0.20, 0.65), ""), profile.genres[:MOST_GENRES])
    _title_panels(figure)
    write_below(figure, (0.04, 0.045), (shorten(artists_line(profile), 120),))
    return picture(figure, description=_description(profile), text=profile_text(profile))


def _facts(profile: TasteProfile) -> str:
    return f"From {profile.n_likes} likes and {profile.n_dislikes} dislikes"


def _description(profile: TasteProfile) -> str:
    genres = ", ".join(
        f"{one_line(count.genre)} {count.likes} of {count.likes + count.dislikes}"
        for count in profile.genres[:4]
    )
    liked = f" Liked by genre: {genres}." if genres else ""
    return f"Taste in two bar charts. {summary(profile)}. {_facts(profile)}.{liked}"


def _title_panels(figure: Figure) -> None:
    for x, title in ((0.04, "What sets your likes apart from your dislikes"), (0.62, "Genres")):
        write_heading(figure, x, 0.80, title)


def _draw_leans(axes: Axes, leans: tuple[FeatureLean, ...]) -> None:
    reach = 1.08 * max((1.0, *(abs(lean.effect) for lean in leans)))
    scale(axes, reach=(-reach, reach), rows=max(len(leans), 1))
    rule(axes, 0)
    for row, lean in enumerate(leans):
        is_clear = abs(lean.effect) >= CLEAR_EFFECT
        bar(axes, row, lean.effect, height=_BAR, color=BLUE if is_clear else GREY)
        wording = WORDINGS[lean.feature]
        ends = ((-1.04, "right", wording.low, -1), (1.04, "left", wording.high, 1))
        for x, side, word, sign in ends:
            is_yours = is_clear and sign * lean.effect > 0
            style = {"weight": "bold"} if is_yours else {"color": FADED}
            write(axes, x * reach, row, word, ha=side, **style)
    if not leans:
        write(axes, 0, 0, "nothing known yet", ha="center", color=FADED)


def _draw_genres(axes: Axes, genres: tuple[GenreCount, ...]) -> None:
    most = max((max(count.likes, count.dislikes) for count in genres), default=1)
    reach = most * _ROOM_FOR_NUMBERS
    scale(axes, reach=(-reach, reach), rows=max(len(genres), _FEWEST_ROWS))
    for row, count in enumerate(genres):
        write(axes, -1.08 * reach, row, shorten(count.genre, _GENRE_WIDTH), ha="right")
        bar(axes, row, -count.dislikes, height=_BAR, color=ORANGE)
        bar(axes, row, count.likes, height=_BAR, color=BLUE)
        for side, n, gap in (("right", -count.dislikes, -0.05), ("left", count.likes, 0.05)):
            if n:
                write(axes, n + gap * reach, row, str(abs(n)), ha=side)
    if not genres:
        write(axes, 0, 0, "not known yet", ha="center", color=FADED)
        return
    rule(axes, 0)
    for x, colour, side, name in (
        (0.47, ORANGE, "right", "disliked"),
        (0.53, BLUE, "left", "liked"),
    ):
        write(axes, x, 1.03, name, ha=side, color=colour, transform=axes.transAxes)
