"""What was learned, in honest words: counts, accuracy beside its baseline, leanings."""

from cogs._buttons import EMOJI
from cogs._format import count, percent, song_name
from musicrec.domain.acceptance import Acceptance
from musicrec.domain.guess import is_right
from musicrec.domain.label import LabelCounts, LabelValue
from musicrec.services import LabelChange, LabelOutcome


def learned(outcome: LabelOutcome) -> str:
    """Say what became of a rating and what all of them taught."""
    return f"{_change(outcome)}\n{_progress(outcome)}"


def accuracy_words(accuracy: float | None, baseline: float | None, constant: str = "") -> str:
    """Say how often guesses are right, and how often without any learning.

    Args:
        accuracy: Cross-validated, in [0, 1]; None before there is a model.
        baseline: The same for always giving the commoner answer.
        constant: That answer, ``"like"`` or ``"dislike"``, where known.
    """
    if accuracy is None or baseline is None:
        return ""
    always = f"always saying “{constant}”" if constant else "always giving the same answer"
    right, right_anyway = _shares(accuracy, baseline)
    return f"I guess right {right}; {always} would be right {right_anyway}."


def acceptance_words(acceptance: Acceptance) -> str:
    """Say how much of what was recommended was liked, and of how much that is known."""
    if not acceptance.n_shown:
        return ""
    songs = count(acceptance.n_shown, "song")
    return (
        f"Of the {songs} that I recommended to you in the last {acceptance.n_days} days you rated "
        f"{acceptance.n_rated} and like {acceptance.n_liked}. A song that you did not rate counts "
        "neither for nor against."
    )


def told_words(told: float | None, verdict: LabelValue) -> str:
    """Say which chance the listener was told before they rated a song, and whether it came true.

    Args:
        told: Probability of liking; None where none was told.
        verdict: ``LIKE`` or ``DISLIKE``.
    """
    if told is None:
        return ""
    right = is_right(told, liked=verdict is LabelValue.LIKE)
    return f"I had said {percent(told)}: {'right' if right else 'wrong'}."


def _change(outcome: LabelOutcome) -> str:
    song = song_name(outcome.track)
    if outcome.change is LabelChange.TAKEN_BACK:
        return f"Took back your rating of {song}."
    emoji = EMOJI.get(outcome.value, "")
    done = "changed" if outcome.change is LabelChange.CHANGED else "noted"
    return f"{emoji} {done}: {song}. {told_words(outcome.told, outcome.value)}".rstrip()


def _progress(outcome: LabelOutcome) -> str:
    counts = outcome.counts
    total = count(counts.total, "rating")
    if outcome.missing_labels:
        return f"{total}; {outcome.missing_labels} more and I can start guessing.{_wanted(counts)}"
    if outcome.accuracy is None:
        return f"{total}. That is enough to learn from: try /recommend."
    constant = LabelValue.LIKE if counts.likes >= counts.dislikes else LabelValue.DISLIKE
    parts = (
        f"{total}.",
        accuracy_words(outcome.accuracy, outcome.baseline_accuracy, constant),
        f"You lean {', '.join(outcome.lean_words)}." if outcome.lean_words else "",
    )
    return " ".join(part for part in parts if part)


def _wanted(counts: LabelCounts) -> str:
    if counts.total and not counts.dislikes:
        return " I also need songs that you do not like."
    if counts.total and not counts.likes:
        return " I also need songs that you like."
    return ""


def _shares(accuracy: float, baseline: float) -> tuple[str, str]:
    if round(accuracy * 10) == round(baseline * 10):
        # Tenths would hide which of the two is larger.
        return f"{accuracy:.0%} of the time", f"{baseline:.0%}"
    return f"{accuracy * 10:.0f} of 10 times", f"{baseline * 10:.0f} of 10"
