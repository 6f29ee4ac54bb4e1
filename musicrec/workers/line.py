"""The line in front of workers: bounded, first come first served, and nobody fills it alone."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
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
class _Ticket:
    asker: Asker | None


class Line:
    """Who is served and who waits.

    A place is where a ticket stands among those that wait; workers take jobs in the order in which
    they came. On a cluster, or where one job is divided, that is nearly so.
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
        self._tickets: dict[_Ticket, None] = {}

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
    def turn(self) -> Generator[None]:
        """Stand in the line, and then be served, for as long as the block takes.

        Raises:
            WorkersBusyError: There is no room, or not for this person or group.
        """
        asker = asking.get()
        self._require_room(asker)
        ticket = _Ticket(asker)
        self._tickets[ticket] = None
        self._tell()
        try:
            yield
        finally:
            del self._tickets[ticket]
            self._tell()

    def _require_room(self, asker: Asker | None) -> None:
        if self.is_full:
            raise WorkersBusyError(self.waiting)
        if asker is None or len(self._tickets) < self._at_once():
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
            if ticket.asker is not None:
                foremost.setdefault(ticket.asker, max(0, place))
        for asker, place in foremost.items():
            if asker.told is not None:
                asker.told(place)
