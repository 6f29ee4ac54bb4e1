"""The only code that speaks HTTP."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import aiohttp

LONGEST_BODY: Final = 2_000_000
"""Bytes; no answer that is of use is nearly as long."""
_CHUNK: Final = 65_536


class TransportError(Exception):
    """No answer came; the message says why in a few words."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent.

    Attributes:
        url: Without a query.
        query: Its parameters.
        body: Sent as JSON in a ``POST``; None for a ``GET``.
        timeout_s: Until the whole answer is there.
        headers: Sent beside those that every request has; they may be secret and are never shown.
    """

    url: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    timeout_s: float = 10.0
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        status: Of HTTP.
        headers: By their names in lower case.
        body: Unpacked.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


class Transport(Protocol):
    """Sends requests."""

    async def send(self, request: Request) -> Reply:
        """Send a request and return whatever is answered; redirects are not followed.

        Raises:
            TransportError: No answer came.
        """
        ...


class HttpTransport:
    """Sends requests through one shared session, which whoever made it closes."""

    def __init__(self, session: aiohttp.ClientSession, user_agent: str) -> None:
        self._session = session
        self._headers = {"User-Agent": user_agent, "Accept": "application/json"}

    async def send(self, request: Request) -> Reply:
        """Send a request and return whatever is answered; redirects are not followed.

        Raises:
            TransportError: No answer came in time, or one that is far too long.
        """
        try:
            async with self._session.request(
                "GET" if request.body is None else "POST",
                request.url,
                params=request.query,
                json=request.body,
                headers={**self._headers, **request.headers},
                timeout=aiohttp.ClientTimeout(total=request.timeout_s),
                allow_redirects=False,
            ) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Reply(response.status, headers, await _body_of(response))
        except TimeoutError as error:
            msg = f"no answer came within {request.timeout_s:g} s"
            raise TransportError(msg) from error
        except (aiohttp.ClientError, OSError) as error:
            msg = "it cannot be reached"
            raise TransportError(msg) from error


async def _body_of(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > LONGEST_BODY:
            msg = "its answer is far too long"
            raise TransportError(msg)
    return bytes(body)
