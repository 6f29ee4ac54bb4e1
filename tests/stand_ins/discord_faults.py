"""How the stand-in of Discord misbehaves on demand, and what Discord itself refuses."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION, UNKNOWN_WEBHOOK = 40060, 10062, 10015


@dataclass
class Fault:
    """One thing that goes wrong with requests.

    Attributes:
        route: A pattern that a request's method and path begin with, as ``"POST /interactions"``.
        status: What is answered; 0 cuts the connection without a word.
        times: How often it still happens.
        code: Discord's own code of the error.
        retry_after: Seconds that a 429 asks to wait.
        is_global: Whether the 429 is of all routes.
        done: Whether the request takes effect all the same: only its reply is lost.
    """

    route: str
    status: int
    times: int = 1
    code: int = 0
    retry_after: float = 0.2
    is_global: bool = False
    done: bool = False

    def happens_to(self, request: str) -> bool:
        if not self.times or not re.match(self.route, request):
            return False
        self.times -= 1
        return True

    @property
    def reply(self) -> web.Response:
        said: dict[str, Any] = {"message": "made to fail", "code": self.code}
        headers: dict[str, str] = {}
        if self.status == web.HTTPTooManyRequests.status_code:
            said |= {"retry_after": self.retry_after, "global": self.is_global}
            headers = {"Via": "1.1 stand-in", "Retry-After": str(self.retry_after)}
        return _said(self.status, said, headers)


@dataclass
class Faults:
    """What is to go wrong, and what did.

    Attributes:
        plan: Each fault happens until it is used up; the first that fits counts.
        strike: Learns of the method and path of every request, before anything is answered.
        deadline_s: After so many seconds an interaction is unknown; None for never.
        expired: Interactions whose tokens are too old for anything.
        acknowledged: Interactions of which a first answer was taken.
        refused: Method and path of every request that was not taken.
    """

    plan: list[Fault] = field(default_factory=list[Fault])
    strike: Callable[[str, str], None] = lambda _method, _path: None
    deadline_s: float | None = None
    expired: set[str] = field(default_factory=set[str])
    acknowledged: set[str] = field(default_factory=set[str])
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    _asked_at: dict[str, float] = field(default_factory=dict[str, float])

    def asked(self, number: str) -> None:
        """Note when an interaction was sent to the bot for the first time."""
        self._asked_at.setdefault(number, time.monotonic())

    async def meet(self, request: web.Request, path: str) -> web.Response | None:
        """Answer a request that fails; None for one that is to be answered as usual."""
        self.strike(request.method, path)
        what = f"{request.method} {path}"
        fault = next((one for one in self.plan if one.happens_to(what)), None)
        refusal = None
        if fault is None or fault.done:
            refusal = self._refusal(path)
        if fault is not None and refusal is None:
            refusal = await _cut(request) if fault.status == 0 else fault.reply
        if refusal is not None:
            self.refused.append((request.method, path))
        return refusal

    def _refusal(self, path: str) -> web.Response | None:
        """Refuse what Discord refuses: a second first answer, and answers that come too late."""
        _, kind, number, *_ = [*path.split("/"), "", ""]
        if kind == "webhooks":
            is_expired = any(f"token-of-{one}" in path for one in self.expired)
            return _error(404, UNKNOWN_WEBHOOK) if is_expired else None
        if kind != "interactions":
            return None
        if number in self.expired or self._is_late(number):
            return _error(404, UNKNOWN_INTERACTION)
        if number in self.acknowledged:
            return _error(400, ALREADY_ACKNOWLEDGED)
        self.acknowledged.add(number)
        return None

    def _is_late(self, number: str) -> bool:
        begun = self._asked_at.get(number)
        if self.deadline_s is None or begun is None:
            return False
        return time.monotonic() - begun > self.deadline_s


async def ask_to_reconnect(gateway: web.WebSocketResponse) -> None:
    """Send opcode 7: the bot is to connect anew and resume."""
    await gateway.send_json({"op": 7, "d": None})


async def invalidate_session(gateway: web.WebSocketResponse, *, resumable: bool) -> None:
    """Send opcode 9: what was missed is gone, unless the session may be resumed."""
    await gateway.send_json({"op": 9, "d": resumable})


async def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    await asyncio.sleep(0)
    return web.Response(status=500)  # nobody reads it


def _error(status: int, code: int) -> web.Response:
    return _said(status, {"message": "refused", "code": code}, {})


def _said(status: int, said: dict[str, Any], headers: dict[str, str]) -> web.Response:
    answer = web.json_response(said, status=status, headers=headers)
    answer.headers["Content-Type"] = "application/json"  # discord.py wants it without a charset
    return answer
