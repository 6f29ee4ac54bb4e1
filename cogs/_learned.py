"""What was learned, in honest words: counts, accuracy beside its baseline, leanings."""

from cogs._buttons import EMOJI
from cogs._format import count, song_name
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
    if accuracy is None:
        return ""
    sentence = f"I guess right {_share(accuracy, baseline)}"
    if baseline is None:
        return f"{sentence}."
    always = f"always saying “{constant}”" if constant else "always giving the same answer"
    return f"{sentence}; {always} would be right {_share(baseline, accuracy)}."


def _change(outcome: LabelOutcome) -> str:
    song = song_name(outcome.track)
    if outcome.change is LabelChange.TAKEN_BACK:
        return f"Took back your rating of {song}."
    emoji = EMOJI.get(outcome.value, "")
    if outcome.change is LabelChange.CHANGED:
        return f"{emoji} {song}: changed."
    return f"{emoji} {song}: noted."


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


def _share(value: float, other: float | None) -> str:
    tenths = round(value * 10)
    if other is not None and tenths == round(other * 10):
        return f"{value:.0%} of the time"  # tenths would hide which of the two is larger
    return f"{tenths} of 10 times"
