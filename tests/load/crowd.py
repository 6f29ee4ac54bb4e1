"""Discord's front door with many members before it, at little cost: frames are filled templates."""

import asyncio
import contextlib
import itertools
import json
import re
import time
from collections.abc import AsyncGenerator, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from tests.stand_ins.discord_front import BOT, CHANNEL, DiscordFront, serving

GUILD: Final = "60"
FIRST_NUMBER: Final = 10_000_000
_CALLBACK: Final = re.compile(r"/interactions/(\d+)/[^/]+/callback")
_CHANNEL: Final = {
    "id": CHANNEL["id"],
    "type": 0,
    "name": "music",
    "guild_id": GUILD,
    "position": 0,
    "permission_overwrites": [],
}
_JSON: Final = {"Content-Type": "application/json"}
_ACKNOWLEDGED: Final = re.compile(rb'"type":\s?(\d+)')
_DEFERRED: Final = frozenset({b"5", b"6"})


@dataclass(slots=True)
class Asked:
    """One interaction.

    Attributes:
        name: Of the command or button.
        at: When its frame was sent, on this process's monotonic clock.
        acknowledged_s: Seconds until the bot's callback came; None while it did not.
        answered_s: Seconds until the last that came about it; None while nothing or a promise came.
    """

    name: str
    at: float
    acknowledged_s: float | None = None
    answered_s: float | None = None


@dataclass
class Crowd(DiscordFront):
    """Members of one server.

    Attributes:
        asks: By the number of the interaction.
    """

    asks: dict[int, Asked] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(FIRST_NUMBER))

    async def use(self, member: int, name: str, options: list[dict[str, Any]]) -> int:
        """Let a member use a command; return the interaction's number."""
        command, *rest = name.split()
        asked: dict[str, Any] = {"options": options}
        for part in reversed(rest):
            asked = {"options": [{"name": part, "type": 1, **asked}]}
        data = {"id": "5", "name": command, "type": 1, **asked}
        return await self._ask(member, f"/{name}", _COMMAND, json.dumps(data))

    async def press_as(self, member: int, custom_id: str) -> int:
        """Let a member press a button; return the interaction's number."""
        return await self._ask(member, custom_id.split(":", maxsplit=1)[0], _PRESS, custom_id)

    async def _ask(self, member: int, name: str, template: str, what: str) -> int:
        number, sequence = next(self._numbers), next(self._sequence)
        # Noted before the frame leaves: the answer may be here before this task goes on.
        self.asks[number] = Asked(name, time.perf_counter())
        frame = template % {"number": number, "sequence": sequence, "member": member, "what": what}
        await self._sockets[-1].send_str(frame)
        return number

    async def rest(self, request: web.Request) -> web.Response:
        """Note when the bot answered; everything but answers is the stand-in's own."""
        path = request.path.removeprefix("/api")
        if path.startswith("/interactions/") and (found := _CALLBACK.match(path)):
            return await self._called_back(int(found[1]), await request.read())
        if path.startswith(f"/webhooks/{BOT['id']}/token-of-"):
            await request.read()
            self._note_answer(int(path.split("/")[3].removeprefix("token-of-")))
            return web.Response(body=_MESSAGE, headers=_JSON)
        if path == "/users/@me/channels":
            return web.Response(body=json.dumps(CHANNEL).encode(), headers=_JSON)
        if request.method == "GET" and path.endswith("/messages"):
            return web.Response(body=b"[]", headers=_JSON)
        return await super().rest(request)

    async def _called_back(self, number: int, body: bytes) -> web.Response:
        asked = self.asks[number]
        if asked.acknowledged_s is None:
            asked.acknowledged_s = time.perf_counter() - asked.at
        kind = _ACKNOWLEDGED.search(body)
        if not kind or kind[1] not in _DEFERRED:
            self._note_answer(number)
        said = {"interaction": {"id": str(number), "type": 3}}
        if kind and kind[1] in {b"4", b"7"}:
            resource = b'"resource":{"type":%b,"message":%b}' % (kind[1], _MESSAGE)
            return web.Response(
                body=b"%b,%b}" % (json.dumps(said).encode()[:-1], resource), headers=_JSON
            )
        return web.Response(body=json.dumps(said).encode(), headers=_JSON)

    def _note_answer(self, number: int) -> None:
        asked = self.asks[number]
        asked.answered_s = time.perf_counter() - asked.at

    def acknowledged(self) -> list[int]:
        """Return the numbers of all interactions that were acknowledged."""
        return [number for number, asked in self.asks.items() if asked.acknowledged_s is not None]

    async def until_answered(
        self, *, patience_s: float, names: Collection[str] = (), quiet_s: float = 1.0
    ) -> None:
        """Wait until all (of these names) are answered and nothing comes any more.

        Patience ends the waiting.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while not self._is_quiet(names, quiet_s):  # noqa: ASYNC110 - time passes, nothing else
                    await asyncio.sleep(0.1)

    def _is_quiet(self, names: Collection[str], quiet_s: float) -> bool:
        now = time.perf_counter()
        return all(
            asked.answered_s is not None and now - asked.at - asked.answered_s > quiet_s
            for asked in self.asks.values()
            if not names or asked.name in names
        )


@contextlib.asynccontextmanager
async def crowd() -> AsyncGenerator[Crowd]:
    """Serve it on this machine until the context ends."""
    async with serving(Crowd()) as front:
        yield front


def _template(kind: int, data: str, **more: Any) -> str:
    """Return the frame of an interaction; names in ``%(…)`` are filled in later."""
    user = {"id": "%(member)d", "username": "member", "discriminator": "0", "avatar": None}
    asked = {
        "id": "%(number)d",
        "application_id": BOT["id"],
        "type": kind,
        "token": "token-of-%(number)d",
        "version": 1,
        "guild_id": GUILD,
        "guild": {"id": GUILD, "locale": "en-US", "features": []},
        "member": {
            "user": user,
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": "0",
        },
        "channel_id": CHANNEL["id"],
        "channel": _CHANNEL,
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": GUILD},
        "context": 0,
        "app_permissions": "0",
        "attachment_size_limit": 10_485_760,
        "data": "DATA",
        **more,
    }
    frame = {"op": 0, "t": "INTERACTION_CREATE", "s": "SEQUENCE", "d": asked}
    text = json.dumps(frame, separators=(",", ":"))
    return text.replace('"DATA"', data).replace('"SEQUENCE"', "%(sequence)d")


def _message_text() -> dict[str, Any]:
    message = DiscordFront()._message()
    return message | {"id": "7", "channel_id": CHANNEL["id"]}


_MESSAGE: Final = json.dumps(_message_text()).encode()
_BUTTON: Final = {"type": 2, "style": 2, "label": "x", "custom_id": "%(what)s"}
_COMMAND: Final = _template(2, "%(what)s")
_PRESS: Final = _template(
    3,
    '{"component_type":2,"custom_id":"%(what)s"}',
    message=_message_text() | {"components": [{"type": 1, "components": [_BUTTON]}]},
)
