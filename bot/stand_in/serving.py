"""The stand-in of Spotify as a real server on 127.0.0.1."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
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
