"""All stand-ins together: as real servers on 127.0.0.1, or without any socket."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from aiohttp import web

from bot.stand_in.aside import aside
from musicrec.sources.clock import Clock
from musicrec.sources.settings import ServiceSettings, SourceSettings
from musicrec.sources.transport import Reply, Request, Transport
from tests.stand_ins.clocks import SkippingClock
from tests.stand_ins.listenbrainz import ListenBrainz, ListenBrainzLabs
from tests.stand_ins.musicbrainz import MusicBrainz
from tests.stand_ins.service import Asked, StandIn
from tests.stand_ins.shops import Deezer, DeezerLinks, Itunes, ReccoBeats, YouTube
from tests.stand_ins.world import World

CONTACT = "musicrec/0.1.0 ( tests@example.invalid )"


@dataclass
class StandIns:
    """Every service."""

    reccobeats: ReccoBeats
    musicbrainz: MusicBrainz
    listenbrainz: ListenBrainz
    listenbrainz_labs: ListenBrainzLabs
    deezer: Deezer
    itunes: Itunes
    youtube: YouTube
    deezer_links: DeezerLinks

    @classmethod
    def of(cls, world: World, clock: Clock) -> Self:
        return cls(
            ReccoBeats(world, clock),
            MusicBrainz(world, clock),
            ListenBrainz(world, clock),
            ListenBrainzLabs(world, clock),
            Deezer(world, clock),
            Itunes(world, clock),
            YouTube(world, clock),
            DeezerLinks(world, clock),
        )

    @property
    def services(self) -> dict[str, StandIn]:
        return dict(vars(self))

    @property
    def n_requests(self) -> int:
        return sum(len(service.log) for service in self.services.values())

    def settings(self, address: Callable[[str], str]) -> SourceSettings:
        """The real limits at other addresses."""
        settings = SourceSettings(contact="tests@example.invalid")
        for name, service in self.services.items():
            real: ServiceSettings = getattr(settings, name)
            moved = replace(real, base_url=address(name) + service.prefix)
            settings = replace(settings, **{name: moved})
        return settings


def without_pauses(settings: SourceSettings) -> SourceSettings:
    """For stand-ins whose clock leaps: nobody waits for a turn, nor tries again."""
    services = {
        name: replace(service, interval_s=0.0, tries=1)
        for name, service in ((f.name, getattr(settings, f.name)) for f in fields(settings))
        if isinstance(service, ServiceSettings)
    }
    return replace(settings, **services)


@asynccontextmanager
async def serving(stand_ins: StandIns) -> AsyncGenerator[SourceSettings]:
    """Serve every stand-in at an address of its own."""
    addresses: dict[str, str] = {}
    async with AsyncExitStack() as stack:
        for name, service in stand_ins.services.items():
            addresses[name] = await stack.enter_async_context(_serving(service))
        yield stand_ins.settings(addresses.__getitem__)


def serving_aside(stand_ins: StandIns) -> AbstractContextManager[SourceSettings]:
    """Serve from a thread of its own."""
    return aside(serving(stand_ins))


@asynccontextmanager
async def _serving(service: StandIn) -> AsyncGenerator[str]:
    async def handle(request: web.Request) -> web.StreamResponse:
        if service.switches.is_down:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if service.switches.slow_s:
            await asyncio.sleep(service.switches.slow_s)
        text = await request.text()
        asked = Asked(
            request.path.removeprefix(service.prefix),
            dict(request.query),
            json.loads(text) if text else None,
            dict(request.headers),
        )
        answered = service.handle(asked)
        return web.Response(
            body=answered.body,
            status=answered.status,
            headers={"Content-Type": "application/json", **answered.headers},
        )

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port: Any = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


class PromptTransport:
    """Sends through another one while the clock stands still."""

    def __init__(self, transport: Transport, clock: SkippingClock) -> None:
        self._transport = transport
        self._clock = clock

    async def send(self, request: Request) -> Reply:
        with self._clock.standing_still():
            return await self._transport.send(request)


class DirectTransport:
    """Asks the stand-ins without a socket, each answer taking some of the clock's time."""

    def __init__(self, stand_ins: StandIns, takes_s: float) -> None:
        self._services = stand_ins.services
        self._clock = stand_ins.musicbrainz.clock
        self._takes_s = takes_s

    def address(self, name: str) -> str:
        return f"direct://{name}"

    async def send(self, request: Request) -> Reply:
        name, _, path = request.url.removeprefix("direct://").partition("/")
        service = self._services[name]
        path = f"/{path}".removeprefix(service.prefix)
        answered = service.handle(Asked(path, request.query, request.body, {"User-Agent": CONTACT}))
        await self._clock.sleep(self._takes_s)
        headers = {key.lower(): value for key, value in answered.headers.items()}
        return Reply(answered.status, headers, answered.body)
