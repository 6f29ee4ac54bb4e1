"""Requests and replies of the stand-in of Spotify, and how it misbehaves on demand."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request.

    Attributes:
        path: Without the slash at its end that spotipy sometimes adds.
        text: Its body.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""

    @property
    def json(self) -> Any:
        """Its body, where that is JSON; None else."""
        try:
            return json.loads(self.text) if self.text else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Answered:
    """One reply."""

    document: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str | None = None

    @property
    def body(self) -> bytes:
        """What is sent."""
        if self.text is not None:
            return self.text.encode()
        return b"" if self.document is None else json.dumps(self.document).encode()


@dataclass(frozen=True)
class Exchange:
    """One line of the log."""

    at: datetime
    asked: Asked
    answered: Answered
    was_in_trouble: bool = False


@dataclass
class Trouble:
    """How the service misbehaves.

    Attributes:
        only: A pattern of ``METHOD /path``; every request by default.
        spared: Requests that still pass before it begins.
        times: Requests that it meets; None for all.
        status: What is answered.
        retry_after: Sent with that status.
        reason: Of the error that is sent.
        text: Sent in the place of the error.
        headers: Sent too.
        is_down: The connection is dropped instead.
        slow_s: Seconds that the reply takes; it is the right one unless a status or text is given.
        takes_effect: Whether the request is carried out although its reply tells otherwise.
    """

    only: str = ""
    spared: int = 0
    times: int | None = None
    status: int | None = None
    retry_after: str | None = None
    reason: str | None = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    is_down: bool = False
    slow_s: float = 0.0
    takes_effect: bool = False

    def meets(self, asked: Asked) -> bool:
        """Whether it meets a request, which is counted."""
        if not re.search(self.only, str(asked)) or self.times == 0:
            return False
        if self.spared > 0:
            self.spared -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    @property
    def answer(self) -> Answered | None:
        """What is answered; None for what would be without the trouble."""
        if self.status is None and self.text is None:
            return None
        error = failure(self.status or 200, "trouble", reason=self.reason)
        sent = {} if self.retry_after is None else {"Retry-After": self.retry_after}
        return Answered(error.document, error.status, {**self.headers, **sent}, self.text)


def failure(status: int, message: str, *, reason: str | None = None) -> Answered:
    """What the Web API answers to what it refuses."""
    error: dict[str, Any] = {"status": status, "message": message}
    if reason is not None:
        error["reason"] = reason
    return Answered({"error": error}, status)
