"""A listener's weekly list: turn it on and off, see what would come, look back."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from musicrec.domain.errors import BadInputError
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId
from musicrec.domain.week import PreviewId, Week, WeekId, WeekList, WeekPreview, WeekState
from musicrec.domain.weekly_plan import SIZES, PlaceOfWeek, WeeklyPlan
from musicrec.services.presence import known_since, lock_as_begun
from musicrec.services.week_lists import forget_unshown, shortlist_of
from musicrec.services.week_slots import first_slot, next_slot, slots
from musicrec.services.zones import zone_named, zone_of
from musicrec.storage import Database, UnitOfWork

__all__ = ["Composer", "Sent", "WeekPost", "WeeklyService", "next_slot", "week_nonce"]

_MINUTES_A_DAY: Final = 24 * 60
_DAYS_A_WEEK: Final = 7
_OFF: Final = "You turned weekly lists off."


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a list was sent: the message and its channel."""

    channel_id: int
    message_id: int


class WeekPost(Protocol):
    """Brings weekly lists to their places."""

    async def send(self, plan: WeeklyPlan, week: Week) -> Sent:
        """Send a composed list; twice within minutes it is one message, by ``week_nonce``.

        Raises:
            PlaceClosedError: The bot may not write there.
            PlaceGoneError: The place or the listener is gone.
            PostingFailedError: It failed, and may have arrived all the same.
        """
        ...

    async def find(self, plan: WeeklyPlan, week: Week) -> Sent | None:
        """Look for a list among the messages of its place since it was due.

        Raises:
            PlaceClosedError, PlaceGoneError, PostingFailedError: Nobody knows; then it is not sent.
        """
        ...


class Composer(Protocol):
    """Composes weekly lists."""

    async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
        """Return the list of a week; nothing is stored or marked as shown.

        Raises:
            MusicRecError: It could not be composed now.
        """
        ...


def week_nonce(week_id: WeekId) -> str:
    """Return what marks the message of a week, at most 25 characters."""
    return f"week-{week_id}"


class WeeklyService:
    """What a listener may say and ask about their weekly lists."""

    def __init__(self, database: Database, composer: Composer) -> None:
        self._database = database
        self._composer = composer

    async def plan(self, listener_id: ListenerId) -> WeeklyPlan | None:
        """Return the listener's plan, also while it is off; None before there was one."""
        async with self._database.reading() as uow:
            return await uow.weekly_plans.get(listener_id)

    async def next_due(self, listener_id: ListenerId) -> datetime | None:
        """Return when the next list is due, in the plan's zone; None while none is.

        After a plan was moved this may be later than ``next_slot``: nobody gets two lists in a
        week.
        """
        async with self._database.reading() as uow:
            plan = await uow.weekly_plans.get(listener_id)
            due_at = await uow.weekly_plans.next_due(listener_id)
        return due_at.astimezone(zone_of(plan.zone)) if plan and due_at else None

    async def turn_on(self, plan: WeeklyPlan, *, at: datetime) -> WeeklyPlan:
        """Begin, or change what is wished; a list that waits for its place is tried again at once.

        Args:
            plan: Complete; ``since``, ``is_on``, ``trouble`` and the Spotify playlist are set here.
            at: Now.

        Returns:
            The plan as it is kept.

        Raises:
            BadInputError: Zone, day, hour, size, adventure or place is none; says which.
        """
        plan = _checked(plan)
        async with self._database.writing() as uow:
            await uow.listeners.lock(plan.listener_id, at)
            old = await uow.weekly_plans.get(plan.listener_id)
            kept = _kept(plan, old, at)
            await uow.weekly_plans.put(kept, await _next_due(uow, kept, old, at))
            await uow.week_work.end_pauses(plan.listener_id)
        return kept

    async def turn_off(self, listener_id: ListenerId) -> bool:
        """Send no more lists, also none that waits; tell whether any were sent until now."""
        async with self._database.writing() as uow:
            if not await uow.listeners.lock_known(listener_id):
                return False
            plan = await uow.weekly_plans.get(listener_id)
            if plan is None or not plan.is_on:
                return False
            await uow.weekly_plans.put(replace(plan, is_on=False, trouble=""), None)
            dropped = await uow.week_work.skip_unsent(listener_id, _OFF)
            await forget_unshown(uow, listener_id, dropped)
        return True

    async def tell_trouble(self, listener_id: ListenerId) -> str:
        """Return why the last list could not be delivered, once; empty where that was told."""
        async with self._database.reading() as uow:
            if not await uow.weekly_plans.has_untold_trouble(listener_id):
                return ""
        async with self._database.writing() as uow:
            return await uow.weekly_plans.tell_trouble(listener_id)

    async def preview(self, listener_id: ListenerId, *, at: datetime) -> WeekPreview:
        """Compose what the next list would be now, and keep it so that its pages can be turned.

        It uses up no week and none of its songs counts as shown, so that the list itself may bring
        them; but its chances are told, and are held against verdicts like all others.

        Raises:
            ForgottenMeanwhileError: The listener had everything deleted meanwhile.
            MusicRecError: It could not be composed now.
        """
        since = await known_since(self._database, listener_id)
        plan = await self.plan(listener_id) or _usual(listener_id, at)
        slot = next(slots(plan, at))
        week = Week(listener_id, slot.local_date, slot.due_at, WeekState.DUE)
        content = await self._composer.compose(plan, week, at)
        preview = WeekPreview(listener_id, at, content)
        async with self._database.writing() as uow:
            await lock_as_begun(uow, listener_id, since, at)
            await uow.guesses.add(*guesses_of(shortlist_of(listener_id, content, at)))
            return replace(preview, id=await uow.week_previews.put(preview))

    async def previewed(self, listener_id: ListenerId, preview_id: PreviewId) -> WeekPreview | None:
        """Return what the listener was shown; None where they were shown another one since."""
        async with self._database.reading() as uow:
            return await uow.week_previews.get(listener_id, preview_id)

    async def history(
        self, listener_id: ListenerId, search: str = "", most: int = 10
    ) -> list[Week]:
        """Return weeks that were sent, the latest first.

        Args:
            listener_id: Whose.
            search: Words of a title or an artist, case and accents aside; only weeks with a song
                that has them all.
            most: At most.
        """
        async with self._database.reading() as uow:
            return await uow.weeks.of_listener(listener_id, search, most=most)

    async def get(self, week_id: WeekId) -> Week | None:
        """Return one week, whoever's it is."""
        async with self._database.reading() as uow:
            return await uow.weeks.get(week_id)

    async def shown_to(
        self, listener_id: ListenerId, week_id: WeekId, channel_id: int | None
    ) -> Week | None:
        """Return one week, if it is the listener's, or was sent where they are asking.

        Args:
            listener_id: Who asks.
            week_id: For which one; somebody may have made the number up.
            channel_id: Where they ask.
        """
        week = await self.get(week_id)
        if week is None or listener_id == week.listener_id:
            return week
        return week if week.channel_id is not None and week.channel_id == channel_id else None


def _usual(listener_id: ListenerId, at: datetime) -> WeeklyPlan:
    return WeeklyPlan(listener_id, 0, 0, "UTC", PlaceOfWeek.DM, at)


def _kept(plan: WeeklyPlan, old: WeeklyPlan | None, at: datetime) -> WeeklyPlan:
    since = old.since if old and not _is_moved(plan, old) else at
    playlist_id = old.spotify_playlist_id if old else ""
    return replace(plan, is_on=True, since=since, trouble="", spotify_playlist_id=playlist_id)


async def _next_due(
    uow: UnitOfWork, plan: WeeklyPlan, old: WeeklyPlan | None, at: datetime
) -> datetime:
    due_at = await uow.weekly_plans.next_due(plan.listener_id)
    if due_at is not None and old is not None and not _is_moved(plan, old):
        return due_at
    last = await uow.weeks.last_date(plan.listener_id)
    return first_slot(plan, at, last).due_at


def _is_moved(plan: WeeklyPlan, old: WeeklyPlan) -> bool:
    slot = (plan.weekday, plan.minute, plan.zone)
    return not old.is_on or slot != (old.weekday, old.minute, old.zone)


def _checked(plan: WeeklyPlan) -> WeeklyPlan:
    if not 0 <= plan.minute < _MINUTES_A_DAY:
        msg = "A day has hours from 00:00 to 23:59."
        raise BadInputError(msg)
    if not 0 <= plan.weekday < _DAYS_A_WEEK:
        msg = "A week has days from Monday to Sunday."
        raise BadInputError(msg)
    if plan.n_songs not in SIZES:
        msg = f"A weekly list has {SIZES.start} to {SIZES.stop - 1} songs."
        raise BadInputError(msg)
    if not 0 <= plan.adventure <= 1:
        msg = "Adventure lies between 0 and 100 %."
        raise BadInputError(msg)
    if (plan.place is PlaceOfWeek.CHANNEL) is (plan.channel_id is None):
        msg = "A list goes to a channel, which must be named, or to direct messages."
        raise BadInputError(msg)
    return replace(plan, zone=zone_named(plan.zone))
