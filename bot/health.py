"""A small web server of its own that tells machines how the bot is doing; people never see it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.failures import StartError
from bot.metrics import Metrics
from bot.settings import Settings
from bot.vitals import look_at
from cogs._bot import ServiceBot

ScheduleLag = Callable[[], float | None]

_UNWELL: Final = 503


@contextlib.asynccontextmanager
async def telling_health(
    settings: Settings,
    bot: ServiceBot,
    metrics: Metrics,
    schedule_lag: ScheduleLag | None = None,
) -> AsyncGenerator[None]:
    """Serve ``/healthz`` and ``/metrics`` where the operator says so, and nothing otherwise.

    Args:
        settings: Where to listen.
        bot: Whom it is about.
        metrics: What was counted.
        schedule_lag: Tells by how many seconds scheduled work is late.

    Raises:
        StartError: The address cannot be listened at.
    """
    if settings.health_port is None:
        yield
        return
    runner = web.AppRunner(_application(bot, metrics, schedule_lag), access_log=None)
    await runner.setup()
    watching = asyncio.create_task(metrics.watch_event_loop(), name="event loop lag")
    try:
        await _listen(runner, settings.health_host, settings.health_port)
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        msg = f"Nobody can be told of health at {host}:{port}: set HEALTH_HOST and HEALTH_PORT."
        raise StartError(msg) from error


def _application(
    bot: ServiceBot, metrics: Metrics, schedule_lag: ScheduleLag | None
) -> web.Application:
    async def healthz(_: web.Request) -> web.Response:
        vitals = await look_at(bot, schedule_lag)
        status = web.HTTPOk.status_code if vitals.ok else _UNWELL
        return web.json_response({"ok": vitals.ok, **vitals.parts()}, status=status)

    async def figures(_: web.Request) -> web.Response:
        body = metrics.text(await look_at(bot, schedule_lag))
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application(client_max_size=1)
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", figures)
    return app
