"""Why a song has its probability, and how far to trust it."""

from dataclasses import dataclass

from musicrec.domain.guess import EVEN_CHANCE


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing about a song that moves its probability.

    Attributes:
        about: The song table's column: a feature, the genre or the artists.
        words: Part of a sentence, e.g. ``"fast for you"``; may hold untrusted names.
        push: How far it moves the log odds of a like; positive speaks for one.
        artist: In a reason about artists, the name as the song has it; else empty.
    """

    about: str
    words: str
    push: float
    artist: str = ""


@dataclass(frozen=True, slots=True)
class Reasons:
    """What speaks for and against a like, each strongest first; either may be empty."""

    for_: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a model says about one song.

    Attributes:
        p_like: Probability in [0, 1] that the listener likes it.
        reasons: For and against.
        interval: Ends of a range that holds four of five true probabilities; None where the
            probability comes from more than the model, so that nobody measured it.
    """

    p_like: float
    reasons: Reasons
    interval: tuple[float, float] | None

    @property
    def leading(self) -> tuple[Reason, ...]:
        """The reasons on the side where the probability lies; exactly 0.5 is for a like."""
        return self.reasons.for_ if self.p_like >= EVEN_CHANCE else self.reasons.against
