"""How the bot of one of several processes hears and asks, without Discord."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sharded import ShardedBot, paced
from bot.shards import Shards
from musicrec.services import Services

LONG_S = 3_600.0


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async def answer(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_requests_wait_for_this_process_s_share_and_answers_to_interactions_do_not(
    address: str,
):
    async with aiohttp.ClientSession(trace_configs=[paced(LONG_S)]) as session:

        async def ask(path: str) -> int:
            async with session.get(f"{address}/api/v10{path}") as answer:
                return answer.status

        assert await ask("/channels/1/messages") == 200
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask("/channels/2/messages"), 0.5)
        assert await ask("/interactions/1/token/callback") == 200
        assert await ask("/webhooks/1/token/messages/@original") == 200


class Heard(ShardedBot):
    """Notes what reaches it."""

    def __init__(self, claims: dict[int, bool] | None) -> None:
        super().__init__(Services.__new__(Services), Shards((0,), 2))
        self.events: list[int] = []
        self._wrapped = self._hearing_once(lambda data: self.events.append(int(data["id"])))

        async def claim(event_id: int) -> bool:
            await asyncio.sleep(0)
            return (claims or {})[event_id]

        self.hear_once(claim if claims is not None else None)

    def hear(self, event_id: int) -> None:
        data: Any = {"id": str(event_id)}
        self._wrapped(data)


async def test_alone_it_hears_everything_at_once():
    bot = Heard(None)
    bot.hear(1)
    assert bot.events == [1]


async def test_beside_another_process_it_hears_what_it_notes_first():
    bot = Heard({1: True, 2: False, 3: True})
    for event_id in (1, 2, 3):
        bot.hear(event_id)
    assert bot.events == []
    await bot.stop_hearing()  # waits for what is being noted
    assert bot.events == [1, 3]
    bot.hear_once(None)
    bot.hear(4)
    assert bot.events == [1, 3, 4]
