"""Discord's front door in miniature: the few routes that the bot needs, and a gateway.

A test dispatches interactions through the gateway and reads what the bot sent for them.
"""

import asyncio
import contextlib
import itertools
import json
import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import WSMsgType, web

from tests.stand_ins.discord_faults import Faults

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
        n_shards: That it recommends.
        unheard: Interactions that no connection of their shard was there for.
        faults: How it misbehaves.
        asked: Every interaction by its id.
        n_ready: How often the gateway said that a session began or goes on.
    """

    sent: list[tuple[str, str, Any]] = field(default_factory=list)
    port: int = 0
    n_shards: int = 1
    unheard: list[str] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    asked: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    n_ready: int = 0
    _missed: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _shards: dict[web.WebSocketResponse, tuple[int, int]] = field(default_factory=dict)
    _sequence: Iterator[int] = field(default_factory=lambda: itertools.count(2))
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1_000))

    @property
    def n_connected(self) -> int:
        """Gateway connections that are open."""
        return sum(not socket.closed for socket in self._sockets)

    @property
    def shards(self) -> set[tuple[int, int]]:
        """Number and count of every shard with an open connection."""
        return {shard for socket, shard in self._shards.items() if not socket.closed}

    async def command(self, name: str, guild_id: int | None = None) -> str:
        """Let Anna use a command without options; return the interaction's id."""
        data = {"id": "5", "name": name, "type": 1}
        return await self._interact(2, data=data, **_where(guild_id))

    async def press(
        self,
        custom_id: str,
        guild_id: int | None = None,
        by: Mapping[str, Any] = LISTENER,
    ) -> str:
        """Let somebody press a button of a message of the bot; return the interaction's id."""
        button = {"type": 2, "style": 2, "label": "x", "custom_id": custom_id}
        message = self._message() | {"components": [{"type": 1, "components": [button]}]}
        data = {"component_type": 2, "custom_id": custom_id}
        where = {"user": by} | _where(guild_id)
        return await self._interact(3, data=data, message=message, **where)

    async def again(self, number: str) -> None:
        """Deliver an interaction once more, as Discord may."""
        await self._dispatch("INTERACTION_CREATE", self.asked[number])

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
        self.asked[number] = asked
        self.faults.asked(number)
        if not await self._dispatch("INTERACTION_CREATE", asked):
            self.unheard.append(number)
        return number

    def answers(self, number: str) -> list[Any]:
        """Return what the bot sent to an interaction, in order."""
        return [body for _, path, body in self.sent if number in path]

    async def hang_up(self) -> None:
        """Close every gateway connection as Discord does when it wants the bot to resume."""
        for socket in self._sockets:
            await socket.close(code=4000)

    async def _dispatch(self, name: str, data: Any) -> bool:
        """Tell all who are connected to the event's shard; False where nobody is.

        Then it is told when the session is resumed.
        """
        hearers = [
            socket
            for socket, shard in self._shards.items()
            if _is_of(data, shard) and not socket.closed
        ]
        for socket in hearers:
            await self._tell(socket, name, data)
        if not hearers:
            self._missed.append((name, data))
        return bool(hearers)

    async def _tell(self, socket: web.WebSocketResponse, name: str, data: Any) -> None:
        event = {"op": 0, "t": name, "s": next(self._sequence), "d": data}
        with contextlib.suppress(ConnectionError):  # it broke off in this moment
            await socket.send_json(event)

    def _take_missed(self, shard: tuple[int, int]) -> list[tuple[str, Any]]:
        taken = [event for event in self._missed if _is_of(event[1], shard)]
        self._missed = [event for event in self._missed if event not in taken]
        return taken

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
                number, count = said["d"].get("shard", (0, 1))
                self._shards[socket] = number, count
                self._take_missed((number, count))  # another session does not hear of it
                await self._tell(socket, "READY", self._ready(number, count))
                self.n_ready += 1
            elif said["op"] == 6:
                number, count = map(int, said["d"]["session_id"].split("-")[2:])
                self._shards[socket] = number, count
                for name, data in self._take_missed((number, count)):
                    await self._tell(socket, name, data)
                await self._tell(socket, "RESUMED", {})
                self.n_ready += 1
        return socket

    def _ready(self, number: int, count: int) -> dict[str, Any]:
        return {
            "v": 10,
            "user": BOT,
            "guilds": [],
            "session_id": f"a-session-{number}-{count}",
            "shard": [number, count],
            "resume_gateway_url": f"ws://127.0.0.1:{self.port}/gateway",
            "application": {"id": BOT["id"], "flags": 0},
        }

    async def rest(self, request: web.Request) -> web.Response:
        """Answer any route, unless a fault meets it."""
        body = await _json_of(request)
        path = request.path.removeprefix("/api")
        self.sent.append((request.method, path, body))
        return await self.faults.meet(request, path) or self._answer(path, body)

    def _answer(self, path: str, body: Any) -> web.Response:
        """Answer with as little as discord.py needs."""
        if path == "/users/@me":
            return _as_json(BOT)
        if path == "/gateway/bot":
            limit = {"total": 1_000, "remaining": 1_000, "reset_after": 0, "max_concurrency": 1}
            url = f"ws://127.0.0.1:{self.port}/gateway"
            return _as_json({"url": url, "shards": self.n_shards, "session_start_limit": limit})
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


def _is_of(data: Any, shard: tuple[int, int]) -> bool:
    """Tell whether an event is told to a shard, by its number and their count."""
    number, count = shard
    return (int(data.get("guild_id", 0)) >> 22) % count == number


def _where(guild_id: int | None) -> dict[str, Any]:
    """Return what an interaction has more on a server, where Anna is a member."""
    if guild_id is None:
        return {}
    member = {"user": LISTENER, "roles": [], "joined_at": "2026-01-01T12:00:00+00:00"}
    member |= {"deaf": False, "mute": False, "flags": 0, "permissions": "2147483647"}
    channel = {"id": CHANNEL["id"], "type": 0, "name": "music", "guild_id": str(guild_id)}
    return {
        "guild_id": str(guild_id),
        "guild": {"id": str(guild_id), "features": [], "locale": "en-US"},
        "member": member,
        "channel": channel | {"position": 0, "permission_overwrites": []},
        "context": 0,
        "app_permissions": "2147483647",
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
