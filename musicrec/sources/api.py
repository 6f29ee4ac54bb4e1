"""One outside service, asked politely: kept answers, limits, closures, few retries."""

import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from musicrec.domain.errors import SourceClosedError, SourceUnavailableError
from musicrec.domain.source_answer import SourceAnswer, SourceClosure, SourceState
from musicrec.sources.answers import AnswerStore
from musicrec.sources.clock import Clock
from musicrec.sources.flights import Flights
from musicrec.sources.pace import Pace, SharedTurns
from musicrec.sources.replies import FailedError, Json, RefusedError, json_of, pause_s
from musicrec.sources.settings import ServiceSettings
from musicrec.sources.transport import Reply, Request, Transport, TransportError

T = TypeVar("T")

UNKNOWN_FOR: Final = timedelta(days=7)
"""After which a service is asked again for what it did not know; what it knew is kept for ever."""
_FIRST_BACKOFF_S: Final = 0.5
_SPENT: Final = "its calls of today are used up"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all services share.

    Attributes:
        transport: Sends.
        clock: Tells the time.
        store: Remembers answers and closures.
        chance: For the jitter between tries, in [0, 1).
        turns: Those of several processes; None where there is one.
    """

    transport: Transport
    clock: Clock
    store: AnswerStore
    chance: Callable[[], float] = random.random
    turns: SharedTurns | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A question to a service.

    Attributes:
        path: After the service's base URL.
        query: Parameters.
        body: Sent as JSON in a ``POST``; None for a ``GET``.
        headers: Sent too; they may be secret and are never shown.
        may_repeat: Whether it may be made again where it is not known what became of it.
        read: Makes of a reply what is wanted, None where the service does not know; raises
            ``RefusedError`` and ``FailedError``.
    """

    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    may_repeat: bool = True
    read: Callable[[Reply], Json | None] = json_of


class Api:
    """Asks one service.

    Attributes:
        name: As people know it.
        licence: Of its answers.
    """

    def __init__(
        self,
        name: str,
        licence: str,
        settings: ServiceSettings,
        surroundings: Surroundings,
        *,
        bucket: str = "",
    ) -> None:
        self.name = name
        self.licence = licence
        self.settings = settings
        self._bucket = bucket
        self._transport = surroundings.transport
        self._clock = surroundings.clock
        self._store = surroundings.store
        self._chance = surroundings.chance
        turn = f"{name} {bucket}".strip()
        self._pace = Pace(surroundings.clock, settings.interval_s, turn, surroundings.turns)
        self._flights: Flights[SourceAnswer] = Flights()
        self._rests_until: datetime | None = None
        self._state = SourceState(name)

    @property
    def state(self) -> SourceState:
        """How it did when it was asked last."""
        return self._state

    async def answer(
        self, key: str, ask: Callable[[], Coroutine[Any, Any, Mapping[str, Any] | None]]
    ) -> SourceAnswer:
        """Return the kept answer to a question, or ask and keep it.

        Args:
            key: Of the question.
            ask: Makes the call; None where the service does not know.

        Raises:
            SourceError: The service cannot be asked.
        """
        return await self._flights.join(key, lambda: self._answer(key, ask))

    async def call(self, call: Call) -> Json | None:
        """Call the service when it is its turn, again where that may help.

        Returns:
            What ``call.read`` made of its reply.

        Raises:
            SourceClosedError: It asked us to stay away.
            SourceUnavailableError: It failed at every try, or refuses us altogether.
        """

        async def ask() -> Json | None:
            return call.read(await self._send(call))

        return await self.attempt(ask, may_repeat=call.may_repeat)

    async def attempt(self, ask: Callable[[], Awaitable[T]], *, may_repeat: bool = True) -> T:
        """Ask the service, however that is done, when it is its turn; again where that may help.

        Args:
            ask: Makes one call; raises ``RefusedError`` and ``FailedError``.
            may_repeat: Whether a call that failed may be made again, although it may have had an
                effect; one that was refused for a time had none.

        Raises:
            SourceClosedError: It asked us to stay away.
            SourceUnavailableError: It failed at every try, or refuses us altogether.
        """
        problem = FailedError("it was not tried")
        for n_before in range(self.settings.tries):
            await self._pace.turn(self._require_open)
            await self._count()
            try:
                answer = await ask()
            except RefusedError as refused:
                self._heard(refused.reason)
                await self._obey(refused, is_last=n_before + 1 == self.settings.tries)
                problem = FailedError(refused.reason)
            except FailedError as failed:
                problem = failed
                self._heard(failed.reason)
                if failed.is_final or not may_repeat:
                    raise SourceUnavailableError(self.name, failed.reason) from failed
                await self._back_off(n_before)
            else:
                self._heard()
                return answer
        self._rests_until = self._in(self.settings.rest_s)
        raise SourceUnavailableError(self.name, problem.reason) from problem

    async def close(self) -> None:
        """Break off what is under way."""
        await self._flights.close()

    async def _answer(
        self, key: str, ask: Callable[[], Coroutine[Any, Any, Mapping[str, Any] | None]]
    ) -> SourceAnswer:
        kept = (await self._store.answers(self.name, [key])).get(key)
        if kept is not None and self._is_fresh(kept):
            return kept
        answer = SourceAnswer(self.name, key, await ask(), self._clock.now(), self.licence)
        await self._store.put_answers([answer])
        return answer

    def _is_fresh(self, kept: SourceAnswer) -> bool:
        return kept.answer is not None or self._clock.now() < kept.fetched_at + UNKNOWN_FOR

    async def _send(self, call: Call) -> Reply:
        url = self.settings.base_url + call.path
        try:
            reply = await self._transport.send(
                Request(url, call.query, call.body, self.settings.timeout_s, call.headers)
            )
        except TransportError as error:
            raise FailedError(str(error)) from error
        await self._pace.pause(min(pause_s(reply), self.settings.closed_s))
        return reply

    async def _obey(self, refused: RefusedError, *, is_last: bool) -> None:
        """Wait for as long as a service wants, or close it for that long.

        Raises:
            SourceClosedError: That is too long, or was in vain.
        """
        wait_s = self.settings.closed_s if refused.wait_s is None else refused.wait_s
        if wait_s <= self.settings.patience_s and not is_last:
            await self._pace.pause(wait_s)
            return
        await self._close(self._in(wait_s), refused.reason)

    async def _close(self, until: datetime, reason: str) -> None:
        await self._store.close(SourceClosure(self.name, self._bucket, until, reason))
        raise SourceClosedError(self.name, reason, until=until)

    async def _back_off(self, n_before: int) -> None:
        if n_before + 1 < self.settings.tries:
            await self._clock.sleep(_FIRST_BACKOFF_S * 2**n_before * (0.5 + self._chance()))

    async def _require_open(self) -> None:
        now = self._clock.now()
        if self._rests_until is not None and now < self._rests_until:
            raise SourceUnavailableError(self.name, "it failed a moment ago")
        for closure in await self._store.closures(now):
            if closure.source == self.name and closure.bucket == self._bucket:
                raise SourceClosedError(self.name, closure.reason, until=closure.closed_until)

    async def _count(self) -> None:
        """Count the call where calls are budgeted.

        Raises:
            SourceClosedError: The budget of the day is spent; closed until midnight, UTC.
        """
        if self.settings.per_day is None:
            return
        now = self._clock.now()
        if (
            await self._store.count_call(self.name, self._bucket, now.date())
            > self.settings.per_day
        ):
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            await self._close(midnight + timedelta(days=1), _SPENT)

    def _heard(self, problem: str = "") -> None:
        self._state = SourceState(self.name, self._clock.now(), problem)

    def _in(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)
