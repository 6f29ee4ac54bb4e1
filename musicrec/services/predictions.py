"""Would this listener like this song?"""

from dataclasses import dataclass, replace
from datetime import datetime

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.errors import NoModelError
from musicrec.domain.guess import Guess, GuessPlace
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.reasons import Explanation, Reasons
from musicrec.domain.sharing import Leaning
from musicrec.domain.track import Track
from musicrec.services.borrowing import BorrowingService, Ground
from musicrec.services.corrections import CorrectionService
from musicrec.services.jobs import explain
from musicrec.storage import Database, UnitOfWork
from musicrec.workers import Workers


@dataclass(frozen=True, slots=True)
class Prediction:
    """One answer and how far to trust it.

    Attributes:
        track: The song.
        explanation: How likely the listener likes it, and why.
        own_label: What the listener already said about it, if anything.
        told: The probability that was told before they first said so, if one was.
        n_labels: Labels it was learned from.
        algorithm_title: The algorithm that won the comparison, for people; empty without a model.
        accuracy: Its cross-validated share of right guesses; None without a model.
        baseline_accuracy: The same for always guessing the majority.
        leaning: On whom the probability leans; None where it is from the own labels alone.
    """

    track: Track
    explanation: Explanation
    own_label: LabelValue | None
    told: float | None
    n_labels: int
    algorithm_title: str
    accuracy: float | None
    baseline_accuracy: float | None
    leaning: Leaning | None = None

    @property
    def p_like(self) -> float:
        """Probability in [0, 1] that the listener likes it."""
        return self.explanation.p_like


class PredictionService:
    """Asks a listener's model about single songs."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        borrowing: BorrowingService,
        corrections: CorrectionService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._borrowing = borrowing
        self._corrections = corrections

    async def predict(
        self,
        listener_id: ListenerId,
        track_id: TrackId,
        *,
        guild_id: int | None = None,
        at: datetime,
    ) -> Prediction:
        """Predict with the latest model; fit the first one where there is none.

        With few labels the probability leans on others of the server (``BorrowingService``). It is
        told, and kept as a guess, as it is after the listener's corrections.

        Raises:
            TrackNotFoundError: There is no such song.
            NotEnoughLabelsError: There is too little to learn from, and nobody to lean on.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        track = self._catalogue.now.require(track_id)
        ground = await self._borrowing.ground(listener_id, guild_id, at=at)
        said = await self._explained(ground, track)
        model_id = ground.model.summary.id if ground.model and not ground.lean else None
        guess = Guess(listener_id, track.id, said.p_like, at, GuessPlace.PREDICT, model_id)
        async with self._database.writing() as uow:
            last = await uow.labels.latest(listener_id, track.id)
            told = await uow.guesses.counting_of(listener_id, track.id)
            if last is None:
                await _keep(uow, guess)
        summary = ground.model.summary if ground.model else None
        leaning = ground.lean.leaning if ground.lean else None
        return Prediction(
            track=track,
            explanation=said,
            own_label=last.value if last and last.value is not LabelValue.WITHDRAWN else None,
            told=told.p_like if told else None,
            n_labels=leaning.n_labels if leaning else summary.n_labels if summary else 0,
            algorithm_title=summary.report.best.title if summary else "",
            accuracy=summary.report.best.metrics.accuracy if summary else None,
            baseline_accuracy=summary.report.baseline.accuracy if summary else None,
            leaning=leaning,
        )

    async def _explained(self, ground: Ground, track: Track) -> Explanation:
        """Return the corrected probability and the reasons for it.

        Raises:
            NoModelError: There is no model, and others are asked about well-known songs alone.
        """
        catalogue = self._catalogue.now
        row = catalogue.row_of(track.id)
        told = None if ground.lean is None or row is None else ground.lean.p_like_of(row)
        if ground.model is None and told is None:
            raise NoModelError
        song = catalogue.table_of([track.id])
        said = Explanation(told or 0.0, Reasons(), None)
        if ground.model is not None:
            (said,) = await self._workers.run(explain, ground.model.blob, song)
        if told is not None:
            said = replace(said, p_like=told, interval=None)
        corrections = await self._corrections.of(ground.listener_id)
        return corrections.explained([said], song)[0]


async def _keep(uow: UnitOfWork, guess: Guess) -> None:
    """Store the guess, unless the listener deleted everything in the meantime."""
    if await uow.listeners.lock_known(guess.listener_id):
        await uow.guesses.add(guess)
