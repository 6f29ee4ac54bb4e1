"""What Discord refuses, by its code, and what follows from that.

Source of the codes: Discord's list of JSON error codes, as far as the routes that the bot calls can
return them: answers to interactions, messages in channels and to people, channels and members.
"""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import discord


class Refusal(StrEnum):
    """What a refusal means for whoever waits."""

    LATE = "late"
    """Nobody can be answered any more: a line in the log."""
    GONE = "gone"
    """The channel, server, member or account is not there any more: never asked again."""
    CLOSED = "closed"
    """Not allowed until somebody changes a setting: said, or paused."""
    FILTERED = "filtered"
    """A filter of the server took it for something else: said, or tried again with other words."""
    FULL = "full"
    """Discord takes no more of these for now: said."""
    PASSING = "passing"
    """Discord's own trouble: said, and tried again where nobody waits."""
    OURS = "ours"
    """A mistake of ours, or a code that nobody knew: an incident in the log."""


_CODES: Final[Mapping[Refusal, frozenset[int]]] = MappingProxyType(
    {
        # Unknown message, webhook or interaction; acknowledged already; webhook's token ended.
        Refusal.LATE: frozenset({10008, 10015, 10062, 40060, 50027}),
        # Unknown channel, server, member, user.
        Refusal.GONE: frozenset({10003, 10004, 10007, 10013}),
        Refusal.CLOSED: frozenset(
            {
                20009,  # explicit content for somebody who takes none
                40007,  # banned there
                40058,  # a forum takes no messages
                50001,  # no access
                50007,  # closed direct messages
                50008,  # no channel for messages
                50009,  # the server wants verified members
                50013,  # no permission
                50024,  # not in a channel of this kind
                50083,  # archived thread
                50178,  # the account must be verified first
                50278,  # no common server
                160002,  # replies need to read the history
                160005,  # locked thread
            }
        ),
        # AutoMod on a message and on a title, links that are taken for harmful.
        Refusal.FILTERED: frozenset({200000, 200001, 240000}),
        # Edits of old messages, further messages of one answer, attachments.
        Refusal.FULL: frozenset({30015, 30046, 40094}),
        Refusal.PASSING: frozenset(
            {
                20016,  # slow mode
                20022,  # edits of announcements
                20028,  # messages in a channel
                20029,  # messages in a server
                40003,  # direct messages opened too fast
                40004,  # sending is switched off for a time
                40006,  # the feature is
                40043,  # the interaction could not be passed on
                40062,  # a resource behind it is asked too often
                130000,  # overloaded
            }
        ),
        Refusal.OURS: frozenset(
            {
                10002,  # unknown application
                10063,  # unknown command
                20026,  # flagged as spam
                30034,  # commands made anew too often today
                40001,  # the token is none
                40002,  # the account is not verified
                40005,  # too large
                40041,  # two commands of one name
                40333,  # stopped before it reached Discord
                50003,  # not in direct messages
                50005,  # somebody else's message
                50006,  # an empty message
                50014,  # the token is none
                50021,  # not of a system message
                50033,  # nobody to write to
                50035,  # the form of what was sent
                50041,  # this version of the interface
                50045,  # a file that is too large
                50046,  # a file that is none
                50068,  # the kind of message
                50109,  # no JSON
            }
        ),
    }
)

CODES: Final[Mapping[int, Refusal]] = MappingProxyType(
    {code: refusal for refusal, codes in _CODES.items() for code in codes}
)
"""Every code that is known, with what follows from it."""

WORDS: Final[Mapping[Refusal, str]] = MappingProxyType(
    {
        Refusal.GONE: "The channel, the server or the member that this is about is gone.",
        Refusal.CLOSED: (
            "Discord does not let me do that here; I lack a permission in this channel."
        ),
        Refusal.FILTERED: (
            "A filter of this server does not let my answer through. Ask me in direct messages, "
            "or ask those who manage the server to exempt me from AutoMod."
        ),
        Refusal.FULL: "Discord takes no more changes of this message. Please use the command anew.",
        Refusal.PASSING: "Discord is busy right now. Please try again in a minute.",
    }
)
"""What is said to whoever waits; about the others nothing, or that it is an incident."""


def refusal_of(error: BaseException) -> Refusal | None:
    """Tell what a failure of Discord's means; None for any other failure."""
    if not isinstance(error, discord.HTTPException):
        return None
    known = CODES.get(error.code)
    if known is None and isinstance(error, discord.Forbidden):
        return Refusal.CLOSED
    if known is None and (
        error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        or error.status == HTTPStatus.TOO_MANY_REQUESTS
    ):
        return Refusal.PASSING
    return known or Refusal.OURS
