"""What became of a verdict, and what all verdicts say by now."""

from dataclasses import dataclass
from enum import StrEnum

from musicrec.domain.label import LabelCounts, LabelValue
from musicrec.domain.track import Track
from musicrec.services.training import ModelFate


class LabelChange(StrEnum):
    """What a press did to the current label."""

    SET = "set"
    CHANGED = "changed"
    TAKEN_BACK = "taken back"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class LabelOutcome:
    """The answer to a press.

    Attributes:
        change: What happened; ``REPEATED`` means nothing did.
        value: The verdict pressed.
        track: The song.
        told: The probability of liking that the bot had told before the song's first verdict;
            None where it had told none.
        counts: Current labels after it.
        missing_labels: How many more are needed before anything can be learned; 0 if enough.
        accuracy: Cross-validated share of right guesses of the latest model, if there is one.
        baseline_accuracy: The same for always guessing the majority.
        lean_words: What stands out in the listener's taste, e.g. ``("acoustic",)``.
        model: What becomes of the model.
    """

    change: LabelChange
    value: LabelValue
    track: Track
    told: float | None
    counts: LabelCounts
    missing_labels: int
    accuracy: float | None
    baseline_accuracy: float | None
    lean_words: tuple[str, ...]
    model: ModelFate
