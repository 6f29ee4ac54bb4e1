"""Would this listener like this song?"""

from dataclasses import dataclass
from datetime import datetime

from musicrec.catalogue import Catalogue
from musicrec.domain.guess import Guess, GuessPlace
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.reasons import Explanation
from musicrec.domain.track import Track
from musicrec.services.jobs import explain
from musicrec.services.training import TrainingService
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
        n_labels: Labels the model learned from.
        algorithm_title: The algorithm that won the comparison, for people.
        accuracy: Its cross-validated share of right guesses.
        baseline_accuracy: The same for always guessing the majority.
    """

    track: Track
    explanation: Explanation
    own_label: LabelValue | None
    told: float | None
    n_labels: int
    algorithm_title: str
    accuracy: float
    baseline_accuracy: float

    @property
    def p_like(self) -> float:
        """Probability in [0, 1] that the listener likes it."""
        return self.explanation.p_like


class PredictionService:
    """Asks a listener's model about single songs."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        workers: Workers,
        training: TrainingService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._training = training

    async def predict(
        self, listener_id: ListenerId, track_id: TrackId, *, at: datetime
    ) -> Prediction:
        """Predict with the latest model; fit the first one where there is none.

        Raises:
            TrackNotFoundError: There is no such song.
            NotEnoughLabelsError: There is too little to learn from.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        track = self._catalogue.require(track_id)
        model = await self._training.ensure_model(listener_id, at=at)
        song = self._catalogue.table_of([track.id])
        (said,) = await self._workers.run(explain, model.blob, song)
        guess = Guess(listener_id, track.id, said.p_like, at, GuessPlace.PREDICT, model.summary.id)
        async with self._database.writing() as uow:
            last = await uow.labels.latest(listener_id, track.id)
            told = await uow.guesses.counting_of(listener_id, track.id)
            if last is None:
                await _keep(uow, guess)
        report = model.summary.report
        return Prediction(
            track=track,
            explanation=said,
            own_label=last.value if last and last.value is not LabelValue.WITHDRAWN else None,
            told=told.p_like if told else None,
            n_labels=model.summary.n_labels,
            algorithm_title=report.best.title,
            accuracy=report.best.metrics.accuracy,
            baseline_accuracy=report.baseline.accuracy,
        )


async def _keep(uow: UnitOfWork, guess: Guess) -> None:
    """Store the guess, unless the listener deleted everything in the meantime."""
    if await uow.listeners.exists(guess.listener_id):
        await uow.listeners.lock(guess.listener_id, guess.guessed_at)
        await uow.guesses.add(guess)
