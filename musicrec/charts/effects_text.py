"""The words of feature effects, for everybody who does not see their picture."""

from typing import Final

from musicrec.charts.canvas import one_line, shorten
from musicrec.charts.feature_words import NAMES, end_words, value_words
from musicrec.domain.effects import FeatureEffect, FeatureEffects, GenreEffect

CLEAR: Final = 0.03
"""Smaller effects are not named: three points of probability."""

MOST_WORDS: Final = 3
TOP_GENRES: Final = 3
BOTTOM_GENRES: Final = 2
_NAME_WIDTH: Final = 18
NOTHING: Final = "No feature matters yet"


def headline(effects: FeatureEffects) -> str:
    """Name what the chances are best for."""
    clear = [effect for effect in effects.features if effect.size >= CLEAR][:MOST_WORDS]
    if not clear:
        return NOTHING if not effects.features else "No single feature matters much"
    return f"Best chances: {', '.join(map(best_words, clear))}"


def best_words(effect: FeatureEffect) -> str:
    """Name the part of a feature's range where a like is likeliest."""
    place = effect.p_like.index(max(effect.p_like)) / (len(effect.p_like) - 1)
    if 1 / 3 < place < 2 / 3:
        return f"middling {NAMES[effect.feature].lower()}"
    return end_words(effect.feature, high=place > 1 / 2)


def shown_genres(effects: FeatureEffects) -> tuple[GenreEffect, ...]:
    """Return the genres with the best and with the worst chances."""
    genres = effects.genres
    if len(genres) <= TOP_GENRES + BOTTOM_GENRES:
        return genres
    return (*genres[:TOP_GENRES], *genres[-BOTTOM_GENRES:])


def effects_text(effects: FeatureEffects) -> str:
    """Write the effects as lines for a monospaced font, at most 52 characters wide."""
    return "\n".join(
        [
            f"{headline(effects)}.",
            f"Mean chance over {effects.n_songs:,} songs, by new artists,",
            "when one feature alone is changed:",
            "",
            *(line for effect in effects.features for line in _feature_rows(effect)),
            *_genre_rows(effects),
            f"As they are: {effects.p_like:.0%}.",
        ]
    )


def _feature_rows(effect: FeatureEffect) -> list[str]:
    middle = len(effect.points) // 2
    picked = sorted({0, middle, len(effect.points) - 1})
    places = (
        f"{value_words(effect.feature, effect.points[row])}: {effect.p_like[row]:.0%}"
        for row in picked
    )
    return [f"{NAMES[effect.feature]:16} {'  '.join(places)}"]


def _genre_rows(effects: FeatureEffects) -> list[str]:
    rows = [
        f"{shorten(one_line(genre.genre), _NAME_WIDTH):{_NAME_WIDTH}} {genre.p_like:>5.0%}"
        for genre in shown_genres(effects)
    ]
    return ["", "Genre", *rows, ""] if rows else [""]
