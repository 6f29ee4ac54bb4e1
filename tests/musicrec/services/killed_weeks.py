"""A program whose processes deliver weekly lists as the bot does, by a clock that stands in a file.

It forks them, because each would import for seconds, forks another one for each that is killed, and
ends with its standard input.
"""

import asyncio
import json
import os
import select
import signal
import sys
import traceback
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.schedule import ticking
from musicrec.domain.week import Week
from musicrec.domain.week_errors import PostingFailedError
from musicrec.domain.week_json import week_list_to_json
from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.weekly import Sent, week_nonce
from musicrec.storage import Database
from tests.musicrec.services.weekly_town import TinyComposer

OFTEN_S = 0.05
N_PROCESSES = 2


class HttpPost:
    """Posts to the stand-in; a message carries its week's mark, as buttons do."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, plan: WeeklyPlan, week: Week) -> Sent:
        assert week.id is not None
        body = {"nonce": week_nonce(week.id), "content": content_of(week)}
        try:
            async with self._session.post(_route(plan), json=body, raise_for_status=True) as reply:
                message = await reply.json()
        except aiohttp.ClientError as error:
            raise PostingFailedError(str(error)) from error
        return Sent(message["channel_id"], message["id"])

    async def find(self, plan: WeeklyPlan, week: Week) -> Sent | None:
        try:
            async with self._session.get(_route(plan), raise_for_status=True) as reply:
                messages = await reply.json()
        except aiohttp.ClientError as error:
            raise PostingFailedError(str(error)) from error
        for message in messages:
            if json.loads(message["content"])["week"] == week.id:
                return Sent(_channel(plan), message["id"])
        return None


def content_of(week: Week) -> str:
    """Return all that a message says, with its week's mark."""
    said = None if week.content is None else week_list_to_json(week.content)
    whose = {"listener": week.listener_id, "date": week.local_date.isoformat()}
    return json.dumps({"week": week.id, **whose, "said": said})


def _channel(plan: WeeklyPlan) -> int:
    return plan.channel_id or plan.listener_id


def _route(plan: WeeklyPlan) -> str:
    return f"/channels/{_channel(plan)}/messages"


async def main(url: str, clock_file: str, address: str) -> None:
    def clock() -> datetime:
        return datetime.fromisoformat(Path(clock_file).read_text())

    database = Database.open(url)
    headers = {"X-Process": str(os.getpid())}
    async with aiohttp.ClientSession(address, headers=headers) as session:
        delivery = WeekDelivery(database, TinyComposer(), clock, post=HttpPost(session))
        schedule = ticking(
            delivery.leadership(),
            [delivery.tick],
            clock=clock,
            every_s=OFTEN_S,
            take_over_s=OFTEN_S,
        )
        async with schedule:
            await asyncio.Event().wait()


def supervise(arguments: list[str]) -> None:
    """Keep the processes running until the standard input ends."""
    running: set[int] = set()
    while not select.select([sys.stdin], [], [], 0.01)[0]:
        while len(running) < N_PROCESSES:
            running.add(os.fork() or _deliver(arguments))
        process, status = os.waitpid(-1, os.WNOHANG)
        running.discard(process)
        if process and os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            sys.exit("A process ended by itself.")
    for process in running:
        os.kill(process, signal.SIGKILL)


def _deliver(arguments: list[str]) -> int:
    try:
        asyncio.run(main(*arguments))
    except BaseException:  # noqa: BLE001 - the fork must not go on as its parent
        traceback.print_exc()
    os._exit(1)


if __name__ == "__main__":
    supervise(sys.argv[1:])
