"""A program that copies a kept list to another home and hangs there, once before it says so."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.container import open_services
from musicrec.domain.account import AccountKind
from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.playlist import Playlist, PlaylistItem
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.domain.playlist_home import HomeList
from musicrec.services.here_home import HereHome
from musicrec.storage import Database, sqlite_url

ELSEWHERE = ListenerId(9_999)
"""Under whose name the database plays the home elsewhere, which outlives every process."""


def now() -> datetime:
    return datetime.now(UTC)


class HangingHome(HereHome):
    """Does what is asked for, and never answers."""

    def __init__(self, database: Database, where: str) -> None:
        super().__init__(ELSEWHERE, database, now)
        self._where = where

    async def create(self, title: str, description: str, items: Sequence[PlaylistItem]) -> HomeList:
        made = await super().create(title, description, items)
        await self._hang("create")
        return made

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        some = await super().bring(list_id, lambda now: now.with_items(wanted(now).items[:2]))
        await self._hang("bring")
        return some

    async def _hang(self, where: str) -> None:
        if where == self._where:
            print("hangs", flush=True)  # noqa: T201 - the acknowledgement
            await asyncio.Event().wait()


async def main(data_dir: str, listener: str, kept: str, where: str) -> None:
    database = Database.open(sqlite_url(Path(data_dir)))
    home = HangingHome(database, where)
    opening = open_services(
        data_dir=Path(data_dir), worker_processes=1, homes={PlaceKind.SPOTIFY: lambda _: home}
    )
    async with opening as services:
        await services.copies.send(
            ListenerId(int(listener)), KeptId(int(kept)), AccountKind.SPOTIFY
        )


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
