"""Bot against listener: every probability it told, held against the verdict that followed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean
from typing import Final

from musicrec.domain.acceptance import Acceptance
from musicrec.domain.guess import Guess, is_right
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.picture import Picture
from musicrec.domain.scoreboard import Score, Scoreboard, monday_of
from musicrec.domain.shortlist import ShortlistKind
from musicrec.services.jobs import draw_scores
from musicrec.storage import Database
from musicrec.workers import Workers

N_DAYS: Final = 90
"""How far back recommendations are looked at."""

_RECOMMENDED: Final = (ShortlistKind.RECOMMEND, ShortlistKind.WEEK, ShortlistKind.EXPLORE)


@dataclass(frozen=True, slots=True)
class ScoreboardView:
    """A scoreboard, the score of the running week, and the drawing.

    ``this_week`` is None where nothing was guessed in it, ``picture`` while no guessed song is
    rated.
    """

    scoreboard: Scoreboard
    this_week: Score | None
    picture: Picture | None


class ScoreboardService:
    """Tells how often the bot was right before it could know, and what its songs met with."""

    def __init__(self, database: Database, workers: Workers) -> None:
        self._database = database
        self._workers = workers

    async def show(self, listener_id: ListenerId, *, at: datetime) -> ScoreboardView:
        """Return the listener's scoreboard; without any guess it is empty, not an error.

        Raises:
            WorkersBusyError, WorkerLostError: The picture could not be drawn now.
        """
        async with self._database.reading() as uow:
            guesses = await uow.guesses.counting(listener_id)
            labels = await uow.labels.current(listener_id)
        scoreboard = keep_score(guesses, labels)
        is_rated = scoreboard.total.n_rated > 0
        return ScoreboardView(
            scoreboard=scoreboard,
            this_week=scoreboard.week(at),
            picture=await self._workers.run(draw_scores, scoreboard) if is_rated else None,
        )

    async def accepted(self, listener_id: ListenerId, *, at: datetime) -> Acceptance:
        """Return what became of the last ``N_DAYS``' recommendations; questions are none."""
        since = at - timedelta(days=N_DAYS)
        async with self._database.reading() as uow:
            shown = await uow.shortlists.shown_since(listener_id, _RECOMMENDED, since)
            labels = await uow.labels.current(listener_id)
        rated = [label for label in labels if label.track_id in shown]
        n_liked = sum(label.value is LabelValue.LIKE for label in rated)
        return Acceptance(N_DAYS, len(shown), len(rated), n_liked)


def keep_score(guesses: Iterable[Guess], labels: Iterable[LabelEvent]) -> Scoreboard:
    """Hold the guesses that count (one a song) against the current labels.

    A song belongs to the week in which its guess was told, whenever it was rated.
    """
    liked = {label.track_id: label.value is LabelValue.LIKE for label in labels}
    # In hindsight and over all labels: the best that a constant answer could have done.
    share = fmean(liked.values()) if liked else 0.5
    weeks: defaultdict[date, list[Guess]] = defaultdict(list)
    for guess in guesses:
        weeks[monday_of(guess.guessed_at)].append(guess)
    return Scoreboard(
        weeks=tuple((monday, _score(weeks[monday], liked, share)) for monday in sorted(weeks)),
        total=_score([guess for week in weeks.values() for guess in week], liked, share),
        constant=LabelValue.LIKE if is_right(share, liked=True) else LabelValue.DISLIKE,
    )


def _score(guesses: Sequence[Guess], liked: Mapping[TrackId, bool], share: float) -> Score:
    """Score the guesses of some time.

    Source:
        Brier (1950), "Verification of forecasts expressed in terms of probability".
    """
    rated = [(g.p_like, liked[g.track_id]) for g in guesses if g.track_id in liked]
    return Score(
        n_guessed=len(guesses),
        n_rated=len(rated),
        n_right=sum(is_right(p, liked=verdict) for p, verdict in rated),
        n_constant_right=sum(is_right(share, liked=verdict) for _, verdict in rated),
        brier=fmean((p - verdict) ** 2 for p, verdict in rated) if rated else None,
        constant_brier=fmean((share - verdict) ** 2 for _, verdict in rated) if rated else None,
    )
