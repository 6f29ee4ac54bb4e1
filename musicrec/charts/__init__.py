"""Figures, each with its text twin. Drawn by matplotlib's object API, without global state."""

from musicrec.charts.certainty import draw_certainty
from musicrec.charts.course import draw_playlist_course
from musicrec.charts.curve import draw_learning_curve
from musicrec.charts.effects import draw_effects
from musicrec.charts.passport import draw_passport
from musicrec.charts.radar import draw_radar
from musicrec.charts.scoreboard import draw_scoreboard
from musicrec.charts.taste_map import draw_taste_map
from musicrec.charts.taste_profile import draw_taste_profile
from musicrec.charts.training_report import draw_training_report

__all__ = [
    "draw_certainty",
    "draw_effects",
    "draw_learning_curve",
    "draw_passport",
    "draw_playlist_course",
    "draw_radar",
    "draw_scoreboard",
    "draw_taste_map",
    "draw_taste_profile",
    "draw_training_report",
]
