"""The last scorings of the whole catalogue, kept in memory per model."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.services.jobs import score
from musicrec.workers import Workers

_MOST_KEPT = 64
"""Listeners whose scores stay in memory: 18 KB each over the demo catalogue."""


class ScoreCache:
    """p_like of every catalogue row under each listener's latest model.

    Scores belong to one model's bytes: a refit makes the kept ones useless, never wrong.
    """

    def __init__(self, catalogue: Catalogue, workers: Workers) -> None:
        self._catalogue = catalogue
        self._workers = workers
        self._kept: OrderedDict[ListenerId, tuple[str, NDArray[np.float32]]] = OrderedDict()

    def put(self, summary: ModelSummary, scores: NDArray[np.float32]) -> None:
        """Keep the scores, shape ``(len(catalogue),)``, of a model."""
        self._kept[summary.listener_id] = (summary.content_hash, scores)
        self._kept.move_to_end(summary.listener_id)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    def peek(self, summary: ModelSummary | None) -> NDArray[np.float32] | None:
        """Return the model's scores if they are at hand; never computes."""
        if summary is None:
            return None
        content_hash, scores = self._kept.get(summary.listener_id, ("", None))
        return scores if content_hash == summary.content_hash else None

    async def of(self, model: StoredModel) -> NDArray[np.float32]:
        """Return the model's scores, computed in a worker where they are not at hand."""
        scores = self.peek(model.summary)
        if scores is None:
            scores = await self._workers.run(score, model.blob, self._catalogue.songs)
            self.put(model.summary, scores)
        return scores

    def forget(self, listener_id: ListenerId) -> None:
        """Drop whatever is kept about a listener."""
        self._kept.pop(listener_id, None)
