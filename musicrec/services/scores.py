"""The last scorings of the well-known songs, kept in memory per model."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.services.jobs import score_well_known
from musicrec.workers import Workers

_MOST_KEPT = 64
"""Listeners whose scores stay in memory, at most some 100 KB each."""

_Of = tuple[str, str]
"""A model's content hash and a catalogue's version."""


class ScoreCache:
    """p_like of ``Catalogue.well_known`` under each listener's latest model.

    Scores belong to one model's bytes and one snapshot: a refit or a newer snapshot makes the kept
    ones useless, never wrong.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._kept: OrderedDict[ListenerId, tuple[_Of, NDArray[np.float32]]] = OrderedDict()

    def put(self, summary: ModelSummary, catalogue: Catalogue, scores: NDArray[np.float32]) -> None:
        """Keep the scores of a model, shape ``(len(catalogue.well_known),)``."""
        self._kept[summary.listener_id] = ((summary.content_hash, catalogue.version), scores)
        self._kept.move_to_end(summary.listener_id)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def peek(
        self, summary: ModelSummary | None, catalogue: Catalogue
    ) -> NDArray[np.float32] | None:
        """Return the model's scores if they are at hand; never computes."""
        if summary is None:
            return None
        of, scores = self._kept.get(summary.listener_id, (("", ""), None))
        return scores if of == (summary.content_hash, catalogue.version) else None

    async def of(self, model: StoredModel, catalogue: Catalogue) -> NDArray[np.float32]:
        """Return the model's scores, computed in a worker where they are not at hand.

        Raises:
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        scores = self.peek(model.summary, catalogue)
        if scores is None:
            folder = catalogue.snapshot.folder
            scores = await self._workers.run(score_well_known, model.blob, folder)
            self.put(model.summary, catalogue, scores)
        return scores

    def forget(self, listener_id: ListenerId) -> None:
        """Drop whatever is kept about a listener."""
        self._kept.pop(listener_id, None)
