"""Discord's messages in miniature, over real HTTP: a nonce counts for some minutes only.

It kills the process that posts, where a test wants that: before a message is kept, before the
reply, or any moment after.
"""

import asyncio
import os
import signal
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

NONCE_COUNTS_FOR: Final = timedelta(minutes=5)
MOST_LISTED: Final = 100


@dataclass(frozen=True)
class Message:
    """A message as it was posted; histories do not tell its nonce."""

    id: int
    channel_id: int
    content: str
    nonce: str
    posted_at: datetime


@dataclass(frozen=True)
class Kill:
    """When to kill whoever makes a request: before its message is kept, before the reply, or so
    many seconds after it."""

    before_kept: bool = False
    before_reply: bool = False
    after_s: float = 0.0


@dataclass
class MessageServer:
    """Keeps messages, and kills at some requests.

    Attributes:
        clock: Tells aware UTC.
        kills: By the number of the request to post, from 0.
        killed: Processes.
    """

    clock: Callable[[], datetime]
    kills: Mapping[int, Kill] = field(default_factory=dict[int, Kill])
    channels: dict[int, list[Message]] = field(
        default_factory=lambda: defaultdict[int, list[Message]](list)
    )
    n_posts: int = 0
    n_deduplicated: int = 0
    n_owed: int = 0
    killed: set[int] = field(default_factory=set[int])

    @property
    def messages(self) -> list[Message]:
        return [message for channel in self.channels.values() for message in channel]

    @asynccontextmanager
    async def serving(self) -> AsyncGenerator[str]:
        """Serve on this machine only; yields the address."""
        app = web.Application()
        app.add_routes(
            [
                web.post("/channels/{channel}/messages", self._post),
                web.get("/channels/{channel}/messages", self._list),
            ]
        )
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        body, process = await request.json(), int(request.headers["X-Process"])
        kill = self.kills.get(self.n_posts)
        self.n_posts += 1
        if kill is None and self.n_owed:
            self.n_owed -= 1
            kill = Kill(before_reply=True)
        if kill is not None and kill.before_kept:
            self._kill(process)
            return web.Response(status=500)
        message = self._kept(int(request.match_info["channel"]), body)
        if kill is not None and kill.before_reply:
            self._kill(process)
        elif kill is not None:
            asyncio.get_running_loop().call_later(kill.after_s, self._kill, process)
        return web.json_response({"id": message.id, "channel_id": message.channel_id})

    def _kept(self, channel_id: int, body: Mapping[str, str]) -> Message:
        channel, at, nonce = self.channels[channel_id], self.clock(), body["nonce"]
        for message in reversed(channel):
            if message.nonce == nonce and at - message.posted_at <= NONCE_COUNTS_FOR:
                self.n_deduplicated += 1
                return message
        message = Message(1 + len(self.messages), channel_id, body["content"], nonce, at)
        channel.append(message)
        return message

    async def _list(self, request: web.Request) -> web.Response:
        channel = self.channels[int(request.match_info["channel"])]
        latest = reversed(channel[-MOST_LISTED:])
        return web.json_response(
            [{"id": message.id, "content": message.content} for message in latest]
        )

    def _kill(self, process: int) -> None:
        if process in self.killed:  # a moment ago: the next one who asks dies instead
            self.n_owed += 1
            return
        self.killed.add(process)
        os.kill(process, signal.SIGKILL)
