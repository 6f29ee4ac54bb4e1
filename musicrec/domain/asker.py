"""On whose behalf something is done: one answer to one person, or to several who wait for it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(eq=False, slots=True)
class Asker:
    """One thing that somebody asked for; each is its own, also of the same person.

    Attributes:
        person: Who asked; None where nobody did, and somebody may wait for it all the same.
        group: With whom they share what there is; None for nobody.
        told: Learns of every place in a line that what was asked for comes to: 1 is the next one,
            0 is being done. It must be quick and may not raise.
    """

    person: int | None
    group: int | None = None
    told: Callable[[int], None] | None = None


asking: Final[ContextVar[Asker | None]] = ContextVar("asking", default=None)
"""Whose work the current task does; None for work that nobody asked for."""


def unasked(begin: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Call something that begins work which nobody asked for, whoever asked for what led to it."""
    return _context_of(None).run(begin, *args, **kwargs)


class Audience:
    """All who wait for one and the same work, each of whom is told where in the line it stands."""

    def __init__(self) -> None:
        """Begin for whoever asks now, to whom the work counts as theirs."""
        first = asking.get()
        self._asker = Asker(
            first.person if first else None, first.group if first else None, self._tell
        )
        self._waiting: list[Asker] = []
        self._place: int | None = None

    @property
    def context(self) -> Context:
        """In which the work is done."""
        return _context_of(self._asker)

    @contextmanager
    def joined(self) -> Generator[None]:
        """Wait among the others; who comes later is told at once where it stands by then."""
        asker = asking.get()
        if asker is None:
            yield
            return
        self._waiting.append(asker)
        if self._place is not None:
            _tell(asker, self._place)
        try:
            yield
        finally:
            self._waiting.remove(asker)

    def _tell(self, place: int) -> None:
        self._place = place
        for asker in self._waiting:
            _tell(asker, place)


def _tell(asker: Asker, place: int) -> None:
    if asker.told is not None:
        asker.told(place)


def _context_of(asker: Asker | None) -> Context:
    context = copy_context()
    context.run(asking.set, asker)
    return context
