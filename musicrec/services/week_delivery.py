"""Delivers weekly lists: every due week of every listener exactly once.

The ledger is the truth. A week is composed once, stored, and sent exactly as it is stored. Whoever
works on it holds a lease, and notes an attempt before making it: after a crash the place is looked
through for the message before it is sent again.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Final, Protocol

from musicrec.domain.errors import MusicRecError
from musicrec.domain.week import Week, WeekId, WeekState
from musicrec.domain.week_errors import PlaceClosedError, PlaceGoneError, PostingFailedError
from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.services.quiet import list_quiet_until
from musicrec.services.week_ledger import LATEST, enter_due
from musicrec.services.week_lists import forget_unshown, give_up, id_of, store_list
from musicrec.services.weekly import Composer, Sent, WeekPost
from musicrec.storage import Database, Leadership

LEASE: Final = timedelta(minutes=10)

_BATCH: Final = 500
_AT_ONCE: Final = 4
_PATIENCE_S: Final = LEASE.total_seconds() / 2
"""Nothing that is done under one lease takes longer, so that it cannot end meanwhile."""
_RETRY: Final = timedelta(minutes=1)
_LONGEST_RETRY: Final = timedelta(hours=1)
_RETRY_PLACE: Final = timedelta(hours=6)
"""Somebody has to open the place first; whoever changes their plan need not wait for that."""
_QUIET_AT_MOST: Final = timedelta(hours=6)
"""Then it is looked again whether it is still quiet: a longer pause would be a wrong clock's."""
_UNWANTED: Final = "The plan was turned off."

_log = logging.getLogger(__name__)


class WeekCopying(Protocol):
    """Copies lists that were sent to where listeners want to have them too."""

    def is_owed(self, plan: WeeklyPlan) -> bool:
        """Tell whether a list of this plan is to be copied."""
        ...

    async def copy(self, plan: WeeklyPlan, week: Week, at: datetime) -> datetime | None:
        """Copy a list; what goes wrong for good is told as the plan's trouble.

        Returns:
            When to try again; None where it is done with.
        """
        ...


class WeekDelivery:
    """Brings what is due, once somebody knows how (``bring_by``)."""

    def __init__(
        self,
        database: Database,
        composer: Composer,
        clock: Callable[[], datetime],
        *,
        post: WeekPost | None = None,
        copying: WeekCopying | None = None,
    ) -> None:
        """Prepare; nothing is delivered yet.

        Args:
            database: Where plans and ledger are.
            composer: Makes the lists.
            clock: Tells aware UTC.
            post: Brings them; None until ``bring_by``.
            copying: Copies them elsewhere.
        """
        self._database = database
        self._composer = composer
        self._clock = clock
        self._post = post
        self._copying = copying
        self._name = secrets.token_hex(8)

    def bring_by(self, post: WeekPost) -> None:
        """Bring lists by this post from now on."""
        self._post = post

    def leadership(self) -> Leadership:
        """Return the right to tick, which one process has at a time."""
        return self._database.leadership()

    async def tick(self, at: datetime) -> int:
        """Bring everything that is due and free; failures of one list are its own.

        Args:
            at: Now, aware.

        Returns:
            How many weeks were worked on.

        Raises:
            StorageError: The database is out of reach or failed.
        """
        if self._post is None:
            return 0
        while await enter_due(self._database, at, most=_BATCH) == _BATCH:
            pass
        n_worked = 0
        while some := await self._open(at):
            n_worked += len(some)
            turn = asyncio.Semaphore(_AT_ONCE)
            await asyncio.gather(*(self._work_in_turn(week_id, turn) for week_id in some))
        return n_worked

    async def _open(self, at: datetime) -> list[WeekId]:
        async with self._database.reading() as uow:
            return await uow.week_work.open(min(at, self._clock()), most=_BATCH)

    async def _work_in_turn(self, week_id: WeekId, turn: asyncio.Semaphore) -> None:
        async with turn, AsyncExitStack() as stack:
            at = self._clock()
            async with self._database.writing() as uow:
                if not await uow.week_work.take(week_id, self._name, at=at, until=at + LEASE):
                    return
            stack.push_async_callback(self._let_go, week_id)
            try:
                await self._work(week_id)
            except MusicRecError as error:
                await self._put_off(week_id, _RETRY * 5, str(error))
                _log.warning("Week %s was put off: %s", week_id, error)
            except Exception:  # noqa: BLE001 - one listener's bug must not end everyone's lists
                await self._put_off(week_id, _LONGEST_RETRY, "Something went wrong here.")
                _log.exception("Week %s failed, and will be tried again", week_id)

    async def _work(self, week_id: WeekId) -> None:
        async with self._database.reading() as uow:
            week = await uow.weeks.get(week_id)
            plan = await uow.weekly_plans.get(week.listener_id) if week else None
            quiet = await list_quiet_until(uow, plan, self._clock()) if plan else None
        if week is None:
            return
        if plan is None or not plan.is_on:
            await self._dropped(week)
        elif week.state is WeekState.SENT:
            await self._copy(plan, week)
        elif self._clock() - week.due_at > LATEST:
            await self._skip(plan, week)
        elif quiet is not None:
            await self._put_off(week_id, min(quiet - self._clock(), _QUIET_AT_MOST), "")
        else:
            await self._bring(plan, week)

    async def _bring(self, plan: WeeklyPlan, week: Week) -> None:
        composed = week if week.state is WeekState.COMPOSED else await self._composed(plan, week)
        if composed is None or not await self._begin(composed):
            return
        try:
            sent = await self._sent(plan, composed)
        except (PlaceClosedError, PlaceGoneError) as error:
            await self._put_off(id_of(week), _RETRY_PLACE, str(error))
            await self._tell(plan, str(error))
        except PostingFailedError as error:
            pause = min(_RETRY * 2**week.attempts, _LONGEST_RETRY)
            await self._put_off(id_of(week), pause, str(error))
            _log.warning("Week %s could not be sent, and will be tried again: %s", week.id, error)
        else:
            await self._store_sent(plan, composed, sent)

    async def _composed(self, plan: WeeklyPlan, week: Week) -> Week | None:
        """Compose and store a list; None where the week was lost meanwhile."""
        at = self._clock()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                content = await self._composer.compose(plan, week, at)
        except TimeoutError as error:
            msg = "Composing the list took too long."
            raise PostingFailedError(msg) from error
        async with self._database.writing() as uow:
            return await store_list(uow, plan, week, content, by=self._name, at=at)

    async def _begin(self, week: Week) -> bool:
        until = self._clock() + LEASE
        async with self._database.writing() as uow:
            return await uow.week_work.begin_sending(id_of(week), self._name, until=until)

    async def _sent(self, plan: WeeklyPlan, week: Week) -> Sent:
        """Send a list, unless an earlier attempt did."""
        if self._post is None:
            msg = "Nobody brings lists any more."
            raise PostingFailedError(msg)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                found = await self._post.find(plan, week) if week.attempts else None
                return found or await self._post.send(plan, week)
        except TimeoutError as error:
            msg = "Discord did not answer in time."
            raise PostingFailedError(msg) from error

    async def _store_sent(self, plan: WeeklyPlan, week: Week, sent: Sent) -> None:
        owes_copy = self._copying is not None and self._copying.is_owed(plan)
        at = self._clock()
        async with self._database.writing() as uow:
            await uow.week_work.sent(
                id_of(week),
                channel_id=sent.channel_id,
                message_id=sent.message_id,
                at=at,
                owes_copy=owes_copy,
            )
            await uow.weekly_plans.set_trouble(week.listener_id, "")

    async def _copy(self, plan: WeeklyPlan, week: Week) -> None:
        at = self._clock()
        again = await self._copied(plan, week, at) if at - week.due_at <= LATEST else None
        if again is not None:
            await self._put_off(id_of(week), again - at, "")
            return
        async with self._database.writing() as uow:
            await uow.week_work.copied(id_of(week))

    async def _copied(self, plan: WeeklyPlan, week: Week, at: datetime) -> datetime | None:
        """Copy a list; return when to try again, None where that is done with."""
        if self._copying is None or not self._copying.is_owed(plan):
            return None
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await self._copying.copy(plan, week, at)
        except Exception:  # noqa: BLE001 - the list itself was brought
            _log.exception("Week %s could not be copied, and will be tried again", week.id)
        return at + _LONGEST_RETRY

    async def _skip(self, plan: WeeklyPlan, week: Week) -> None:
        async with self._database.writing() as uow:
            await give_up(uow, plan, week, by=self._name)
        _log.warning("Week %s is skipped, three days late: %s", week.id, week.problem)

    async def _dropped(self, week: Week) -> None:
        """End the work on a week whose plan is off or gone."""
        async with self._database.writing() as uow:
            if week.state is WeekState.SENT:
                await uow.week_work.copied(id_of(week))
            else:
                await uow.week_work.skip(id_of(week), self._name, _UNWANTED)
                await forget_unshown(uow, week.listener_id, filter(None, [week.shortlist_id]))

    async def _tell(self, plan: WeeklyPlan, trouble: str) -> None:
        async with self._database.writing() as uow:
            await uow.weekly_plans.set_trouble(plan.listener_id, trouble)

    async def _put_off(self, week_id: WeekId, pause: timedelta, problem: str) -> None:
        until = self._clock() + pause
        async with self._database.writing() as uow:
            await uow.week_work.let_go(week_id, self._name, until=until, problem=problem)

    async def _let_go(self, week_id: WeekId) -> None:
        """Leave a week that is still held, e.g. because the program ends."""
        await self._put_off(week_id, _RETRY, "")
