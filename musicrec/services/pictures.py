"""Draw what is known about a listener's model; costly pictures only when they are asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import StoredModel
from musicrec.domain.picture import Picture
from musicrec.domain.report import Report
from musicrec.services.hinted_songs import counting_hints, songs_to_learn_from
from musicrec.services.jobs import draw_growth, draw_report, draw_sureness, draw_what_matters
from musicrec.services.training import TrainingService
from musicrec.storage import Database
from musicrec.workers import Workers

_SAMPLE: Final = 300
"""Songs of the catalogue that effects are averaged over; a worker need not get all of them."""


class ModelPicture(StrEnum):
    """What can be drawn of a model."""

    REPORT = "report"
    CERTAINTY = "sure"
    CURVE = "curve"
    EFFECTS = "matters"


@dataclass(frozen=True, slots=True)
class ModelDrawing:
    """A picture of a listener's latest model, and the model's report."""

    picture: Picture
    report: Report


class PictureService:
    """Draws a listener's latest model in worker processes."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        training: TrainingService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._training = training

    async def draw(
        self, listener_id: ListenerId, kind: ModelPicture, *, at: datetime
    ) -> ModelDrawing:
        """Draw one picture of the latest model; fit the first one where there is none.

        The learning curve takes seconds, the others a part of one.

        Raises:
            NotEnoughLabelsError: There is too little to learn from.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        model = await self._training.ensure_model(listener_id, at=at)
        return ModelDrawing(await self._drawn(kind, model), model.summary.report)

    async def _drawn(self, kind: ModelPicture, model: StoredModel) -> Picture:
        report = model.summary.report
        match kind:
            case ModelPicture.REPORT:
                return await self._workers.run(draw_report, report)
            case ModelPicture.CERTAINTY:
                return await self._workers.run(draw_sureness, report)
            case ModelPicture.CURVE:
                return await self._curve(model)
            case ModelPicture.EFFECTS:
                sample = self._catalogue.now.sample
                songs = sample.sample(min(_SAMPLE, len(sample)), random_state=0)
                return await self._workers.run(draw_what_matters, model.blob, songs)

    async def _curve(self, model: StoredModel) -> Picture:
        async with self._database.reading() as uow:
            events = await uow.labels.current(model.summary.listener_id)
            hints = await counting_hints(uow, model.summary.listener_id)
        labelled = songs_to_learn_from(self._catalogue.now, events, hints)
        return await self._workers.run_long(draw_growth, labelled, model.summary.report.best)
