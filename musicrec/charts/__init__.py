"""Figures, each with its text twin. Drawn by matplotlib's object API, without global state."""

from musicrec.charts.scoreboard import draw_scoreboard
from musicrec.charts.taste_profile import draw_taste_profile
from musicrec.charts.training_report import draw_training_report

__all__ = ["draw_scoreboard", "draw_taste_profile", "draw_training_report"]
