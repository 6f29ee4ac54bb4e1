"""How fast people and servers may go: one table, asked in one place for each kind of interaction.

Each process counts for itself. A server belongs to one process; somebody in servers of several
has an allowance in each.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import discord

from cogs._layout import sentence
from musicrec.domain.allowance import Allowance, Pace

_log = logging.getLogger(__name__)


class Cost(StrEnum):
    """What an answer costs."""

    TYPING = "typing"
    """A completion, of which Discord asks for one with nearly every letter."""
    LIGHT = "light"
    """A press: a transaction at most."""
    ORDINARY = "ordinary"
    """A command, or a window that was filled in."""
    HEAVY = "heavy"
    """What keeps workers or outside services busy."""


PERSON: Final[Mapping[Cost, Pace]] = MappingProxyType(
    {
        Cost.TYPING: Pace(at_once=60, per_s=10),
        Cost.LIGHT: Pace(at_once=60, per_s=5),
        Cost.ORDINARY: Pace(at_once=20, per_s=0.5),
        Cost.HEAVY: Pace(at_once=10, per_s=0.1),
    }
)
"""Of one person. Whoever rates as fast as they can presses some three buttons a second."""
SERVER: Final[Mapping[Cost, Pace]] = MappingProxyType(
    {
        Cost.TYPING: Pace(at_once=1_000, per_s=100),
        Cost.LIGHT: Pace(at_once=5_000, per_s=500),
        Cost.ORDINARY: Pace(at_once=400, per_s=20),
        Cost.HEAVY: Pace(at_once=60, per_s=1),
    }
)
"""Of all people of one server together."""
_NOTICE: Final = Pace(at_once=1, per_s=1 / 60)

HEAVY_COMMANDS: Final = frozenset(
    {
        "blend",
        "bridge",
        "explore",
        "passport",
        "playlist doctor",
        "playlist export",
        "playlist make",
        "playlist prune",
        "playlist sort",
        "privacy export",
        "recommend",
        "song add",
        "taste compare",
        "taste show",
        "train",
        "weekly now",
    }
)
"""Commands by their whole names; all others are ordinary ones."""


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody was too fast.

    Attributes:
        wait_s: Seconds until it works again.
        is_server: The people of the server are too fast together.
        is_told: Whether they are told so; they are once a minute at most.
    """

    wait_s: float
    is_server: bool
    is_told: bool


class Limits:
    """Knows who has asked for how much lately."""

    def __init__(
        self,
        person: Mapping[Cost, Pace] = PERSON,
        server: Mapping[Cost, Pace] = SERVER,
        *,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Begin with full buckets.

        Args:
            person: What one person may ask for.
            server: What the people of one server may ask for together.
            clock: Tells seconds and never goes back.
        """
        self._person = {cost: Allowance(pace) for cost, pace in person.items()}
        self._server = {cost: Allowance(pace) for cost, pace in server.items()}
        self._notices = Allowance(_NOTICE)
        self._clock = clock

    def hold(self, user_id: int, guild_id: int | None, cost: Cost) -> Held | None:
        """Count an interaction; where it is one too many, say so and count nothing.

        Args:
            user_id: Who asks.
            guild_id: On which server; None in direct messages.
            cost: Of the answer.
        """
        at = self._clock()
        person, server = self._person[cost], self._server[cost]
        own_s = person.wait_s(user_id, at)
        server_s = server.wait_s(guild_id, at) if guild_id is not None else 0.0
        if own_s or server_s:
            return Held(max(own_s, server_s), server_s > own_s, self._tells(user_id, at))
        person.take(user_id, at)
        if guild_id is not None:
            server.take(guild_id, at)
        return None

    def _tells(self, user_id: int, at: float) -> bool:
        if self._notices.wait_s(user_id, at):
            return False
        self._notices.take(user_id, at)
        return True


def cost_of(command: str) -> Cost:
    """Return what a command costs, by its whole name."""
    return Cost.HEAVY if command in HEAVY_COMMANDS else Cost.ORDINARY


async def answer_held(interaction: discord.Interaction[Any], held: Held) -> None:
    """Tell somebody once that they are too fast, then be as silent as Discord lets us.

    A press is acknowledged without a word, a completion is empty. A command must be answered.
    """
    try:
        await _answer_held(interaction, held)
    except (discord.DiscordException, OSError) as failure:
        _log.warning("Could not tell somebody that they are too fast: %s", failure)


async def _answer_held(interaction: discord.Interaction[Any], held: Held) -> None:
    response, kind = interaction.response, interaction.type
    if kind is discord.InteractionType.autocomplete:
        await response.autocomplete([])
    elif held.is_told:
        words = _notice(held, _when(interaction, held))
        await response.send_message(view=sentence(words), ephemeral=True)
    elif kind is discord.InteractionType.component:
        await response.defer()
    else:
        words = f"Not yet: {_when(interaction, held)}."
        await response.send_message(view=sentence(words), ephemeral=True)


def _notice(held: Held, when: str) -> str:
    who = "All of you here together are" if held.is_server else "You are"
    return (
        f"{who} faster than I can keep up with. It works again {when}; "
        "until then I do not answer every press. What you did before is kept."
    )


def _when(interaction: discord.Interaction[Any], held: Held) -> str:
    # Discord writes whole seconds: a second too late is right, one too early is not.
    again_at = interaction.created_at + timedelta(seconds=held.wait_s + 1)
    return discord.utils.format_dt(again_at, "R")
