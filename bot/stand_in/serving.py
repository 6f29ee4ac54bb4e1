"""The stand-in of Spotify as a real server on 127.0.0.1."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiohttp import web

from bot.stand_in.exchange import Asked
from bot.stand_in.service import Spotify


@asynccontextmanager
async def serving_spotify(spotify: Spotify, port: int = 0) -> AsyncGenerator[str]:
    """Serve it; its address is yielded, and told to it for the links in its pages."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await _handle(spotify, request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        bound: Any = runner.addresses[0][1]
        spotify.address = f"http://127.0.0.1:{bound}"
        yield spotify.address
    finally:
        await runner.cleanup()


@contextmanager
def serving_spotify_aside(spotify: Spotify) -> Generator[str]:
    """Serve it from a thread of its own, which no loop waits for, and yield its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="spotify stand-in", daemon=True)
    thread.start()
    served = serving_spotify(spotify)
    try:
        yield asyncio.run_coroutine_threadsafe(served.__aenter__(), loop).result()
    finally:
        asyncio.run_coroutine_threadsafe(served.__aexit__(None, None, None), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _handle(spotify: Spotify, request: web.Request) -> web.StreamResponse:
    asked = Asked(
        request.method,
        request.path.rstrip("/"),
        dict(request.query),
        dict(request.headers),
        await request.text(),
    )
    if spotify.before(asked):
        return _dropped(request)
    trouble = spotify.trouble(asked)
    if trouble and trouble.slow_s:
        await asyncio.sleep(trouble.slow_s)
    if trouble and trouble.is_down and not trouble.takes_effect:
        return _dropped(request)
    answered = spotify.handle(asked, trouble)
    if trouble and trouble.is_down:
        return _dropped(request)
    headers = {"Content-Type": "application/json", **answered.headers}
    return web.Response(body=answered.body, status=answered.status, headers=headers)


def _dropped(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
