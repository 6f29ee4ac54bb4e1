"""Quiet hours: what is sent unasked comes after them."""

from datetime import UTC, datetime, timedelta

from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import ListenerId
from musicrec.domain.quiet import LONGEST_MINUTES, QuietHours
from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.services.week_slots import instant
from musicrec.services.zones import zone_named, zone_of
from musicrec.storage import Database, UnitOfWork

_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60


def quiet_until(hours: QuietHours | None, at: datetime) -> datetime | None:
    """Return when quiet hours end, aware UTC, if it is in them.

    Args:
        hours: None for none; those in a zone that is not known any more count as none.
        at: An instant, aware.
    """
    if hours is None:
        return None
    try:
        zone = zone_of(hours.zone)
    except BadInputError:
        return None
    today = at.astimezone(zone).date()
    for day in (today - _DAY, today):
        begins_at = instant(day, hours.begins, zone)
        last = day if hours.ends > hours.begins else day + _DAY
        ends_at = instant(last, hours.ends, zone)
        if begins_at <= at < ends_at:
            return ends_at.astimezone(UTC)
    return None


async def list_quiet_until(uow: UnitOfWork, plan: WeeklyPlan, at: datetime) -> datetime | None:
    """Return until when a weekly list may not be brought, if it may not now.

    It is its listener's quiet hours that count, and in a channel the server's too.
    """
    own = quiet_until(await uow.quiet_hours.get(plan.listener_id), at)
    there = await uow.quiet_hours.of_server(plan.guild_id) if plan.guild_id is not None else None
    return max(filter(None, (own, quiet_until(there, at))), default=None)


class QuietService:
    """Keeps when people and servers want to be left in peace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, listener_id: ListenerId) -> QuietHours | None:
        """Return a listener's quiet hours."""
        async with self._database.reading() as uow:
            return await uow.quiet_hours.get(listener_id)

    async def keep(self, listener_id: ListenerId, hours: QuietHours, *, at: datetime) -> QuietHours:
        """Send a listener nothing unasked in these hours, from now on.

        Returns:
            The hours as they are kept.

        Raises:
            BadInputError: There are no such hours or no such zone.
        """
        kept = _checked(hours)
        async with self._database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            await uow.quiet_hours.put(listener_id, kept)
            # A list may wait for the end of hours that are others now.
            await uow.week_work.end_pauses(listener_id)
        return kept

    async def end(self, listener_id: ListenerId) -> bool:
        """Forget a listener's quiet hours; tell whether there were any."""
        async with self._database.writing() as uow:
            await uow.week_work.end_pauses(listener_id)
            return await uow.quiet_hours.delete_all(listener_id) > 0

    async def list_comes_at(self, plan: WeeklyPlan, due_at: datetime) -> datetime:
        """Return when a list comes that is due at some instant: then, or after quiet hours."""
        async with self._database.reading() as uow:
            return await list_quiet_until(uow, plan, due_at) or due_at

    async def of_server(self, guild_id: int) -> QuietHours | None:
        """Return a server's quiet hours."""
        async with self._database.reading() as uow:
            return await uow.quiet_hours.of_server(guild_id)

    async def keep_for_server(self, guild_id: int, hours: QuietHours) -> QuietHours:
        """Post nothing by the clock in a server in these hours, from now on; as ``keep``."""
        kept = _checked(hours)
        async with self._database.writing() as uow:
            await uow.quiet_hours.put_server(guild_id, kept)
        return kept

    async def end_for_server(self, guild_id: int) -> bool:
        """Forget a server's quiet hours; tell whether there were any."""
        async with self._database.writing() as uow:
            return await uow.quiet_hours.forget_server(guild_id)


def _checked(hours: QuietHours) -> QuietHours:
    if not (0 <= hours.begins < _MINUTES_A_DAY and 0 <= hours.ends < _MINUTES_A_DAY):
        msg = "A day has hours from 00:00 to 23:59."
        raise BadInputError(msg)
    length = (hours.ends - hours.begins) % _MINUTES_A_DAY
    if not 0 < length <= LONGEST_MINUTES:
        msg = f"quiet hours last {LONGEST_MINUTES // 60} hours at most, and end after they began."
        raise BadInputError(msg)
    return QuietHours(hours.begins, hours.ends, zone_named(hours.zone))
