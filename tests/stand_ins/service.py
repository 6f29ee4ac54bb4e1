"""What all stand-ins share: switches, a log, and refusing what the real ones refuse."""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, ClassVar

from musicrec.sources.clock import Clock
from tests.stand_ins.world import World


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Answered:
    """One reply."""

    document: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str | None = None

    @property
    def body(self) -> bytes:
        return (json.dumps(self.document) if self.text is None else self.text).encode()


@dataclass
class Switches:
    """How the service misbehaves.

    Attributes:
        is_down: It drops every connection.
        slow_s: Seconds that it takes.
        status: What it answers to everything.
        retry_after: Sent with that status.
        location: Sent with that status.
        text: The body that it sends with that status, or with 200.
        times: For how many requests the last four hold; None for all.
    """

    is_down: bool = False
    slow_s: float = 0.0
    status: int | None = None
    retry_after: str | None = None
    location: str | None = None
    text: str | None = None
    times: int | None = None


class StandIn(ABC):
    """One service.

    Attributes:
        log: When each request came, by the clock, and what it was.
    """

    name: ClassVar[str]
    prefix: ClassVar[str] = ""

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.switches = Switches()
        self.log: list[tuple[datetime, Asked]] = []

    def handle(self, asked: Asked) -> Answered:
        self.log.append((self.clock.now(), asked))
        return self._switched() or self.refused(asked) or self.answer(asked)

    def refused(self, asked: Asked) -> Answered | None:
        """What the service does with callers who are too fast, or whom it does not know."""
        del asked
        return None

    @abstractmethod
    def answer(self, asked: Asked) -> Answered: ...

    @property
    def paths(self) -> list[str]:
        return [asked.path for _, asked in self.log]

    @property
    def times(self) -> list[datetime]:
        return [at for at, _ in self.log]

    def n_within(self, seconds: float) -> int:
        """How many requests came in the last seconds, this one included."""
        since = self.clock.now() - timedelta(seconds=seconds)
        return sum(1 for _ in takewhile(lambda entry: entry[0] > since, reversed(self.log)))

    def _switched(self) -> Answered | None:
        switches = self.switches
        if switches.times == 0 or (switches.status is None and switches.text is None):
            return None
        if switches.times is not None:
            switches.times -= 1
        sent = {"Retry-After": switches.retry_after, "Location": switches.location}
        headers = {name: value for name, value in sent.items() if value is not None}
        return Answered({"error": "switch"}, switches.status or 200, headers, switches.text)
