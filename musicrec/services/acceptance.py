"""How many of the songs that a listener was recommended they rated and liked."""

from datetime import datetime, timedelta
from typing import Final

from musicrec.domain.acceptance import Acceptance
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelValue
from musicrec.domain.shortlist import ShortlistKind
from musicrec.storage import Database

N_DAYS: Final = 90

_RECOMMENDED: Final = (ShortlistKind.RECOMMEND, ShortlistKind.WEEK, ShortlistKind.EXPLORE)


class AcceptanceService:
    """Looks at what was shown and what became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, listener_id: ListenerId, *, at: datetime) -> Acceptance:
        """Return what became of the last ``N_DAYS``' recommendations; questions are none."""
        since = at - timedelta(days=N_DAYS)
        async with self._database.reading() as uow:
            shown = await uow.shortlists.shown_since(listener_id, _RECOMMENDED, since)
            labels = await uow.labels.current(listener_id)
        rated = [label for label in labels if label.track_id in shown]
        n_liked = sum(label.value is LabelValue.LIKE for label in rated)
        return Acceptance(N_DAYS, len(shown), len(rated), n_liked)
