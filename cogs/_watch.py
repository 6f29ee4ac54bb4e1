"""What is being answered now, and how each answer ended: how often and how long, never whose."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import discord

from cogs._last_hour import HourTally, LastHour

_LOOK_AGAIN_S: Final = 0.05
_LET_GO_S: Final = 1.0
"""Seconds for a task that was cancelled, in which it may end a statement of the database."""
_MOST_REMEMBERED: Final = 20_000
"""Interactions that would be known again: at the busiest, of the last minutes."""


class Kind(StrEnum):
    """What a person did."""

    COMMAND = "command"
    PRESS = "press"
    WINDOW = "window"
    """Sent off a window that was filled in."""
    COMPLETION = "completion"
    """Typed into an option that completes itself."""
    REACTION = "reaction"


class Outcome(StrEnum):
    """How the answer ended."""

    DONE = "done"
    REFUSED = "refused"
    """With a sentence that says what to do: an expected failure."""
    FAILED = "failed"
    """With an incident: a bug, or something that the operator should know of."""
    LATE = "late"
    """Discord would not take an answer any more."""
    INTERRUPTED = "interrupted"
    """The bot was stopped meanwhile."""
    HELD = "held"
    """Too much was asked for, and nothing was done."""


_ANSWERED: Final = frozenset({Outcome.DONE, Outcome.REFUSED, Outcome.FAILED, Outcome.LATE})
"""What counts as an answer where the share of failures is told."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer; ``name`` is one of few: a command, a button, a window."""

    kind: Kind
    name: str
    outcome: Outcome
    seconds: float


@dataclass(frozen=True, slots=True)
class _Begun:
    interaction: discord.Interaction[Any]
    task: asyncio.Task[Any] | None
    at: float


class Watch:
    """Knows every interaction that is being answered."""

    def __init__(self, tell: Callable[[Answered], None] | None = None) -> None:
        """Begin to watch; ``tell`` learns of every answer that ended."""
        self._tell = tell
        self._begun: dict[int, _Begun] = {}
        self._last_hour = LastHour(time.perf_counter())
        self._latest: OrderedDict[int, None] = OrderedDict()

    @property
    def n_open(self) -> int:
        """Interactions that are being answered now."""
        return len(self._begun)

    @property
    def last_hour(self) -> HourTally:
        """How many answers there were lately, and how many of them failed; completions aside."""
        return self._last_hour.tally(time.perf_counter())

    def begin(self, interaction: discord.Interaction[Any]) -> bool:
        """Note that the task that runs now answers an interaction.

        Returns:
            False where it came before: Discord may deliver one twice, and it is answered once.
        """
        if interaction.id in self._latest:
            return False
        self._latest[interaction.id] = None
        while len(self._latest) > _MOST_REMEMBERED:
            self._latest.popitem(last=False)
        begun = _Begun(interaction, asyncio.current_task(), time.perf_counter())
        self._begun[interaction.id] = begun
        return True

    def end(
        self, interaction: discord.Interaction[Any], kind: Kind, name: str, outcome: Outcome
    ) -> None:
        """Note how it ended; an interaction that nobody began is no matter."""
        begun = self._begun.pop(interaction.id, None)
        if begun is not None:
            self.count(Answered(kind, name, outcome, time.perf_counter() - begun.at))

    def count(self, answer: Answered) -> None:
        """Count an answer that ended, to an interaction or to anything else."""
        if self._tell is not None:
            self._tell(answer)
        if answer.kind is not Kind.COMPLETION and answer.outcome in _ANSWERED:
            is_failure = answer.outcome is Outcome.FAILED
            self._last_hour.count(time.perf_counter(), is_failure=is_failure)

    async def interrupt(self, *, patience_s: float) -> list[discord.Interaction[Any]]:
        """Let what is being answered finish, and end what does not.

        Args:
            patience_s: For all of them together.

        Returns:
            Those that were not answered.
        """
        deadline = time.perf_counter() + patience_s
        while self._begun and time.perf_counter() < deadline:  # noqa: ASYNC110 - tasks of discord.py end by themselves
            await asyncio.sleep(_LOOK_AGAIN_S)
        left = list(self._begun.values())
        tasks = [begun.task for begun in left if begun.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_LET_GO_S)
        self._begun.clear()
        return [begun.interaction for begun in left]
