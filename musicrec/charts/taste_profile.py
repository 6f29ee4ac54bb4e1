"""The picture of a taste profile."""

from typing import Any, Final

from matplotlib.axes import Axes

from musicrec.charts.canvas import (
    BLUE,
    FADED,
    GREY,
    MARGIN,
    ORANGE,
    WIDTH,
    add_panel,
    bar,
    fitting,
    new_card,
    one_line,
    picture,
    rule,
    scale,
    write,
    write_on,
)
from musicrec.charts.taste_text import artists_line, profile_text, summary
from musicrec.domain.picture import Picture
from musicrec.domain.taste_profile import FeatureLean, GenreCount, TasteProfile
from musicrec.taste.words import WORDINGS

MOST_LEANS: Final = 9
MOST_GENRES: Final = 9
CLEAR_EFFECT: Final = 0.3
"""Shorter bars are drawn in grey: they may be chance."""

_GENRES_LEFT: Final = 0.60
_GENRE_ROOM: Final = 158
_BAR: Final = 0.55
_FEWEST_ROWS: Final = 6
_ROOM_FOR_NUMBERS: Final = 1.9


def draw_taste_profile(profile: TasteProfile) -> Picture:
    """Draw what sets likes apart from dislikes, and the labels of each genre."""
    figure = new_card(summary(profile), _facts(profile))
    _draw_leans(add_panel(figure, (0.22, 0.11, 0.20, 0.635)), profile.leans[:MOST_LEANS])
    _draw_genres(add_panel(figure, (0.765, 0.11, 0.195, 0.635)), profile.genres[:MOST_GENRES])
    for x, title in ((MARGIN, "Your likes against your dislikes"), (_GENRES_LEFT, "Genres")):
        write_on(figure, (x, 0.79), title)
    write_on(figure, (MARGIN, 0.045), fitting(artists_line(profile), 0.92 * WIDTH), color=FADED)
    return picture(figure, description=_description(profile), text=profile_text(profile))


def _facts(profile: TasteProfile) -> str:
    return f"From {profile.n_likes:,} likes and {profile.n_dislikes:,} dislikes"


def _description(profile: TasteProfile) -> str:
    genres = ", ".join(
        f"{one_line(count.genre)} {count.likes} of {count.likes + count.dislikes}"
        for count in profile.genres[:4]
    )
    liked = f" Liked by genre: {genres}." if genres else ""
    return f"Taste in two bar charts. {summary(profile)}. {_facts(profile)}.{liked}"


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
            style: dict[str, Any] = {"weight": "bold"} if is_yours else {"color": FADED}
            write(axes, x * reach, row, word, ha=side, **style)
    if not leans:
        write(axes, 0, 0, "not known yet", ha="center", color=FADED)


def _draw_genres(axes: Axes, genres: tuple[GenreCount, ...]) -> None:
    most = max((max(count.likes, count.dislikes) for count in genres), default=1)
    reach = most * _ROOM_FOR_NUMBERS
    scale(axes, reach=(-reach, reach), rows=max(len(genres), _FEWEST_ROWS))
    for row, count in enumerate(genres):
        write(axes, -1.06 * reach, row, fitting(count.genre, _GENRE_ROOM), ha="right")
        bar(axes, row, -count.dislikes, height=_BAR, color=ORANGE)
        bar(axes, row, count.likes, height=_BAR, color=BLUE)
        for side, n, gap in (("right", -count.dislikes, -0.05), ("left", count.likes, 0.05)):
            if n:
                write(axes, n + gap * reach, row, f"{abs(n):,}", ha=side)
    if not genres:
        write(axes, 0, 0, "not known yet", ha="center", color=FADED)
        return
    rule(axes, 0)
    for x, colour, side, name in (
        (0.46, ORANGE, "right", "disliked"),
        (0.54, BLUE, "left", "liked"),
    ):
        write(axes, x, 1.035, name, ha=side, color=colour, transform=axes.transAxes)
