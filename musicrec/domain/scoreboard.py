"""Bot against listener: how often the probabilities it told came true."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from musicrec.domain.label import LabelValue


@dataclass(frozen=True, slots=True)
class Score:
    """The guesses of some time against the verdicts that followed.

    Attributes:
        n_guessed: Songs that a probability was told about before they were rated.
        n_rated: Those of them that have a label now; everything below is about these.
        n_right: Guessed right: at least 0.5 and liked, or less and disliked.
        n_constant_right: Right by always saying the listener's commoner verdict.
        brier: Mean squared distance between probability and verdict, in [0, 1], lower is
            better; None where nothing is rated.
        constant_brier: The same for always telling the listener's share of likes.
    """

    n_guessed: int
    n_rated: int
    n_right: int
    n_constant_right: int
    brier: float | None
    constant_brier: float | None


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """All guesses of one listener, by the week in which they were told.

    Attributes:
        weeks: Monday (UTC) and score of every week with a guess, oldest first.
        total: All weeks together.
        constant: The listener's commoner verdict among all current labels; likes win a draw.
    """

    weeks: tuple[tuple[date, Score], ...]
    total: Score
    constant: LabelValue

    def week(self, at: datetime) -> Score | None:
        """Return the score of the week that ``at`` lies in; None where nothing was guessed."""
        return dict(self.weeks).get(monday_of(at))


def monday_of(at: datetime) -> date:
    """Return the first day of the week, in UTC, that an aware instant lies in."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())
