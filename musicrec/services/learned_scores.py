"""What models say about the songs that were learned since the snapshot was built."""

import asyncio
from collections import OrderedDict
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Delta
from musicrec.domain.model import StoredModel
from musicrec.services.jobs import score
from musicrec.workers import Workers

_MOST_KEPT: Final = 64
"""Models whose scores stay in memory, at most some 200 KB each."""


class LearnedScores:
    """Scores songs in a worker, and again only when more were learned."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._kept: OrderedDict[str, tuple[Delta, NDArray[np.float32]]] = OrderedDict()

    async def of(self, model: StoredModel, delta: Delta) -> NDArray[np.float32]:
        """Return p_like of the songs in ``delta.rows``.

        Raises:
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        known = self._kept.get(model.summary.content_hash)
        if known is not None and known[0] is delta:
            return known[1]
        songs = await asyncio.to_thread(delta.table, delta.rows.tolist())
        scores = await self._workers.run(score, model.blob, songs)
        self._kept[model.summary.content_hash] = (delta, scores)
        self._kept.move_to_end(model.summary.content_hash)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return scores

    def forget(self, content_hash: str) -> None:
        """Drop what is kept of a model."""
        self._kept.pop(content_hash, None)
