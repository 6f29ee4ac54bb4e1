"""Account services on one database, as processes that follow each other or run side by side."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.stand_in.service import Spotify
from musicrec.accounts.keys import TokenKeys
from musicrec.accounts.opening import open_accounts
from musicrec.accounts.settings import AccountSettings
from musicrec.domain.account import Account
from musicrec.domain.ids import ListenerId
from musicrec.services.accounts import AccountService
from musicrec.services.source_answers import StoredAnswers
from musicrec.storage import Database
from tests.stand_ins.clocks import SkippingClock
from tests.stand_ins.spotify.browser import account_settings, allow


@dataclass
class Office:
    """What a process has."""

    service: AccountService
    database: Database
    spotify: Spotify
    clock: SkippingClock

    async def begin(self, listener: ListenerId) -> str:
        return (await self.service.begin(listener, at=self.clock.now())).url

    async def paste(self, listener: ListenerId, address: str) -> Account:
        return await self.service.paste(listener, address, at=self.clock.now())

    async def link(self, listener: ListenerId, visitor: str = "orla") -> Account:
        address = await allow(self.spotify, await self.begin(listener), visitor)
        return await self.paste(listener, address)

    def token_calls(self) -> int:
        return sum(str(each.asked) == "POST /api/token" for each in self.spotify.log)


@asynccontextmanager
async def office(
    url: str, spotify: Spotify, clock: SkippingClock, *keys: str
) -> AsyncGenerator[Office]:
    database = Database.open(url)
    settings = AccountSettings(account_settings(spotify), TokenKeys(keys))
    async with open_accounts(
        settings, StoredAnswers(database), clock.now, program="musicrec/0.1.0"
    ) as accounts:
        service = AccountService(database, accounts)
        yield Office(service, database, spotify, clock)
        await service.close()
    await database.close()
