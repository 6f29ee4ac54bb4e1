"""The words of a taste profile, for everybody who does not see its picture."""

from typing import Final

from musicrec.charts.canvas import one_line, shorten
from musicrec.domain.taste_profile import FeatureLean, TasteProfile
from musicrec.taste.words import WORDINGS

MOST_ROWS: Final = 9
MIN_LIKES: Final = 2
"""One liked song makes no favourite artist."""

_NAME_WIDTH: Final = 20
_STEPS: Final = 5
_STEP: Final = 0.2
"""One mark of a text bar, in standard deviations of the catalogue."""


def summary(profile: TasteProfile) -> str:
    """Say the strongest leans in one sentence part."""
    if not profile.lean_words:
        return "No clear leaning yet"
    *others, last = profile.lean_words
    words = f"{', '.join(others)} and {last}" if others else last
    return f"You lean towards: {words}"


def artists_line(profile: TasteProfile) -> str:
    """Name the artists with several likes; empty where there is none."""
    favourites = [
        f"{_column(artist)} ({likes})"
        for artist, likes in profile.top_artists
        if likes >= MIN_LIKES
    ]
    return f"Most liked artists: {', '.join(favourites)}" if favourites else ""


def profile_text(profile: TasteProfile) -> str:
    """Write the profile as lines for a monospaced font, at most 56 characters a row."""
    parts = [
        f"{summary(profile)}.",
        f"{profile.n_likes} likes, {profile.n_dislikes} dislikes.",
        "",
        "Your likes against your dislikes:",
        *(_lean_row(lean) for lean in profile.leans[:MOST_ROWS]),
        *_genre_rows(profile),
        "",
        artists_line(profile),
    ]
    return "\n".join(parts).rstrip()


def _lean_row(lean: FeatureLean) -> str:
    wording = WORDINGS[lean.feature]
    marks = min(_STEPS, round(abs(lean.effect) / _STEP))
    left, right = ("", "#" * marks) if lean.effect > 0 else ("#" * marks, "")
    return f"{wording.low:>18} {left:>{_STEPS}}|{right:<{_STEPS}} {wording.high}"


def _genre_rows(profile: TasteProfile) -> list[str]:
    rows = [
        f"{_column(count.genre):{_NAME_WIDTH}} {count.likes:5} {count.dislikes:8}"
        for count in profile.genres[:MOST_ROWS]
    ]
    return ["", f"{'Genre':{_NAME_WIDTH}} likes dislikes", *rows] if rows else []


def _column(name: str) -> str:
    """Keep a name on its line and at most as wide as its column."""
    return shorten(one_line(name), _NAME_WIDTH)
