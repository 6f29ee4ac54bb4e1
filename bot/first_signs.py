"""How long people wait for the first sign that they were heard, measured at the process's edges."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

import aiohttp
import discord

from cogs._watch import Kind

_CALLBACK: Final = re.compile(r"/interactions/(\d+)/[^/]+/callback$")
_MOST_OPEN: Final = 10_000
_KINDS: Final = {
    discord.InteractionType.application_command: Kind.COMMAND,
    discord.InteractionType.component: Kind.PRESS,
}


class FirstSigns:
    """Takes the time from an interaction's frame to the end of the request that answers it."""

    def __init__(self, tell: Callable[[Kind, float], None]) -> None:
        """Begin; ``tell`` learns of every first answer that Discord took."""
        self._tell = tell
        self._came: OrderedDict[int, tuple[Kind, float]] = OrderedDict()

    def listen_to(self, trace: aiohttp.TraceConfig) -> None:
        """Hear of the requests of an HTTP client, by what discord.py gives it."""
        trace.on_request_end.append(self._on_answer)

    def came(self, interaction: discord.Interaction[Any]) -> None:
        """Note that an interaction's frame was just read."""
        kind = _KINDS.get(interaction.type)
        if kind is None:
            return
        self._came[interaction.id] = kind, time.perf_counter()
        if len(self._came) > _MOST_OPEN:  # never answered
            self._came.popitem(last=False)

    async def _on_answer(
        self,
        _session: aiohttp.ClientSession,
        _: SimpleNamespace,
        end: aiohttp.TraceRequestEndParams,
    ) -> None:
        found = _CALLBACK.search(end.url.path)
        came = self._came.pop(int(found[1]), None) if found else None
        if came is not None and end.response.ok:
            kind, at = came
            self._tell(kind, time.perf_counter() - at)
