"""On whose behalf something is done: one answer to one person."""

from collections.abc import Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(eq=False, slots=True)
class Asker:
    """One thing that somebody asked for; each is its own, also of the same person.

    Attributes:
        person: Who asked.
        group: With whom they share what there is; None for nobody.
        told: Learns of every place in a line that what was asked for comes to: 1 is the next one,
            0 is being done. It must be quick and may not raise.
    """

    person: int
    group: int | None = None
    told: Callable[[int], None] | None = None


asking: Final[ContextVar[Asker | None]] = ContextVar("asking", default=None)
"""Whose work the current task does; None for work that nobody asked for."""


def unasked(begin: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call something that begins work which nobody asked for, whoever asked for what led to it."""
    context = copy_context()
    context.run(asking.set, None)
    return context.run(begin, *args, **kwargs)
