"""Weekly lists from the plan to the message, on both databases."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from musicrec.domain.errors import BadInputError, WorkersBusyError
from musicrec.domain.ids import ListenerId
from musicrec.domain.quiet import QuietHours
from musicrec.domain.timely_errors import ForgottenMeanwhileError
from musicrec.domain.week import Receipt, Week, WeekId, WeekList, WeekState
from musicrec.domain.week_errors import (
    PlaceClosedError,
    PlaceGoneError,
    PostingFailedError,
    WeekPostError,
)
from musicrec.domain.weekly_plan import PlaceOfWeek, WeeklyPlan
from musicrec.services.quiet import QuietService
from musicrec.services.week_delivery import LEASE, WeekDelivery
from musicrec.services.week_ledger import LATEST, NOT_THERE, enter_due
from musicrec.services.weekly import WeeklyService, week_nonce
from musicrec.storage import Database, UnitOfWork, upgrade
from tests.musicrec.services.weekly_town import (
    ANNA,
    BEN,
    DAY,
    HOUR,
    MINUTE,
    MONDAY,
    WEEK,
    Clock,
    MemoryPost,
    TinyComposer,
    plan,
)
from tests.postgres import PostgresServer

QUIET = QuietHours(8 * 60, 19 * 60, "UTC")
"""Around nine, when lists are due."""


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest.fixture(scope="module")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weeks") / "template.db"
    with asyncio.Runner() as runner:
        runner.run(upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
async def database(
    server: PostgresServer | None, sqlite_template: Path, tmp_path: Path
) -> AsyncIterator[Database]:
    if server is None:
        url = f"sqlite+aiosqlite:///{shutil.copy(sqlite_template, tmp_path / 'musicrec.db')}"
    else:
        url = await server.new_database()
    opened = Database.open(url)
    yield opened
    await opened.close()


class Town:
    """Everything that weekly lists need, over one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock, self.post, self.composer = Clock(), MemoryPost(), TinyComposer()
        self.weekly = WeeklyService(database, self.composer)
        self.delivery = self.another()

    def another(self) -> WeekDelivery:
        """Make what another process would have."""
        return WeekDelivery(self.database, self.composer, self.clock, post=self.post)

    async def tick(self, at: datetime) -> None:
        self.clock.at = at
        await self.delivery.tick(at)

    async def turn_on(self, some: WeeklyPlan | None = None, at: datetime | None = None) -> None:
        await self.weekly.turn_on(some or plan(), at=at or MONDAY - DAY)

    async def weeks(self, listener_id: ListenerId = ANNA) -> list[Week]:
        async with self.database.reading() as uow:
            return await uow.weeks.list_all(listener_id)

    async def states(self) -> list[tuple[date, WeekState]]:
        return [(week.local_date, week.state) for week in await self.weeks()]

    async def trouble(self) -> str:
        found = await self.weekly.plan(ANNA)
        return "" if found is None else found.trouble

    @property
    def sent_dates(self) -> list[date]:
        return [week.local_date for week in self.post.sent]


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database)


async def test_a_list_is_sent_in_its_slot_and_once(town: Town):
    await town.turn_on()
    await town.tick(MONDAY - MINUTE)
    assert town.post.sent == []
    for minutes in range(3):
        await town.tick(MONDAY + minutes * MINUTE)
    assert town.sent_dates == [MONDAY.date()]
    [week] = await town.weeks()
    assert (week.state, week.attempts, week.sent_at) == (WeekState.SENT, 1, MONDAY)
    assert (week.channel_id, week.message_id, week.problem) == (1, 1, "")
    assert town.post.n_looked == 0


async def test_what_is_sent_is_what_is_stored(town: Town):
    await town.turn_on()
    await town.tick(MONDAY)
    [week] = await town.weeks()
    assert week.content is not None
    assert town.post.sent[0].content == week.content
    async with town.database.reading() as uow:
        assert week.shortlist_id is not None
        shortlist = await uow.shortlists.get(week.shortlist_id)
        [guess] = await uow.guesses.list_all(ANNA)
    assert shortlist is not None
    assert shortlist.id == week.shortlist_id == town.post.sent[0].shortlist_id
    assert [entry.track_id for entry in shortlist.entries] == ["song:a"]
    assert (guess.p_like, guess.place) == (0.7, "week")


async def test_every_week_brings_one(town: Town):
    await town.turn_on()
    for number in range(4):
        await town.tick(MONDAY + number * WEEK)
    assert town.sent_dates == [(MONDAY + number * WEEK).date() for number in range(4)]


async def test_after_hours_of_downtime_it_is_caught_up(town: Town):
    await town.turn_on()
    await town.tick(MONDAY + LATEST)
    assert town.sent_dates == [MONDAY.date()]


async def test_after_weeks_of_downtime_older_slots_are_skipped(town: Town):
    await town.turn_on()
    await town.tick(MONDAY + 2 * WEEK + LATEST + MINUTE)
    assert town.sent_dates == []
    await town.tick(MONDAY + 3 * WEEK)
    assert [state for _, state in await town.states()] == [*[WeekState.SKIPPED] * 3, WeekState.SENT]
    async with town.database.reading() as uow:
        assert await uow.weeks.before(town.post.sent[0]) == (None, 3)


async def test_two_processes_at_once_send_one_message(town: Town):
    for number in range(20):
        await town.turn_on(plan(ListenerId(100 + number)))
    others = [town.another() for _ in range(3)]
    await asyncio.gather(*(one.tick(MONDAY) for one in (town.delivery, *others)))
    assert sorted(week.listener_id for week in town.post.sent) == list(range(100, 120))


async def test_a_lost_reply_is_found_and_not_sent_again(town: Town):
    await town.turn_on()
    town.post.fails, town.post.loses_reply = PostingFailedError("Discord is down."), True
    await town.tick(MONDAY)
    [week] = await town.weeks()
    assert (week.state, week.problem) == (WeekState.COMPOSED, "Discord is down.")
    town.post.fails = None
    await town.tick(MONDAY + HOUR)
    assert len(town.post.sent) == 1
    [week] = await town.weeks()
    assert (week.state, week.attempts, week.message_id, week.problem) == (WeekState.SENT, 2, 1, "")


async def test_while_nobody_can_look_nothing_is_sent_again(town: Town):
    await town.turn_on()
    town.post.fails, town.post.loses_reply = PostingFailedError("Discord is down."), True
    for hours in range(5):
        await town.tick(MONDAY + hours * HOUR)
    assert (len(town.post.sent), town.post.n_tried) == (1, 1)


async def test_failed_sends_are_tried_again_with_growing_pauses(town: Town):
    await town.turn_on()
    town.post.fails = PostingFailedError("Discord is down.")
    tried: list[int] = []
    for minute in (0, 1, 2, 3, 6, 7, 14, 15, 30, 31, 62, 63, 122, 123, 182, 183):
        before = town.post.n_tried + town.post.n_looked
        await town.tick(MONDAY + minute * MINUTE)
        if town.post.n_tried + town.post.n_looked > before:
            tried.append(minute)
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    town.post.fails = None
    await town.tick(MONDAY + 5 * HOUR)
    assert len(town.post.sent) == 1


@pytest.mark.parametrize("error", [PlaceClosedError("Closed."), PlaceGoneError("Gone.")])
async def test_a_closed_place_waits_and_is_told_at_the_next_command(
    town: Town, error: WeekPostError
):
    await town.turn_on()
    town.post.fails = error
    for minute in range(0, 60, 15):
        await town.tick(MONDAY + minute * MINUTE)
    assert town.post.n_tried == 1
    assert await town.trouble() == str(error)
    [week] = await town.weeks()
    assert (week.state, week.problem) == (WeekState.COMPOSED, str(error))


async def test_who_chooses_another_place_gets_the_waiting_list_there(town: Town):
    await town.turn_on()
    town.post.fails = PlaceClosedError("Closed.")
    await town.tick(MONDAY)
    town.post.fails = None
    await town.turn_on(plan(place=PlaceOfWeek.CHANNEL, channel_id=77), at=MONDAY + HOUR)
    assert await town.trouble() == ""
    await town.tick(MONDAY + HOUR)
    [week] = await town.weeks()
    assert (week.state, week.channel_id) == (WeekState.SENT, 77)


async def test_what_stays_closed_is_skipped_after_three_days_and_the_next_one_tried(town: Town):
    await town.turn_on()
    town.post.fails = PlaceClosedError("Closed.")
    for hours in range(0, 4 * 24, 6):
        await town.tick(MONDAY + hours * HOUR)
    [week] = await town.weeks()
    assert (week.state, week.problem) == (WeekState.SKIPPED, "Closed.")
    assert await town.trouble() == "Closed."
    town.post.fails = None
    await town.tick(MONDAY + WEEK)
    assert town.sent_dates == [(MONDAY + WEEK).date()]
    assert await town.trouble() == ""


async def test_what_was_never_brought_was_never_shown(town: Town):
    await town.turn_on()
    await town.tick(MONDAY)
    town.post.fails = PlaceClosedError("Closed.")
    await town.tick(MONDAY + WEEK)
    await town.tick(MONDAY + WEEK + LATEST + HOUR)
    async with town.database.reading() as uow:
        assert (await uow.personal.counts(ANNA))["shortlists"] == 1
        assert len(await uow.guesses.list_all(ANNA)) == 1
    await town.tick(MONDAY + 2 * WEEK)
    await town.weekly.turn_off(ANNA)
    async with town.database.reading() as uow:
        assert (await uow.personal.counts(ANNA))["shortlists"] == 1
        assert len(await uow.guesses.list_all(ANNA)) == 1


async def test_after_four_lists_in_vain_no_more_are_composed_until_it_is_turned_on(town: Town):
    await town.turn_on()
    town.post.fails = PlaceGoneError("The channel is gone.")
    for weeks in range(6):
        await town.tick(MONDAY + weeks * WEEK)
        await town.tick(MONDAY + weeks * WEEK + LATEST + HOUR)
    assert len(town.composer.composed) == 4
    found = await town.weekly.plan(ANNA)
    assert found is not None
    assert not found.is_on
    assert "The channel is gone. That was so for 4 weekly lists in a row" in found.trouble
    town.post.fails = None
    await town.turn_on(at=MONDAY + 6 * WEEK - DAY)
    await town.tick(MONDAY + 6 * WEEK)
    assert town.sent_dates == [(MONDAY + 6 * WEEK).date()]


async def test_a_list_that_cannot_be_composed_now_is_composed_later(town: Town):
    await town.turn_on()
    town.composer.fails = WorkersBusyError(9)
    await town.tick(MONDAY)
    [week] = await town.weeks()
    assert week.state is WeekState.DUE
    assert week.problem
    town.composer.fails = None
    await town.tick(MONDAY + HOUR)
    assert town.sent_dates == [MONDAY.date()]


async def test_one_listeners_bug_holds_nobody_else_up(town: Town, caplog: pytest.LogCaptureFixture):
    await town.turn_on()
    town.composer.fails = RuntimeError("a bug")
    await town.tick(MONDAY)
    town.composer.fails = None
    await town.turn_on(plan(BEN))
    await town.tick(MONDAY + MINUTE)
    assert [week.listener_id for week in town.post.sent] == [BEN]
    await town.tick(MONDAY + HOUR)
    assert [week.listener_id for week in town.post.sent] == [BEN, ANNA]
    assert "will be tried again" in caplog.text


async def test_slots_are_entered_of_as_many_plans_as_asked_for(town: Town):
    await town.turn_on()
    await town.turn_on(plan(BEN))
    counted = [await enter_due(town.database, MONDAY, most=1) for _ in range(3)]
    assert counted == [1, 1, 0]
    async with town.database.reading() as uow:
        assert len(await uow.week_work.open(MONDAY, most=9)) == 2


@pytest.mark.parametrize(
    ("late", "state", "problem"),
    [(LATEST, WeekState.DUE, ""), (LATEST + MINUTE, WeekState.SKIPPED, NOT_THERE)],
)
async def test_a_slot_is_entered_as_due_for_three_days_and_then_as_skipped(
    town: Town, late: timedelta, state: WeekState, problem: str
):
    await town.turn_on()
    await enter_due(town.database, MONDAY + late, most=9)
    async with town.database.reading() as uow:
        [week] = await uow.weeks.list_all(ANNA)
    assert (week.local_date, week.state, week.problem) == (MONDAY.date(), state, problem)


@pytest.mark.parametrize("next_due", [None, MONDAY + 11 * DAY], ids=["turned off", "moved"])
async def test_who_is_quicker_than_their_slot_is_entered_keeps_what_they_chose(
    town: Town, next_due: datetime | None
):
    await town.turn_on()

    class Overtaken(Database):
        """Whoever writes finds that somebody wrote after they had read."""

        @asynccontextmanager
        async def writing(self, *, patience_s: float | None = None) -> AsyncGenerator[UnitOfWork]:
            async with super().writing(patience_s=patience_s) as uow:
                chosen = plan(weekday=4, is_on=next_due is not None)
                await uow.weekly_plans.put(chosen, next_due)
                yield uow

    overtaken = Overtaken(town.database._url)
    assert await enter_due(overtaken, MONDAY, most=9) == 1
    await overtaken.close()
    assert await town.weeks() == []
    async with town.database.reading() as uow:
        assert await uow.weekly_plans.next_due(ANNA) == next_due


async def test_who_dies_at_work_is_followed_when_the_lease_ends(town: Town):
    await town.turn_on()
    town.clock.at = MONDAY
    await enter_due(town.database, MONDAY, most=9)
    async with town.database.writing() as uow:
        [week_id] = await uow.week_work.open(MONDAY, most=9)
        await uow.week_work.take(week_id, "somebody who died", at=MONDAY, until=MONDAY + LEASE)
    await town.tick(MONDAY + LEASE / 2)
    assert town.post.sent == []
    await town.tick(MONDAY + LEASE)
    assert len(town.post.sent) == len(town.composer.composed) == 1


async def test_clocks_that_jump_forward_and_back_neither_lose_nor_double(
    town: Town, caplog: pytest.LogCaptureFixture
):
    await town.turn_on()
    await town.tick(MONDAY)
    await town.tick(MONDAY + 5 * WEEK)
    for days in range(6 * 7 + 1):
        await town.tick(MONDAY + HOUR + days * DAY)
    assert sorted(town.sent_dates) == [(MONDAY + number * WEEK).date() for number in range(7)]
    assert {state for _, state in await town.states()} == {WeekState.SENT}
    told = "The clock was ahead: skipped weeks of 1 listeners come again."
    assert caplog.messages.count(told) == 1


async def test_a_failure_while_the_clock_was_ahead_holds_up_nobody_for_long(town: Town):
    await town.turn_on()
    town.post.fails = PlaceClosedError("Closed.")
    await town.tick(MONDAY + DAY)
    town.post.fails = None
    await town.tick(MONDAY)
    await town.tick(MONDAY + 2 * DAY)
    assert town.sent_dates == [MONDAY.date()]


async def test_who_deletes_everything_meanwhile_stays_deleted(town: Town):
    await town.turn_on()

    class Deleting(TinyComposer):
        async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
            async with town.database.writing() as uow:
                await uow.listeners.delete(ANNA)
            return await super().compose(plan, week, at)

    delivery = WeekDelivery(town.database, Deleting(), town.clock, post=town.post)
    await delivery.tick(MONDAY)
    assert town.post.sent == []
    async with town.database.reading() as uow:
        assert await uow.listeners.created_at(ANNA) is None


async def test_who_turns_lists_off_while_one_is_composed_was_shown_nothing(town: Town):
    await town.turn_on()

    class TurnedOff(TinyComposer):
        async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
            assert await town.weekly.turn_off(ANNA)
            return await super().compose(plan, week, at)

    delivery = WeekDelivery(town.database, TurnedOff(), town.clock, post=town.post)
    await delivery.tick(MONDAY)
    assert town.post.sent == []
    assert [state for _, state in await town.states()] == [WeekState.SKIPPED]
    async with town.database.reading() as uow:
        assert (await uow.personal.counts(ANNA))["shortlists"] == 0
        assert await uow.guesses.list_all(ANNA) == []


async def test_who_turns_lists_off_gets_none_that_waits(town: Town):
    await town.turn_on()
    town.post.fails = PostingFailedError("Discord is down.")
    await town.tick(MONDAY)
    assert await town.weekly.turn_off(ANNA)
    assert not await town.weekly.turn_off(ANNA)
    assert not await town.weekly.turn_off(BEN)
    town.post.fails = None
    await town.tick(MONDAY + HOUR)
    await town.tick(MONDAY + WEEK)
    assert town.post.sent == []
    assert [state for _, state in await town.states()] == [WeekState.SKIPPED]
    assert await town.weekly.next_due(ANNA) is None


async def test_who_moves_their_day_gets_no_second_list_in_the_week(town: Town):
    await town.turn_on()
    await town.tick(MONDAY)
    await town.turn_on(plan(weekday=4), at=MONDAY + DAY)
    assert await town.weekly.next_due(ANNA) == MONDAY + 11 * DAY
    for days in range(1, 20):
        await town.tick(MONDAY + days * DAY)
    friday = (MONDAY + 11 * DAY).date()
    assert town.sent_dates == [MONDAY.date(), friday, friday + WEEK]


async def test_who_changes_only_the_size_keeps_their_slot(town: Town):
    await town.turn_on()
    later = MONDAY + MINUTE
    await town.turn_on(plan(n_songs=12), at=later)
    assert await town.weekly.next_due(ANNA) == MONDAY
    await town.tick(later)
    [week] = town.post.sent
    assert week.content is not None
    assert week.content.note == "at 09:01 for 12"
    kept = await town.weekly.plan(ANNA)
    assert kept is not None
    assert kept.since == MONDAY - DAY


async def test_no_list_is_due_before_the_plan_was_turned_on(town: Town):
    await town.turn_on(at=MONDAY + HOUR)
    for days in range(7):
        await town.tick(MONDAY + HOUR + days * DAY)
    assert town.post.sent == []
    await town.tick(MONDAY + WEEK)
    assert town.sent_dates == [(MONDAY + WEEK).date()]


async def test_a_move_over_a_change_of_clocks_keeps_the_wall_clock(town: Town):
    before = datetime.fromisoformat("2026-10-20T12:00+00:00")
    await town.turn_on(plan(zone="europe/berlin", weekday=6, minute=150), at=before)
    due = await town.weekly.next_due(ANNA)
    assert due is not None
    assert due.isoformat() == "2026-10-25T02:30:00+02:00"
    for hours in range(0, 24 * 7, 3):
        await town.tick(before + hours * HOUR)
    assert town.sent_dates == [date(2026, 10, 25)]


async def test_answers_move_the_adventure_unless_the_listener_did(town: Town):
    await town.turn_on()
    town.composer.receipt = Receipt(30, 5, 3, 1, 2, 2, 0.55)
    await town.tick(MONDAY)
    moved = await town.weekly.plan(ANNA)
    assert moved is not None
    assert moved.adventure == 0.55


async def test_a_zone_that_is_gone_is_told_and_holds_nobody_else_up(
    town: Town, caplog: pytest.LogCaptureFixture
):
    await town.turn_on(plan(BEN))
    await town.turn_on()
    async with town.database.writing() as uow:
        await uow.weekly_plans.put(plan(zone="Mars/Olympus"), MONDAY)
    await town.tick(MONDAY)
    await town.tick(MONDAY + MINUTE)
    assert [week.listener_id for week in town.post.sent] == [BEN]
    async with town.database.reading() as uow:
        assert await uow.weekly_plans.next_due(ANNA) == MONDAY + DAY
    assert "Mars/Olympus" in await town.trouble()
    told = f"The weekly list of a listener cannot be planned: {await town.trouble()}"
    assert caplog.messages.count(told) == 1


async def test_a_preview_uses_nothing_up(town: Town):
    await town.turn_on()
    shown = await town.weekly.preview(ANNA, at=MONDAY - HOUR)
    assert shown.content.songs[0].title == f"Song of {MONDAY.date()} number 1"
    assert await town.weeks() == []
    async with town.database.reading() as uow:
        assert (await uow.personal.counts(ANNA))["shortlists"] == 0
    await town.tick(MONDAY)
    assert len(town.post.sent) == 1


async def test_a_preview_needs_no_plan(town: Town):
    assert (await town.weekly.preview(BEN, at=MONDAY)).content.songs
    assert await town.weekly.plan(BEN) is None


async def test_a_preview_is_found_again_by_its_listener_until_the_next_one(town: Town):
    first = await town.weekly.preview(ANNA, at=MONDAY)
    assert first.id is not None
    assert await town.weekly.previewed(ANNA, first.id) == first
    assert await town.weekly.previewed(BEN, first.id) is None
    second = await town.weekly.preview(ANNA, at=MONDAY + MINUTE)
    assert second.id is not None
    assert await town.weekly.previewed(ANNA, first.id) is None
    assert await town.weekly.previewed(ANNA, second.id) == second


async def test_a_chance_told_in_a_preview_is_a_guess_that_a_list_never_brought_leaves_alone(
    town: Town,
):
    await town.turn_on()
    preview = await town.weekly.preview(ANNA, at=MONDAY - HOUR)
    town.post.fails = PlaceClosedError("The place is closed.")
    await town.tick(MONDAY)
    await town.weekly.turn_off(ANNA)
    async with town.database.reading() as uow:
        [guess] = await uow.guesses.list_all(ANNA)
    song = preview.content.songs[0]
    assert (guess.track_id, guess.p_like, guess.guessed_at) == (
        song.track_id,
        song.p_like,
        MONDAY - HOUR,
    )


async def test_a_preview_does_not_bring_back_who_had_everything_deleted_meanwhile(town: Town):
    await town.turn_on()

    class Forgetful(TinyComposer):
        async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
            async with town.database.writing() as uow:
                await uow.listeners.delete(ANNA)
            return await super().compose(plan, week, at)

    with pytest.raises(ForgottenMeanwhileError):
        await WeeklyService(town.database, Forgetful()).preview(ANNA, at=MONDAY)
    async with town.database.reading() as uow:
        assert await uow.listeners.created_at(ANNA) is None


async def test_history_shows_what_was_sent(town: Town):
    await town.turn_on()
    await town.tick(MONDAY)
    await town.tick(MONDAY + WEEK)
    [latest, first] = await town.weekly.history(ANNA)
    assert latest.local_date > first.local_date
    assert await town.weekly.history(ANNA, f"SONG number 1 {MONDAY.date()}") == [first]
    assert await town.weekly.history(ANNA, most=1) == [latest]
    assert await town.weekly.history(BEN) == []
    assert latest.id is not None
    assert await town.weekly.get(latest.id) == latest


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"zone": "Mars/Olympus"}, "I know no time zone"),
        ({"minute": 29 * 60}, "23:59"),
        ({"minute": -1}, "23:59"),
        ({"weekday": 7}, "Monday"),
        ({"n_songs": 9}, "10 to 50"),
        ({"adventure": 1.1}, "100 %"),
        ({"place": PlaceOfWeek.CHANNEL}, "must be named"),
        ({"channel_id": 5}, "must be named"),
    ],
)
async def test_a_plan_that_cannot_be_is_refused_and_nothing_stored(
    town: Town, fields: dict[str, Any], said: str
):
    with pytest.raises(BadInputError, match=said):
        await town.turn_on(plan(**fields))
    assert await town.weekly.plan(ANNA) is None
    async with town.database.reading() as uow:
        assert await uow.listeners.created_at(ANNA) is None


async def test_nothing_happens_while_nobody_can_bring_lists(town: Town):
    await town.turn_on()
    mute = WeekDelivery(town.database, town.composer, town.clock)
    assert await mute.tick(MONDAY) == 0
    assert await town.weeks() == []
    mute.bring_by(town.post)
    assert await mute.tick(MONDAY) == 1


def test_marks_of_messages_are_short():
    assert week_nonce(WeekId(2**63 - 1)) == "week-9223372036854775807"


async def test_a_list_that_is_due_in_quiet_hours_comes_once_at_their_end(town: Town):
    await town.turn_on()
    await QuietService(town.database).keep(ANNA, QUIET, at=MONDAY - DAY)
    for hours in (0, 1, 5, 6, 9):
        await town.tick(MONDAY + hours * HOUR)
        assert town.post.sent == town.composer.composed == []
    await town.tick(MONDAY + 10 * HOUR)
    await town.tick(MONDAY + 11 * HOUR)
    assert town.sent_dates == [MONDAY.date()]
    await town.tick(MONDAY + WEEK + 10 * HOUR)
    assert town.sent_dates == [MONDAY.date(), (MONDAY + WEEK).date()]


async def test_who_ends_their_quiet_hours_gets_what_waited_at_once(town: Town):
    await town.turn_on()
    quiet = QuietService(town.database)
    await quiet.keep(ANNA, QUIET, at=MONDAY - DAY)
    await town.tick(MONDAY)
    assert await quiet.end(ANNA)
    await town.tick(MONDAY + MINUTE)
    assert town.sent_dates == [MONDAY.date()]


async def test_a_list_for_a_channel_waits_for_the_servers_quiet_hours(town: Town):
    await QuietService(town.database).keep_for_server(7, QUIET)
    await town.turn_on(plan(place=PlaceOfWeek.CHANNEL, channel_id=5, guild_id=7))
    await town.turn_on(plan(BEN))
    await town.tick(MONDAY)
    assert [week.listener_id for week in town.post.sent] == [BEN]
    await town.tick(MONDAY + 10 * HOUR)
    assert [week.listener_id for week in town.post.sent] == [BEN, ANNA]
