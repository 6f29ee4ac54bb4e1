"""The picture of what matters to a model."""

# matplotlib leaves its keyword arguments untyped.
# pyright: reportUnknownMemberType=false

from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from musicrec.charts.canvas import (
    BLUE,
    FADED,
    LINE,
    MARGIN,
    SMALL,
    add_panel,
    bar,
    fitting,
    new_card,
    picture,
    scale,
    write,
    write_on,
)
from musicrec.charts.effects_text import (
    BOTTOM_GENRES,
    NOTHING,
    TOP_GENRES,
    effects_text,
    headline,
    shown_genres,
)
from musicrec.charts.feature_words import NAMES, end_words
from musicrec.domain.effects import FeatureEffect, FeatureEffects
from musicrec.domain.picture import Picture

MOST_PANELS: Final = 6

_LEFTS: Final = (0.095, 0.40, 0.705)
_BOTTOMS: Final = (0.505, 0.13)
_SIZE: Final = (0.265, 0.25)
_GENRE_ROOM: Final = 175
GENRE_BAR: Final = "#2d6d94"
"""The blue of the curves, dark enough for light text on it."""

_LEAST_REACH: Final = 0.2
"""Of probability, so that tiny effects look tiny."""

_LABEL_DEPTH: Final = -0.12
"""Below a panel, in shares of its height."""


def draw_effects(effects: FeatureEffects) -> Picture:
    """Draw how the chance of a like moves along the features that move it most."""
    figure = new_card(headline(effects), _facts(effects))
    panels = _panels(effects)
    for row, panel in enumerate(panels):
        left, bottom = _LEFTS[row % len(_LEFTS)], _BOTTOMS[row // len(_LEFTS)]
        _draw_panel(figure, (left, bottom, *_SIZE), panel, effects)
    _explain(figure, has_panels=bool(panels))
    return picture(figure, description=_description(effects), text=effects_text(effects))


def _facts(effects: FeatureEffects) -> str:
    return f"Chance of a like if one thing changes · mean of {effects.n_songs:,} songs"


def _description(effects: FeatureEffects) -> str:
    names = ", ".join(
        f"{NAMES[effect.feature].lower()} {100 * effect.size:.0f}" for effect in effects.features
    )
    moved = f" How far each moves the chance, in points: {names}." if names else ""
    return f"Small curves. {headline(effects)}.{moved}"


def _explain(figure: Figure, *, has_panels: bool) -> None:
    if has_panels:
        note = "Dashed: the songs as they are. It is what the model learned, not why you like it."
        write_on(figure, (MARGIN, 0.03), note, size=SMALL, color=FADED)
        return
    axes = add_panel(figure, (MARGIN, 0.06, 1 - 2 * MARGIN, 0.75))
    axes.set(xticks=[], yticks=[], xlim=(0, 1), ylim=(0, 1))
    write(axes, 0.5, 0.5, NOTHING, ha="center", color=FADED)


def _panels(effects: FeatureEffects) -> list[FeatureEffect | None]:
    """Return the strongest effects in their order; None, always last, stands for the genre."""
    if not effects.genres:
        return [*effects.features[:MOST_PANELS]]
    # The genre takes the place of a weaker feature, but never the one beside the scale.
    others = effects.features[: MOST_PANELS - 1]
    last = effects.features[len(others) : MOST_PANELS]
    if last and last[0].size > effects.genre_size:
        return [*others, *last]
    return [*others, None]


def _draw_panel(
    figure: Figure,
    box: tuple[float, float, float, float],
    effect: FeatureEffect | None,
    effects: FeatureEffects,
) -> None:
    if effect is None:
        _draw_genres(add_panel(figure, box, "Genre"), effects)
        return
    axes = add_panel(figure, box, NAMES[effect.feature])
    _draw_curve(axes, effect, effects.p_like)
    low, high = _reach(effects)
    axes.set(ylim=(low, high), xticks=[])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.grid(axis="y", color=LINE, linewidth=0.8, alpha=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelleft=box[0] == _LEFTS[0])


def _reach(effects: FeatureEffects) -> tuple[float, float]:
    """Return one vertical range for all panels, so that their curves can be compared."""
    means = [p for effect in effects.features for p in effect.p_like] + [effects.p_like]
    middle = (min(means) + max(means)) / 2
    half = max(max(means) - min(means), _LEAST_REACH) * 0.6
    return middle - half, middle + half


def _draw_curve(axes: Axes, effect: FeatureEffect, mean: float) -> None:
    axes.axhline(mean, color=FADED, linewidth=1.6, linestyle=(0, (4, 3)))
    axes.plot(effect.points, effect.p_like, color=BLUE, linewidth=3.5)
    best = effect.p_like.index(max(effect.p_like))
    axes.plot(effect.points[best], effect.p_like[best], "o", color=BLUE, markersize=11)
    axes.margins(x=0.06)
    for x, side, high in ((0.0, "left", False), (1.0, "right", True)):
        words = end_words(effect.feature, high=high)
        place = {"ha": side, "color": FADED, "transform": axes.transAxes}
        write(axes, x, _LABEL_DEPTH, words, size=SMALL, **place)


def _draw_genres(axes: Axes, effects: FeatureEffects) -> None:
    genres = shown_genres(effects)
    scale(axes, reach=(0, 1), rows=max(len(genres), TOP_GENRES + BOTTOM_GENRES))
    for row, genre in enumerate(genres):
        bar(axes, row, genre.p_like, height=0.82, color=GENRE_BAR)
        write(axes, 0.03, row, fitting(genre.genre, _GENRE_ROOM, size=SMALL), size=SMALL, zorder=5)
        write(axes, 0.98, row, f"{genre.p_like:.0%}", size=SMALL, ha="right", zorder=5)
