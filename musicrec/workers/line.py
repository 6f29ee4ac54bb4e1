"""The line in front of workers: bounded, what is short first, and nobody fills it alone."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from musicrec.domain.asker import Asker, asking
from musicrec.domain.errors import WorkersBusyError
from musicrec.domain.timely_errors import GroupWorkWaitsError, OwnWorkWaitsError

MOST_OF_PERSON: Final = 2
"""Things that one person may have waiting; each may be several jobs."""
_SHARE_OF_GROUP: Final = 0.5
"""Of the line, for the people of one group together."""


@dataclass(frozen=True, eq=False, slots=True)
class Ticket:
    """Somebody's or nobody's place in the line.

    Attributes:
        asker: None for work that nobody asked for and nobody waits for.
        goes_first: Somebody waits for it, and it is short: it passes what is neither.
        served: Set when its turn has come.
    """

    asker: Asker | None
    goes_first: bool
    served: asyncio.Event = field(default_factory=asyncio.Event)


class Line:
    """Who is served and who waits.

    A place is where a ticket stands among those that wait, which is the order in which they are
    served. On a cluster, or where one job is divided, that is nearly so.
    """

    def __init__(self, at_once: Callable[[], int], *, most_waiting: int) -> None:
        """Open an empty line.

        Args:
            at_once: How many are served at once; it may change.
            most_waiting: How many more may wait.
        """
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._most_of_group = max(MOST_OF_PERSON, int(_SHARE_OF_GROUP * most_waiting))
        self._tickets: list[Ticket] = []

    @property
    def served(self) -> int:
        """How many are served now."""
        return min(len(self._tickets), self._at_once())

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._tickets) - self.served

    @property
    def is_full(self) -> bool:
        """Whether the next one would be refused."""
        return self.waiting >= self._most_waiting

    @contextmanager
    def turn(self, *, is_long: bool = False) -> Generator[Ticket]:
        """Stand in the line, and then be served, for as long as the block takes.

        Args:
            is_long: It takes seconds: what is short and asked for goes first.

        Raises:
            WorkersBusyError: There is no room, or not for this person or group.
        """
        asker = asking.get()
        self._require_room(asker)
        is_asked = asker is not None and asker.person is not None
        ticket = Ticket(asker, goes_first=is_asked and not is_long)
        self._tickets.insert(self._place_of(ticket), ticket)
        self._tell()
        try:
            yield ticket
        finally:
            self._tickets.remove(ticket)
            self._tell()

    def _place_of(self, ticket: Ticket) -> int:
        end = len(self._tickets)
        if not ticket.goes_first:
            return end
        waiting = range(min(self._at_once(), end), end)
        return next((at for at in waiting if not self._tickets[at].goes_first), end)

    def _require_room(self, asker: Asker | None) -> None:
        if self.is_full:
            raise WorkersBusyError(self.waiting)
        if asker is None or asker.person is None or len(self._tickets) < self._at_once():
            return
        others = self._who_waits() - {asker}
        n_own = sum(other.person == asker.person for other in others)
        if n_own >= MOST_OF_PERSON:
            raise OwnWorkWaitsError(n_own)
        n_group = sum(other.group == asker.group for other in others)
        if asker.group is not None and n_group >= self._most_of_group:
            raise GroupWorkWaitsError(n_group)

    def _who_waits(self) -> set[Asker]:
        waiting = islice(self._tickets, self._at_once(), None)
        return {ticket.asker for ticket in waiting if ticket.asker is not None}

    def _tell(self) -> None:
        """Tell everybody whose place has changed; of several, the foremost."""
        foremost: dict[Asker, int] = {}
        for place, ticket in enumerate(self._tickets, 1 - self._at_once()):
            if place <= 0:
                ticket.served.set()
            if ticket.asker is not None:
                foremost.setdefault(ticket.asker, max(0, place))
        for asker, place in foremost.items():
            if asker.told is not None:
                asker.told(place)
