"""A small world for weekly lists: a clock that is set, places to post to, a quick composer."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.week import PickKind, Receipt, Week, WeekList, WeekSong
from musicrec.domain.week_errors import WeekPostError
from musicrec.domain.weekly_plan import PlaceOfWeek, WeeklyPlan
from musicrec.services.weekly import Sent

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""When Anna's list is due."""
ANNA, BEN = ListenerId(2**62 + 5), ListenerId(8)
MINUTE, HOUR, DAY, WEEK = (
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(weeks=1),
)


def plan(listener_id: ListenerId = ANNA, **fields: Any) -> WeeklyPlan:
    usual = WeeklyPlan(listener_id, 0, 9 * 60, "UTC", PlaceOfWeek.DM, MONDAY - DAY)
    return replace(usual, **fields)


class Clock:
    """Tells the time that it was set to."""

    def __init__(self, at: datetime = MONDAY) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass
class TinyComposer:
    """Makes lists that say for which date and from what they were made; may fail."""

    fails: Exception | None = None
    composed: list[Week] = field(default_factory=list[Week])
    receipt: Receipt | None = None

    async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
        if self.fails is not None:
            raise self.fails
        self.composed.append(week)
        title = f"Song of {week.local_date} number {len(self.composed)}"
        song = WeekSong(1, TrackId("song:a"), title, ("Artist",), 0.7, PickKind.NEW, "why")
        return WeekList((song,), self.receipt, f"at {at:%H:%M} for {plan.n_songs}", 30, 1, "v1")


@dataclass
class MemoryPost:
    """Keeps what was sent; may fail before a message arrives, or after."""

    fails: WeekPostError | None = None
    loses_reply: bool = False
    sent: list[Week] = field(default_factory=list[Week])
    n_tried: int = 0
    n_looked: int = 0

    async def send(self, plan: WeeklyPlan, week: Week) -> Sent:
        self.n_tried += 1
        if self.fails is not None and not self.loses_reply:
            raise self.fails
        self.sent.append(week)
        if self.fails is not None:
            raise self.fails
        return Sent(plan.channel_id or 1, len(self.sent))

    async def find(self, plan: WeeklyPlan, week: Week) -> Sent | None:
        self.n_looked += 1
        if self.fails is not None:
            raise self.fails
        for number, one in enumerate(self.sent, start=1):
            if one.id == week.id:
                return Sent(plan.channel_id or 1, number)
        return None
