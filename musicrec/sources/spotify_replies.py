"""What a reply of Spotify means, before anybody reads what it says."""

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from musicrec.sources.fields import as_object, part, text
from musicrec.sources.replies import RefusedError, json_of, retry_after_s
from musicrec.sources.transport import Reply

_QUOTA: Final = "QUOTA_EXCEEDED"
_DAY_S: Final = 86_400.0
"""In which Spotify counts a quota."""


def judge(reply: Reply) -> None:
    """Raise for a reply that is of no use; refusals of one request (4xx) are left to spotipy.

    Raises:
        RefusedError: Spotify wants no calls for a time.
        FailedError: It fails, leads elsewhere, or answers what is no JSON.
    """
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS and _reason(reply) == _QUOTA:
        wait_s = retry_after_s(reply)
        msg = "its quota is used up"
        raise RefusedError(msg, _DAY_S if wait_s is None else wait_s)
    if reply.status == HTTPStatus.TOO_MANY_REQUESTS or not _is_client_error(reply.status):
        _judge_as_all_do(reply)


def _judge_as_all_do(reply: Reply) -> None:
    is_good = HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES
    if not is_good:
        json_of(reply)
    elif reply.body:
        json_of(replace(reply, status=HTTPStatus.OK))


def _is_client_error(status: int) -> bool:
    return HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR


def _reason(reply: Reply) -> str:
    """The ``reason`` of an error. Source: developer.spotify.com, changes of July 2026."""
    try:
        document = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    return text(part(as_object(document), "error"), "reason")
