"""What a reply means: an answer, a refusal for a time, or a failure."""

import json
import math
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from musicrec.sources.transport import Reply

Json: TypeAlias = Any

_LONGEST_WAIT_S: Final = 7 * 86_400.0
NOT_FOUND: Final = frozenset[int]({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_FIRST_SERVER_ERROR: Final = 500
"""From this status on the service, not the request, is at fault."""


class RefusedError(Exception):
    """A service wants no calls for a time.

    Attributes:
        reason: In a few words.
        wait_s: For how long; None where it does not say.
    """

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        self.reason = reason
        self.wait_s = wait_s
        super().__init__(reason)


class FailedError(Exception):
    """A service gave no usable answer.

    Attributes:
        reason: In a few words.
        is_final: Whether another try can only fail too.
    """

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        self.reason = reason
        self.is_final = is_final
        super().__init__(reason)


def json_of(
    reply: Reply,
    judge: Callable[[Json], None] | None = None,
    unknown: frozenset[int] = NOT_FOUND,
) -> Json | None:
    """Return a reply's JSON; None for "not found".

    Args:
        reply: What came.
        judge: Raises where the JSON words a failure.
        unknown: Statuses that mean "not found".

    Raises:
        RefusedError: The service wants no calls for a time.
        FailedError: There is no usable answer.
    """
    if reply.status in unknown:
        return None
    _require_good(reply)
    try:
        document = json.loads(reply.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        msg = "its answer cannot be understood"
        raise FailedError(msg) from error
    if judge is not None:
        judge(document)
    return document


def location_of(reply: Reply) -> Json | None:
    """Return ``{"location": …}`` of a redirect; None for "not found" and for a page.

    Raises:
        RefusedError: The service wants no calls for a time.
        FailedError: It fails or refuses.
    """
    if HTTPStatus.MULTIPLE_CHOICES <= reply.status < HTTPStatus.BAD_REQUEST:
        return {"location": reply.headers.get("location", "")}
    if reply.status not in NOT_FOUND:
        _require_good(reply)
    return None


def _refuse_constant(name: str) -> None:
    """Refuse ``NaN`` and the like, which are no JSON, and which a database would refuse."""
    raise ValueError(name)


def pause_s(reply: Reply) -> float:
    """How long ListenBrainz's headers ask to pause; 0 where calls are left.

    Source: listenbrainz.readthedocs.io, "Rate limiting".
    """
    if _number(reply.headers.get("x-ratelimit-remaining")) != 0:
        return 0.0
    return _number(reply.headers.get("x-ratelimit-reset-in")) or 0.0


def retry_after_s(reply: Reply) -> float | None:
    """Seconds that ``Retry-After`` names, as a number or a date; None without or out of reason.

    Source: RFC 9110, section 10.2.3.
    """
    text = reply.headers.get("retry-after")
    if text is None:
        return None
    seconds = _number(text)
    if seconds is None:
        seconds = _seconds_until(text, reply.headers.get("date", ""))
    return None if seconds is None else min(seconds, _LONGEST_WAIT_S)


def _require_good(reply: Reply) -> None:
    status, wait_s = reply.status, retry_after_s(reply)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        msg = "it had too many questions"
        raise RefusedError(msg, wait_s if wait_s is not None else pause_s(reply) or None)
    if status == HTTPStatus.SERVICE_UNAVAILABLE and wait_s is not None:
        msg = "it is overloaded"
        raise RefusedError(msg, wait_s)
    if status >= _FIRST_SERVER_ERROR:
        msg = f"it failed (HTTP {status})"
        raise FailedError(msg)
    if status != HTTPStatus.OK:
        msg = f"it refuses us (HTTP {status})"
        raise FailedError(msg, is_final=True)


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _seconds_until(text: str, now: str) -> float | None:
    """The time between two dates of one reply, because the clocks of two computers differ."""
    try:
        until = parsedate_to_datetime(text).astimezone(UTC)
        began = parsedate_to_datetime(now).astimezone(UTC)
    except (ValueError, TypeError):
        return None
    return max(0.0, (until - began).total_seconds())
