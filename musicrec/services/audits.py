"""Audits of listeners' lists: whose, when, and what is kept of them."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.errors import MusicRecError
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelValue
from musicrec.domain.recall import RecallAudit
from musicrec.services.auditor import Auditor, Progress, Subject
from musicrec.services.listing import known_songs
from musicrec.storage import Database

EVERY: Final = timedelta(hours=8)
"""Between two audits: one scores every song, minutes of a processor over 30 million."""
RECENT: Final = timedelta(days=30)
"""Age of a model up to which its listener is thought to ask for recommendations still."""

_LIKES: Final = 500
"""Latest likes among which the favourite genre is found."""
_LOOK_AGAIN_S: Final = 600.0

_log = logging.getLogger(__name__)


class AuditService:
    """Scores every song by a listener's model, and counts what their lists hold of the best.

    Audits in the background are one task of this service. It gives the workers one slice of the
    songs after the other, and none while they have anything else to do.
    """

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        auditor: Auditor,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._auditor = auditor
        self._clock = clock
        self._tried_at: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, rng: np.random.Generator, *, look_again_s: float = _LOOK_AGAIN_S) -> None:
        """Begin to audit now and then; needs a running event loop.

        Args:
            rng: Chooses whom.
            look_again_s: Seconds between two looks whether an audit is due.
        """
        self._task = asyncio.create_task(self._work(rng, look_again_s), name="audits")

    async def close(self) -> None:
        """Stop auditing; what was begun is lost."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def audit_if_due(self, *, at: datetime, rng: np.random.Generator) -> list[RecallAudit]:
        """Audit one listener, unless the last audit, of whatever process, was a short time ago.

        Raises:
            StorageError, WorkersBusyError, WorkerLostError: It could not be done now.
        """
        async with self._database.reading() as uow:
            last = max(filter(None, (await uow.audits.last_at(), self._tried_at)), default=None)
        if last is not None and at - last < EVERY:
            return []
        chosen = await self.choose(1, at=at, rng=rng)
        if not chosen:
            return []
        self._tried_at = at
        return await self.audit(chosen[0], at=at, rng=rng)

    async def choose(self, n: int, *, at: datetime, rng: np.random.Generator) -> list[ListenerId]:
        """Draw up to ``n`` of the listeners with a recent model and a recommendation."""
        async with self._database.reading() as uow:
            candidates = await uow.audits.candidates(at - RECENT)
        return [candidates[place] for place in rng.permutation(len(candidates))[:n]]

    async def audit(
        self,
        listener_id: ListenerId,
        *,
        at: datetime,
        rng: np.random.Generator,
        progress: Progress | None = None,
    ) -> list[RecallAudit]:
        """Audit a listener's lists by their latest model, and store what is found.

        Args:
            listener_id: Whose.
            at: Now.
            rng: Chooses what the lists are limited to.
            progress: Told how far it is.

        Returns:
            What was stored; nothing where there is no model, or where it or the catalogue was
            replaced meanwhile.

        Raises:
            StorageError, WorkersBusyError, WorkerLostError: It could not be done now.
        """
        subject = await self._subject(listener_id)
        if subject is None:
            return []

        async def is_current() -> bool:
            return await self._is_current(listener_id, subject)

        audits = await self._auditor.audit(
            subject, at=at, rng=rng, is_current=is_current, progress=progress
        )
        if audits is None or not await is_current():
            _log.debug("An audit was dropped: its model or its catalogue was replaced.")
            return []
        async with self._database.writing() as uow:
            await uow.audits.add(*audits)
        return audits

    async def _work(self, rng: np.random.Generator, look_again_s: float) -> None:
        while True:
            await asyncio.sleep(look_again_s)
            try:
                await self.audit_if_due(at=self._clock(), rng=rng)
            except MusicRecError as error:
                _log.warning("An audit was put off: %s", error)
            except Exception:  # noqa: BLE001 - one listener's bug must not end all audits
                _log.exception("An audit failed")

    async def _subject(self, listener_id: ListenerId) -> Subject | None:
        catalogue = self._catalogue.now
        async with self._database.reading() as uow:
            model = await uow.models.latest(listener_id)
            known = await known_songs(uow, listener_id)
            liked = await uow.labels.last_tracks(listener_id, n=_LIKES, value=LabelValue.LIKE)
        return None if model is None else Subject(model, catalogue, known, liked)

    async def _is_current(self, listener_id: ListenerId, subject: Subject) -> bool:
        if self._catalogue.now.snapshot is not subject.catalogue.snapshot:
            return False
        async with self._database.reading() as uow:
            kept = await uow.models.content_hashes(listener_id)
        return subject.model.summary.content_hash in kept
