"""Plans and the ledger of weekly lists, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from musicrec.domain.ids import ModelId, ShortlistId, TrackId
from musicrec.domain.kept_playlist import KeptPlaylist
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.week import PickKind, Receipt, Week, WeekId, WeekList, WeekSong, WeekState
from musicrec.domain.week_json import week_list_from_json, week_list_to_json
from musicrec.domain.weekly_plan import PlaceOfWeek, SpotifyCopy, WeeklyPlan
from musicrec.storage import Database, UnitOfWork
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.storage.samples import ANNA, BEN, NOON

LATER = NOON + timedelta(minutes=10)
HOUR = timedelta(hours=1)
PLAN = WeeklyPlan(
    listener_id=ANNA,
    weekday=6,
    minute=1439,
    zone="Europe/Berlin",
    place=PlaceOfWeek.CHANNEL,
    since=NOON,
    channel_id=2**62 + 3,
    guild_id=5,
    n_songs=20,
    adventure=0.1 + 0.2,
    spotify=SpotifyCopy.SAME,
    spotify_playlist_id="abc",
    trouble="Closed.",
)
SONGS = (
    WeekSong(1, TrackId("song:a"), "Für Élise", ("Ludwig van Beethoven",), 0.7, PickKind.NEW, "x"),
    WeekSong(
        2, TrackId("b"), "100%_pure", ("A", "B"), None, PickKind.EXPLORING, "y", "u", "pop", "DE"
    ),
)
RECEIPT = Receipt(30, 21, 9, 4, 4, 2, 1 / 3, 1, ("slower",))
CONTENT = WeekList(SONGS, RECEIPT, "note", 99, 2**31, "v1", ModelId(7))


def week(day: int = 0, **fields: Any) -> Week:
    due_at = NOON + timedelta(days=day)
    made = Week(ANNA, date(2026, 11, 22) + timedelta(days=day), due_at, WeekState.DUE)
    return replace(made, **fields)


@pytest.fixture
async def work(database: Database) -> AsyncIterator[UnitOfWork]:
    async with database.writing() as unit:
        await unit.listeners.lock(ANNA, NOON)
        await unit.listeners.lock(BEN, NOON)
        yield unit


async def entered(work: UnitOfWork, some: Week) -> WeekId:
    await work.weeks.enter(some)
    found = await work.weeks.list_all(some.listener_id)
    return next(one.id for one in found if one.local_date == some.local_date and one.id)


async def shortlist(work: UnitOfWork) -> ShortlistId:
    entries = (ShortlistEntry(1, TrackId("song:a"), 0.7),)
    return await work.shortlists.add(Shortlist(ANNA, ShortlistKind.WEEK, NOON, "v1", 1, entries))


async def composed(work: UnitOfWork, some: Week, content: WeekList = CONTENT) -> WeekId:
    week_id = await entered(work, some)
    assert await work.week_work.take(week_id, "me", at=some.due_at, until=some.due_at + HOUR)
    assert await work.week_work.compose(week_id, "me", content, await shortlist(work))
    return week_id


async def sent(work: UnitOfWork, some: Week, content: WeekList = CONTENT, **how: Any) -> WeekId:
    week_id = await composed(work, some, content)
    where: dict[str, Any] = {"channel_id": 1, "message_id": 2, "owes_copy": False, **how}
    await work.week_work.sent(week_id, at=some.due_at, **where)
    return week_id


async def state_of(work: UnitOfWork, week_id: WeekId) -> tuple[WeekState, str]:
    found = await work.weeks.get(week_id)
    assert found is not None
    return found.state, found.problem


async def test_a_plan_comes_back_whole_and_is_replaced(work: UnitOfWork):
    await work.weekly_plans.put(PLAN, LATER)
    assert await work.weekly_plans.get(ANNA) == PLAN
    assert await work.weekly_plans.next_due(ANNA) == LATER
    off = replace(PLAN, is_on=False, place=PlaceOfWeek.DM, channel_id=None, guild_id=None)
    await work.weekly_plans.put(off, None)
    assert await work.weekly_plans.get(ANNA) == off
    assert await work.weekly_plans.next_due(ANNA) is None
    assert await work.weekly_plans.get(BEN) is None


async def test_plans_whose_slot_has_come_are_due_longest_waiting_first(work: UnitOfWork):
    await work.weekly_plans.put(PLAN, LATER)
    await work.weekly_plans.put(replace(PLAN, listener_id=BEN), NOON)
    assert await work.weekly_plans.due(NOON, most=9) == [BEN]
    assert await work.weekly_plans.due(LATER, most=9) == [BEN, ANNA]
    assert await work.weekly_plans.due(LATER, most=1) == [BEN]
    await work.weekly_plans.move(BEN, LATER + HOUR)
    assert await work.weekly_plans.due(LATER, most=9) == [ANNA]


async def test_a_plan_that_is_off_is_never_due_again(work: UnitOfWork):
    await work.weekly_plans.put(replace(PLAN, is_on=False), None)
    await work.weekly_plans.move(ANNA, NOON)
    assert await work.weekly_plans.due(LATER, most=9) == []


async def test_what_deliveries_change_of_a_plan(work: UnitOfWork):
    await work.weekly_plans.put(PLAN, LATER)
    await work.weekly_plans.set_trouble(ANNA, "")
    await work.weekly_plans.set_spotify_playlist(ANNA, "def")
    await work.weekly_plans.set_adventure(ANNA, 0.4, was=PLAN.adventure)
    await work.weekly_plans.set_adventure(ANNA, 0.9, was=PLAN.adventure)
    expected = replace(PLAN, trouble="", spotify_playlist_id="def", adventure=0.4)
    assert await work.weekly_plans.get(ANNA) == expected


async def test_a_date_is_in_the_ledger_once(work: UnitOfWork):
    first = await entered(work, week())
    assert await entered(work, week(state=WeekState.SKIPPED, problem="x")) == first
    assert await work.weeks.list_all(ANNA) == [week(id=first)]


async def test_weeks_are_listed_by_date_whenever_they_were_entered(work: UnitOfWork):
    later, earlier = await entered(work, week(7)), await entered(work, week())
    assert [one.id for one in await work.weeks.list_all(ANNA)] == [earlier, later]


async def test_a_week_names_the_playlist_that_it_is_kept_as(work: UnitOfWork):
    week_id, other = await entered(work, week()), await entered(work, week(7))
    kept_id = await work.kept_playlists.add(KeptPlaylist(ANNA, playlist(song("One")), NOON))
    await work.weeks.note_kept(week_id, kept_id)
    assert await work.weeks.get(week_id) == week(id=week_id, kept_id=kept_id)
    assert await work.weeks.get(other) == week(7, id=other)


async def test_a_week_comes_back_whole(work: UnitOfWork):
    week_id = await composed(work, week())
    assert await work.week_work.begin_sending(week_id, "me", until=LATER)
    await work.week_work.sent(week_id, channel_id=2**62, message_id=2**61, at=LATER, owes_copy=True)
    found = await work.weeks.get(week_id)
    assert found is not None
    assert found.shortlist_id is not None
    assert found == week(
        state=WeekState.SENT,
        id=week_id,
        attempts=1,
        content=CONTENT,
        shortlist_id=found.shortlist_id,
        channel_id=2**62,
        message_id=2**61,
        sent_at=LATER,
    )


@pytest.mark.parametrize("content", [replace(CONTENT, receipt=None, model_id=None, songs=())])
async def test_a_list_may_lack_receipt_model_and_songs(work: UnitOfWork, content: WeekList):
    found = await work.weeks.get(await composed(work, week(), content))
    assert found is not None
    assert found.content == content


async def test_work_is_open_from_its_slot_on_until_it_is_sent(work: UnitOfWork):
    week_id = await entered(work, week())
    assert await work.week_work.open(NOON - HOUR, most=9) == []
    assert await work.week_work.open(NOON, most=9) == [week_id]
    assert await work.week_work.open(NOON, most=0) == []
    await sent(work, week())
    assert await work.week_work.open(LATER, most=9) == []


async def test_what_waits_longest_is_open_first(work: UnitOfWork):
    last, first = await entered(work, week(7)), await entered(work, week())
    second = await composed(work, week(listener_id=BEN))
    await work.week_work.let_go(second, "me", until=NOON, problem="")
    at = NOON + timedelta(days=7)
    assert await work.week_work.open(at, most=9) == [first, second, last]
    assert await work.week_work.open(at, most=2) == [first, second]


async def test_a_copy_that_is_owed_is_open_work(work: UnitOfWork):
    week_id = await sent(work, week(), owes_copy=True)
    assert not await work.week_work.is_held(week_id, "me")
    assert await work.week_work.open(NOON, most=9) == [week_id]
    assert await work.week_work.take(week_id, "me", at=NOON, until=LATER)
    await work.week_work.copied(week_id)
    assert not await work.week_work.is_held(week_id, "me")
    assert await work.week_work.open(LATER, most=9) == []
    assert not await work.week_work.take(week_id, "me", at=LATER, until=LATER + HOUR)


async def test_one_process_at_a_time_has_a_week(work: UnitOfWork):
    week_id, weeks = await entered(work, week()), work.week_work
    assert await weeks.take(week_id, "one", at=NOON, until=LATER)
    assert not await weeks.take(week_id, "other", at=NOON, until=LATER)
    assert not await weeks.compose(week_id, "other", CONTENT, await shortlist(work))
    await weeks.let_go(week_id, "other", until=NOON, problem="x")
    await weeks.skip(week_id, "other", "x")
    assert await weeks.is_held(week_id, "one")
    assert await weeks.open(NOON, most=9) == []
    assert await weeks.take(week_id, "other", at=LATER, until=LATER + HOUR)
    assert not await weeks.begin_sending(week_id, "other", until=LATER)
    await weeks.let_go(week_id, "other", until=LATER + HOUR, problem="Closed.")
    assert await weeks.open(LATER, most=9) == []
    await weeks.end_pauses(ANNA)
    assert await weeks.open(LATER, most=9) == [week_id]
    assert await weeks.take(week_id, "one", at=LATER, until=LATER + HOUR)
    await weeks.let_go(week_id, "one", until=LATER, problem="")
    assert await state_of(work, week_id) == (WeekState.DUE, "Closed.")


async def test_a_list_is_composed_once(work: UnitOfWork):
    week_id, other = await composed(work, week()), replace(CONTENT, note="another")
    assert not await work.week_work.compose(week_id, "me", other, await shortlist(work))
    found = await work.weeks.get(week_id)
    assert found is not None
    assert found.content == CONTENT


async def test_who_begins_to_send_has_the_week_for_as_long_as_that_may_take(work: UnitOfWork):
    week_id, weeks, end = await composed(work, week()), work.week_work, NOON + 2 * HOUR
    assert not await weeks.begin_sending(week_id, "other", until=end)
    assert await weeks.begin_sending(week_id, "me", until=end)
    assert not await weeks.take(week_id, "other", at=NOON + HOUR, until=end)
    assert await weeks.take(week_id, "other", at=end, until=end + HOUR)


async def test_what_is_done_to_one_week_leaves_the_others_alone(work: UnitOfWork):
    weeks = work.week_work
    one, other = await composed(work, week()), await composed(work, week(listener_id=BEN))
    await weeks.let_go(one, "me", until=NOON, problem="Closed.")
    assert await weeks.take(one, "me", at=NOON, until=LATER)
    assert await weeks.begin_sending(one, "me", until=LATER)
    await weeks.sent(one, channel_id=1, message_id=2, at=NOON, owes_copy=True)
    assert await weeks.is_held(other, "me")
    assert await state_of(work, other) == (WeekState.COMPOSED, "")
    await weeks.sent(other, channel_id=1, message_id=3, at=NOON, owes_copy=True)
    await weeks.copied(one)
    assert await weeks.open(NOON, most=9) == [other]


async def test_a_week_that_is_taken_up_leaves_the_others_open(work: UnitOfWork):
    one, other = await entered(work, week()), await entered(work, week(listener_id=BEN))
    assert await work.week_work.take(one, "me", at=NOON, until=LATER)
    assert await work.week_work.open(NOON, most=9) == [other]


async def test_a_week_that_is_given_up_says_why_and_is_nobodys(work: UnitOfWork):
    week_id = await composed(work, week())
    await work.week_work.skip(week_id, "me", "Closed.")
    assert await state_of(work, week_id) == (WeekState.SKIPPED, "Closed.")
    assert not await work.week_work.is_held(week_id, "me")


async def test_only_pauses_end_and_only_those_of_the_listener(work: UnitOfWork):
    pausing, held = await entered(work, week(-7)), await entered(work, week())
    of_ben = await entered(work, week(listener_id=BEN))
    for week_id in (pausing, held, of_ben):
        assert await work.week_work.take(week_id, "me", at=NOON, until=LATER)
    for week_id in (pausing, of_ben):
        await work.week_work.let_go(week_id, "me", until=LATER, problem="Closed.")
    await work.week_work.end_pauses(ANNA)
    assert await work.week_work.open(NOON, most=9) == [pausing]


async def test_a_pause_of_half_a_day_is_no_clocks_mistake(work: UnitOfWork):
    week_id = await entered(work, week())
    assert await work.week_work.take(week_id, "me", at=NOON, until=NOON + 12 * HOUR)
    assert await work.week_work.open(NOON, most=9) == []


async def test_a_lease_of_a_future_that_never_was_holds_nobody_up(work: UnitOfWork):
    week_id = await entered(work, week())
    year = timedelta(days=365)
    assert await work.week_work.take(week_id, "one", at=NOON + year, until=LATER + year)
    assert await work.week_work.open(NOON, most=9) == [week_id]
    assert await work.week_work.take(week_id, "other", at=NOON, until=LATER)


async def test_what_was_skipped_of_a_future_that_never_was_is_retracted(work: UnitOfWork):
    for day in (-7, 0, 7, 14):
        await entered(work, week(day, state=WeekState.SKIPPED))
    await entered(work, week(21))
    assert await work.weeks.has_skipped(NOON)
    assert await work.weeks.retract_skipped(NOON) == {ANNA: NOON + timedelta(days=7)}
    assert not await work.weeks.has_skipped(NOON)
    left = [one.due_at - NOON for one in await work.weeks.list_all(ANNA)]
    assert left == [timedelta(days=day) for day in (-7, 0, 21)]


async def test_a_listener_may_drop_what_was_not_sent(work: UnitOfWork):
    await sent(work, week(-7))
    unsent = await composed(work, week())
    of_ben = await entered(work, week(listener_id=BEN))
    await work.week_work.skip_unsent(ANNA, "Off.")
    states = [(one.state, one.problem) for one in await work.weeks.list_all(ANNA)]
    assert states == [(WeekState.SENT, ""), (WeekState.SKIPPED, "Off.")]
    assert not await work.week_work.is_held(unsent, "me")
    assert await state_of(work, of_ben) == (WeekState.DUE, "")


async def test_the_week_before_is_the_last_one_that_was_sent(work: UnitOfWork):
    assert await work.weeks.before(week()) == (None, 0)
    await sent(work, week(-28))
    await entered(work, week(-21, state=WeekState.SKIPPED))
    older = await sent(work, week(-14))
    await entered(work, week(-10))
    await entered(work, week(-7, state=WeekState.SKIPPED))
    await entered(work, week(-7, state=WeekState.SKIPPED, listener_id=BEN))
    await entered(work, week(7, state=WeekState.SKIPPED))
    before, n_skipped = await work.weeks.before(week())
    assert before is not None
    assert (before.id, n_skipped) == (older, 1)
    assert await work.weeks.last_date(ANNA) == date(2026, 11, 12)  # it is still to be delivered
    assert await work.weeks.last_date(BEN) is None


@pytest.mark.parametrize(
    ("search", "is_found"),
    [
        ("", True),
        ("  ", True),
        ("FUR elise", True),
        ("beethoven élise", True),
        ("elise pure", False),
        ("100%", True),
        ("100%elise", False),
        ("zzz", False),
    ],
)
async def test_history_finds_the_week_that_had_a_song(
    work: UnitOfWork, search: str, is_found: bool
):
    week_id = await sent(work, week())
    found = await work.weeks.of_listener(ANNA, search, most=5)
    assert [one.id for one in found] == ([week_id] if is_found else [])
    assert await work.weeks.of_listener(BEN, search, most=5) == []


async def test_history_begins_with_the_latest_week(work: UnitOfWork):
    ids = [await sent(work, week(7 * number)) for number in range(3)]
    await entered(work, week(28))
    found = await work.weeks.of_listener(ANNA, "elise", most=2)
    assert [one.id for one in found] == [ids[2], ids[1]]


async def test_history_has_only_what_was_sent_unless_more_is_asked_for(work: UnitOfWork):
    week_id = await sent(work, week())
    skipped = await entered(work, week(7, state=WeekState.SKIPPED))
    assert [one.id for one in await work.weeks.of_listener(ANNA, most=5)] == [week_id]
    every = await work.weeks.of_listener(ANNA, states=WeekState, most=5)
    assert [one.id for one in every] == [skipped, week_id]


async def test_later_weeks_with_the_words_in_several_songs_hide_none_that_fits(work: UnitOfWork):
    fitting = replace(CONTENT, songs=(replace(SONGS[0], title="Pure Élise"),))
    week_id = await sent(work, week(), fitting)
    await sent(work, week(7))
    found = await work.weeks.of_listener(ANNA, "elise pure", most=1)
    assert [one.id for one in found] == [week_id]


@pytest.mark.parametrize(
    ("search", "is_found"),
    [("??? !!!", True), ("\\", True), ("\\/", True), ("%", False), ("_", False), ("!\\", False)],
)
async def test_songs_named_by_signs_alone_are_found_by_these(
    work: UnitOfWork, search: str, is_found: bool
):
    signs = replace(SONGS[0], title="!!!\n???", artists=("\\/",))
    await sent(work, week(), replace(CONTENT, songs=(signs,)))
    assert bool(await work.weeks.of_listener(ANNA, search, most=5)) is is_found


async def test_shortlists_shown_since_then_are_told_by_kind(work: UnitOfWork):
    await shortlist(work)
    shown = work.shortlists.shown_since
    assert await shown(ANNA, [ShortlistKind.WEEK], NOON) == {"song:a"}
    assert await shown(ANNA, [ShortlistKind.WEEK], LATER) == set()
    assert await shown(ANNA, [ShortlistKind.RATE], NOON) == set()


async def test_all_of_it_goes_with_the_listener(work: UnitOfWork):
    week_id = await sent(work, week())
    await work.weekly_plans.put(PLAN, LATER)
    await work.listeners.delete(ANNA)
    assert await work.weeks.get(week_id) is None
    assert await work.weekly_plans.get(ANNA) is None


async def test_numbers_of_deleted_weeks_are_not_used_again(work: UnitOfWork):
    week_id = await entered(work, week())
    await work.listeners.delete(ANNA)
    await work.listeners.lock(ANNA, NOON)
    assert await entered(work, week()) > week_id


def test_a_list_that_was_stored_before_receipts_told_leans_is_read_without():
    stored = week_list_to_json(CONTENT)
    del stored["receipt"]["leans"]
    assert week_list_from_json(stored).receipt == replace(RECEIPT, leans=())
