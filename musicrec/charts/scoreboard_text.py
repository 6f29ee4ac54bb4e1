"""The words of a scoreboard, for everybody who does not see its picture."""

from datetime import date
from typing import Final

from musicrec.domain.scoreboard import Score, Scoreboard

MOST_WEEKS: Final = 8

EXPLANATION: Final = (
    "Counted: the last chance told before you first rated a song; 50% and more says like.",
    "Brier: how far the chances were from your verdicts, squared: 0 is perfect, 0.25 is",
    "a coin. Its rival tells your share of likes, every time.",
)


def headline(scoreboard: Scoreboard) -> str:
    """Say how often the guesses were right against always saying the same."""
    total = scoreboard.total
    return (
        f"{total.n_right:,} of {total.n_rated:,} guessed right "
        f"({rival(scoreboard)}: {total.n_constant_right:,})"
    )


def rival(scoreboard: Scoreboard) -> str:
    """Name what the bot plays against."""
    return f"always {scoreboard.constant}"


def latest_weeks(scoreboard: Scoreboard) -> list[tuple[date, Score]]:
    """Return the weeks that are shown, the latest first: those with a rated song."""
    rated = [(monday, score) for monday, score in scoreboard.weeks if score.n_rated]
    return rated[: -MOST_WEEKS - 1 : -1]


def scoreboard_text(scoreboard: Scoreboard) -> str:
    """Write the scoreboard as lines for a monospaced font, at most 52 characters wide."""
    parts = [
        f"{headline(scoreboard)}.",
        "",
        f"{'':11}{'':>13}{rival(scoreboard):>15}{'Brier':>13}",
        f"{'week of':11}{'right':>13}{'right':>15}{'bot':>7}{'same':>6}",
        *(_row(f"{monday:%Y-%m-%d}", score) for monday, score in latest_weeks(scoreboard)),
        _row("in all", scoreboard.total),
        "",
        f"{scoreboard.total.n_guessed - scoreboard.total.n_rated:,} guessed songs are unrated.",
    ]
    return "\n".join(parts)


def _row(name: str, score: Score) -> str:
    right = f"{score.n_right:,} of {score.n_rated:,}"
    return (
        f"{name:11}{right:>13}{score.n_constant_right:>15,}"
        f"{score.brier or 0:>7.2f}{score.constant_brier or 0:>6.2f}"
    )
