"""What is said about going back in time and about the scoreboard."""

from datetime import datetime
from typing import Final

from cogs._buttons import EMOJI
from cogs._format import count, song_name
from musicrec.domain.label import LabelCounts, LabelValue
from musicrec.domain.scoreboard import Score, Scoreboard
from musicrec.services import ModelFate, Rewind, ScoreboardView, UndoOutcome

NOTHING_TO_UNDO: Final = "There is nothing left to take back."
STAYED: Final = "Nothing was changed."
NO_SCORE: Final = (
    "I have no score yet: no song that I told you a chance for was rated after it. "
    "Rate some songs from /recommend, or once I show my guesses in /rate."
)

_FATES: Final = {
    ModelFate.KEPT: "",
    ModelFate.DUE: "I am learning anew from what is left.",
    ModelFate.DROPPED: "That is too little to guess from: I dropped what I had learned.",
}


def undone(outcome: UndoOutcome) -> str:
    """Say which song it was about, what was taken back and what holds again."""
    song = song_name(outcome.track) if outcome.track else "a song that I no longer have"
    parts = (
        f"↩ {song}: {_taken_back(outcome)}.",
        f"{count(outcome.counts.total, 'rating')}.",
        _FATES[outcome.model],
    )
    return " ".join(part for part in parts if part)


def _taken_back(outcome: UndoOutcome) -> str:
    if outcome.was is LabelValue.WITHDRAWN:
        return f"your {EMOJI[outcome.now]} is back"
    if outcome.now is LabelValue.WITHDRAWN:
        return f"took back your {EMOJI[outcome.was]}; it was unrated before"
    return f"took back your {EMOJI[outcome.was]}; it was {EMOJI[outcome.now]} before and is again"


def rewind_question(plan: Rewind) -> str:
    """Say what a rewind would change; the buttons answer it."""
    loss = (
        "\nThat would be too little to guess from: I would drop what I have learned."
        if plan.missing_labels
        else ""
    )
    return (
        f"### Back to {_moment(plan.to)}?\n"
        f"{_changes(plan, 'would change')} You would have {_counts(plan.after)}; now it is "
        f"{_counts(plan.before)}.{loss}"
    )


def nothing_to_rewind(plan: Rewind) -> str:
    """Say that the labels are what they were."""
    return f"Your ratings are what they were {_moment(plan.to)}; there is nothing to change."


def rewound(rewind: Rewind) -> str:
    """Say what a rewind changed, and how to take it back."""
    if not rewind.n_all:
        return nothing_to_rewind(rewind)
    parts = (
        f"Back to {_moment(rewind.to)}: {_changes(rewind, 'changed')}",
        f"You have {_counts(rewind.after)}.",
        _FATES[rewind.model],
        "\n-# Was it a mistake? /taste rewind to ten minutes ago brings it all back.",
    )
    return " ".join(part for part in parts if part)


def score_headline(view: ScoreboardView) -> str:
    """Say how often the guesses were right, in this week and in all, against the constant."""
    board = view.scoreboard
    lines = ["### Bot against you"]
    if view.this_week is not None and view.this_week.n_rated:
        lines.append(f"This week: {_score(view.this_week, board)}.")
    lines.append(f"In all: {_score(board.total, board)} {_verdict(board.total)}")
    return "\n".join(lines)


def _moment(at: datetime) -> str:
    return f"<t:{int(at.timestamp())}:R>"


def _counts(counts: LabelCounts) -> str:
    return f"{counts.likes} 👍 and {counts.dislikes} 👎"


def _changes(rewind: Rewind, verb: str) -> str:
    parts = (
        (rewind.n_removed, "taken back"),
        (rewind.n_restored, "brought back"),
        (rewind.n_changed, "turned around"),
    )
    details = ", ".join(f"{n} {what}" for n, what in parts if n)
    return f"{count(rewind.n_all, 'rating')} {verb}: {details}."


def _score(score: Score, board: Scoreboard) -> str:
    return (
        f"{score.n_right} of {score.n_rated} right; "
        f"always saying “{board.constant}”: {score.n_constant_right}"
    )


def _verdict(total: Score) -> str:
    lead = total.n_right - total.n_constant_right
    if not lead:
        return "— a draw."
    return "— I am ahead." if lead > 0 else "— I am behind."
