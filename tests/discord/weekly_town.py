"""A town with weekly lists: their composer is a small one, everything else is real."""

import contextlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import discord
from simcord import interactions

from cogs._bot import ServiceBot
from cogs.weekly import DiscordWeekPost
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.week import PickKind, Receipt, Week, WeekList, WeekSong, WeekState
from musicrec.domain.weekly_plan import PlaceOfWeek, WeeklyPlan
from musicrec.services import Sent, Services, WeekDelivery, WeeklyService
from tests.discord.town import Town

FRIDAY = date(2026, 11, 27)
DUE = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
TOLD_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Long before any verdict of a test."""
RECEIPT = Receipt(30, 21, 9, 4, 4, 2, 0.55)


@dataclass(frozen=True)
class WellKnown:
    """Composes the most popular songs of the catalogue, after a few that are familiar."""

    services: Services

    async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
        del week, at
        return list_of(self.services, plan.n_songs)


def list_of(services: Services, n: int = 30, **fields: Any) -> WeekList:
    tracks = services.songs._catalogue.now.tracks(range(n))
    songs = tuple(
        WeekSong(
            position,
            track.id,
            track.title,
            track.artists,
            0.8 - position / 100,
            _kind(position),
            f"reason {position}",
            track.listen_url or "",
            track.genre,
        )
        for position, track in enumerate(tracks, start=1)
    )
    return replace(WeekList(songs, RECEIPT, "", 120, 1, "v1"), **fields)


def _kind(position: int) -> PickKind:
    if position % 15 == 1:
        return PickKind.FAMILIAR
    return PickKind.EXPLORING if position % 8 == 2 else PickKind.NEW


def with_weekly(services: Services) -> Services:
    """Return the services with a composer that needs no model."""
    database, composer = services.edits._database, WellKnown(services)
    return replace(
        services,
        weekly=WeeklyService(database, composer),
        week_delivery=WeekDelivery(database, composer, lambda: datetime.now(UTC)),
    )


def plan_of(town: Town, member: Any, channel: Any = None) -> WeeklyPlan:
    place = PlaceOfWeek.DM if channel is None else PlaceOfWeek.CHANNEL
    return WeeklyPlan(
        ListenerId(member.id),
        4,
        18 * 60,
        "Europe/Berlin",
        place,
        DUE - timedelta(days=8),
        channel_id=None if channel is None else channel.id,
        guild_id=None if channel is None else town.guild.id,
    )


async def composed(
    town: Town, member: Any, content: WeekList | None = None, *, day: date = FRIDAY
) -> Week:
    """Store a week that is ready to be sent."""
    content = content or list_of(town.services)
    listener_id = ListenerId(member.id)
    due_at = DUE + (day - FRIDAY)
    async with town.services.edits._database.writing() as uow:
        await uow.listeners.lock(listener_id, due_at)
        shortlist = _shortlist(listener_id, content.songs)
        shortlist_id = await uow.shortlists.add(shortlist)
        await uow.guesses.add(*guesses_of(replace(shortlist, id=shortlist_id)))
        await uow.weeks.enter(Week(listener_id, day, due_at, WeekState.DUE))
        every = await uow.weeks.list_all(listener_id)
        week_id = next(one.id for one in every if one.local_date == day)
        assert week_id is not None
        assert await uow.week_work.take(
            week_id, "test", at=due_at, until=due_at + timedelta(hours=1)
        )
        assert await uow.week_work.compose(week_id, "test", content, shortlist_id)
    week = await town.services.weekly.get(week_id)
    assert week is not None
    return week


def _shortlist(listener_id: ListenerId, songs: Sequence[WeekSong]) -> Shortlist:
    entries = tuple(ShortlistEntry(s.position, s.track_id, s.p_like, s.reason) for s in songs)
    return Shortlist(listener_id, ShortlistKind.WEEK, TOLD_AT, "v1", 1, entries)


async def send(town: Town, plan: WeeklyPlan, week: Week) -> Sent:
    """Post a week as the bot does by itself."""
    return await _as_bot(town, _post(town).send(plan, week))


async def find(town: Town, plan: WeeklyPlan, week: Week) -> Sent | None:
    """Look for a week as the bot does by itself."""
    return await _as_bot(town, _post(town).find(plan, week))


async def tick(town: Town, at: datetime) -> int:
    """Let a minute begin at some time."""
    delivery = town.services.week_delivery
    delivery._clock = lambda: at
    return await _as_bot(town, delivery.tick(at))


def _post(town: Town) -> DiscordWeekPost:
    bot = town.env.bot
    assert isinstance(bot, ServiceBot)
    return DiscordWeekPost(bot)


async def _as_bot(town: Town, work: Any) -> Any:
    with town.env._bot_scope():
        result = await work
    await town.env.settle()
    return result


async def posted(
    town: Town, member: Any, channel: Any = None, content: WeekList | None = None
) -> tuple[Week, Any]:
    """Post a week and note that; return it with its message."""
    week, plan = await composed(town, member, content), plan_of(town, member, channel)
    sent = await send(town, plan, week)
    await noted(town, week, sent)
    message = discord.Object(sent.message_id)
    message.channel_id = sent.channel_id  # pyright: ignore[reportAttributeAccessIssue] - for look()
    return week, town.look(message)


async def noted(town: Town, week: Week, sent: Sent) -> None:
    assert week.id is not None
    async with town.services.edits._database.writing() as uow:
        await uow.week_work.sent(
            week.id,
            channel_id=sent.channel_id,
            message_id=sent.message_id,
            at=week.due_at,
            owes_copy=False,
        )


@contextlib.contextmanager
def speaking(locale: str) -> Generator[None]:
    """Let members' Discord have another language; simcord's is always American English."""
    original = interactions.base_payload

    def payload(*args: Any, **fields: Any) -> Any:
        record, sent = original(*args, **fields)
        sent["locale"] = locale
        return record, sent

    interactions.base_payload = payload
    try:
        yield
    finally:
        interactions.base_payload = original
