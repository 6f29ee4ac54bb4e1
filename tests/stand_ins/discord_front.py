"""Discord's front door in miniature: the few routes that the bot needs, and a gateway.

A test dispatches interactions through the gateway and reads what the bot sent for them.
"""

import asyncio
import contextlib
import itertools
import json
import re
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

BOT = {"id": "900", "username": "musicrec", "discriminator": "0", "avatar": None, "bot": True}
LISTENER = {"id": "701234567890123456", "username": "anna", "discriminator": "0", "avatar": None}
CHANNEL = {"id": "80", "type": 1, "recipients": [LISTENER]}
_HEARTBEAT_MS = 500


@dataclass
class DiscordFront:
    """One running stand-in.

    Attributes:
        sent: Method, path without tokens, and JSON body of every request, in order.
        port: Of REST and gateway alike.
    """

    sent: list[tuple[str, str, Any]] = field(default_factory=list)
    port: int = 0
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _sequence: Iterator[int] = field(default_factory=lambda: itertools.count(2))
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1_000))

    @property
    def n_connected(self) -> int:
        """Gateway connections that are open."""
        return sum(not socket.closed for socket in self._sockets)

    async def command(self, name: str) -> str:
        """Let Anna use a command without options; return the interaction's id."""
        return await self._interact(2, data={"id": "5", "name": name, "type": 1})

    async def press(self, custom_id: str) -> str:
        """Let Anna press a button of a message of the bot; return the interaction's id."""
        button = {"type": 2, "style": 2, "label": "x", "custom_id": custom_id}
        message = self._message() | {"components": [{"type": 1, "components": [button]}]}
        data = {"component_type": 2, "custom_id": custom_id}
        return await self._interact(3, data=data, message=message)

    async def _interact(self, kind: int, **details: Any) -> str:
        number = str(next(self._ids))
        asked = {
            "id": number,
            "application_id": BOT["id"],
            "type": kind,
            "token": f"token-of-{number}",
            "version": 1,
            "user": LISTENER,
            "channel_id": CHANNEL["id"],
            "channel": CHANNEL,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"1": LISTENER["id"]},
            "context": 1,
            "app_permissions": "0",
            "attachment_size_limit": 10_485_760,
            **details,
        }
        await self._dispatch("INTERACTION_CREATE", asked)
        return number

    def answers(self, number: str) -> list[Any]:
        """Return what the bot sent to an interaction, in order."""
        return [body for _, path, body in self.sent if number in path]

    async def hang_up(self) -> None:
        """Close every gateway connection as Discord does when it wants the bot to resume."""
        for socket in self._sockets:
            await socket.close(code=4000)

    async def _dispatch(self, name: str, data: Any) -> None:
        await self._sockets[-1].send_json(
            {"op": 0, "t": name, "s": next(self._sequence), "d": data}
        )

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": _HEARTBEAT_MS}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            said = message.json()
            if said["op"] == 1:
                await socket.send_json({"op": 11})
            elif said["op"] == 2:
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": self._ready()})
            elif said["op"] == 6:
                await self._dispatch("RESUMED", {})
        return socket

    def _ready(self) -> dict[str, Any]:
        return {
            "v": 10,
            "user": BOT,
            "guilds": [],
            "session_id": "a-session",
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
            "application": {"id": BOT["id"], "flags": 0},
        }

    async def rest(self, request: web.Request) -> web.Response:
        """Answer any route with as little as discord.py needs."""
        body = await _json_of(request)
        path = request.path.removeprefix("/api")
        self.sent.append((request.method, path, body))
        if path == "/users/@me":
            return _as_json(BOT)
        if path == "/oauth2/applications/@me":
            about = {"id": BOT["id"], "name": "musicrec", "flags": 0, "verify_key": "x"}
            about |= {"description": "", "bot_public": True, "bot_require_code_grant": False}
            return _as_json(about | {"owner": LISTENER, "icon": None, "summary": ""})
        if re.fullmatch(r"/applications/\d+/commands", path):
            commands = [
                {"version": "1", "id": str(number), "application_id": BOT["id"], **command}
                for number, command in enumerate(body, start=1)
            ]
            return _as_json(commands)
        if path.endswith("/callback"):
            number = path.split("/")[2]
            return _as_json({"interaction": {"id": number, "type": 2}})
        return _as_json(self._message())

    def _message(self) -> dict[str, Any]:
        return {
            "id": str(next(self._ids)),
            "channel_id": CHANNEL["id"],
            "author": BOT,
            "content": "",
            "timestamp": "2026-11-23T12:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
        }


def _as_json(content: Any) -> web.Response:
    # discord.py looks for exactly this type, without a charset.
    body = json.dumps(content).encode()
    return web.Response(body=body, headers={"Content-Type": "application/json"})


async def _json_of(request: web.Request) -> Any:
    """Return the JSON of a body, also of one that comes with files."""
    if request.content_type == "application/json":
        return await request.json()
    if request.content_type == "multipart/form-data":
        return str((await request.post()).get("payload_json"))
    return None


Front = TypeVar("Front", bound=DiscordFront)


@contextlib.asynccontextmanager
async def discord_front() -> AsyncGenerator[DiscordFront]:
    """Serve it on this machine until the context ends."""
    async with serving(DiscordFront()) as front:
        yield front


@contextlib.asynccontextmanager
async def serving(front: Front) -> AsyncGenerator[Front]:
    """Serve a stand-in on this machine until the context ends."""
    app = web.Application(client_max_size=50_000_000)
    app.router.add_get("/gateway", front.gateway)
    app.router.add_route("*", "/api/{path:.*}", front.rest)
    runner = web.AppRunner(app, shutdown_timeout=1.0, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    front.port = runner.addresses[0][1]
    try:
        yield front
    finally:
        await front.hang_up()
        await asyncio.sleep(0)
        await runner.cleanup()
