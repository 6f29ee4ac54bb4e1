"""Public song cards."""

from datetime import datetime

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.card import Card
from musicrec.domain.ids import TrackId
from musicrec.domain.track import Track
from musicrec.storage import Database

_FIRST_SONGS = 50
"""A first card shows one of this many most popular songs: something people can judge."""


class CardService:
    """Remembers which message shows which song."""

    def __init__(self, database: Database, catalogue: CurrentCatalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def record(
        self,
        message_id: int,
        channel_id: int,
        track_id: TrackId,
        *,
        guild_id: int | None = None,
        at: datetime,
    ) -> None:
        """Store that a message shows a song, so that reactions on it count."""
        async with self._database.writing() as uow:
            await uow.cards.put(Card(message_id, channel_id, track_id, at, guild_id))

    def pick_first_song(self, *, seed: int) -> Track:
        """Choose a well-known song for a channel's first card."""
        return self._catalogue.now.track(seed % min(_FIRST_SONGS, len(self._catalogue.now)))
