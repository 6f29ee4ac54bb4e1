"""What stands out in a taste, in words: found once a model, because it changes slowly."""

from collections import OrderedDict
from typing import Final

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.ids import ListenerId
from musicrec.services.taste import lean_words
from musicrec.storage import Database

_MOST_KEPT: Final = 10_000


class LeanWords:
    """The words of the last models that were spoken of."""

    def __init__(self, database: Database, catalogue: CurrentCatalogue) -> None:
        self._database = database
        self._catalogue = catalogue
        self._kept: OrderedDict[ListenerId, tuple[str, tuple[str, ...]]] = OrderedDict()

    async def of(self, listener_id: ListenerId, model: str) -> tuple[str, ...]:
        """Return the words of the listener's labels about when a model was first spoken of.

        Args:
            listener_id: Whose.
            model: Its content hash.
        """
        known = self._kept.get(listener_id)
        if known is None or known[0] != model:
            async with self._database.reading() as uow:
                events = await uow.labels.current(listener_id)
            known = self._kept[listener_id] = model, lean_words(self._catalogue.now, events)
        self._kept.move_to_end(listener_id)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return known[1]

    def forget(self, listener_id: ListenerId) -> None:
        """Drop what is remembered of a listener."""
        self._kept.pop(listener_id, None)
