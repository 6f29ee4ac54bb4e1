"""Links of songs that people post, and the songs that they lead to."""

import logging
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from musicrec.domain.errors import SongUnknownError
from musicrec.domain.track import Track
from musicrec.services.adding import SongAdding
from musicrec.sources import AskedSong, songs_linked_in
from musicrec.storage import Database

MOST_OF_A_MESSAGE: Final = 3
"""Songs that become cards, so that a list of links does not fill the channel."""
MOST_A_MINUTE: Final = 6
"""Songs of one channel: whoever posts more floods it, and spends what sources allow us."""
_MINUTE: Final = timedelta(minutes=1)

_log = logging.getLogger(__name__)


class LinkService:
    """Knows each server's channel for links, and looks the linked songs up."""

    def __init__(self, database: Database, adding: SongAdding) -> None:
        self._database = database
        self._adding = adding
        self._lately: defaultdict[int, deque[datetime]] = defaultdict(deque)

    async def choose(self, guild_id: int, channel_id: int, *, at: datetime) -> None:
        """Let links in a channel become cards; a server has one such channel."""
        async with self._database.writing() as uow:
            await uow.link_channels.choose(guild_id, channel_id, at)

    async def forget(self, guild_id: int) -> bool:
        """Let links be links again; tell whether there was a channel."""
        async with self._database.writing() as uow:
            return await uow.link_channels.forget(guild_id)

    async def songs_in(
        self, text: str, *, guild_id: int, channel_id: int, at: datetime
    ) -> list[Track]:
        """Return the songs that links of a message lead to, in their order.

        Empty in any other channel than the server's, and where the channel had enough lately.
        Songs that nobody knows are left out.

        Raises:
            StorageError: The database is out of reach or failed.
        """
        asked = songs_linked_in(text)[:MOST_OF_A_MESSAGE]
        if not asked or await self._channel_of(guild_id) != channel_id:
            return []
        return await self._known(self._allowed(channel_id, asked, at), at)

    async def _channel_of(self, guild_id: int) -> int | None:
        async with self._database.reading() as uow:
            return await uow.link_channels.channel_of(guild_id)

    def _allowed(
        self, channel_id: int, asked: Sequence[AskedSong], at: datetime
    ) -> Sequence[AskedSong]:
        """Return as many of the songs as the channel may still have within this minute."""
        lately = self._lately[channel_id]
        while lately and lately[0] <= at - _MINUTE:
            lately.popleft()
        allowed = asked[: MOST_A_MINUTE - len(lately)]
        lately.extend([at] * len(allowed))
        return allowed

    async def _known(self, asked: Sequence[AskedSong], at: datetime) -> list[Track]:
        tracks: list[Track] = []
        for song in asked:
            try:
                tracks.append(await self._adding.linked(song, at=at))
            except SongUnknownError as error:
                _log.debug("A posted link leads to no song that is known: %s", error)
        return tracks
