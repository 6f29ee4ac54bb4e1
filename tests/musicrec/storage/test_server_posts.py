"""Plans and ledger of what is posted in servers, and public verdicts, on both databases."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from musicrec.domain.card import Card
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.server_post import (
    Cadence,
    PlannedPost,
    PlannedPostId,
    PostState,
    ServerPlan,
    ServerPostKind,
)
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, OTHER_SONG, SONG, event

TOWN, VILLAGE = 2**62 + 5, 6
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PLAN = ServerPlan(TOWN, ServerPostKind.SONG, 11, Cadence.DAILY, 0, 1080, "Europe/Berlin", NOON)
POST = PlannedPost(TOWN, ServerPostKind.SONG, date(2026, 11, 22), NOON)


async def entered(database: Database, post: PlannedPost = POST) -> PlannedPostId:
    async with database.writing() as work:
        assert await work.planned_posts.enter(post)
        (post_id,) = await work.planned_posts.open(NOON, most=5)
    return post_id


async def test_a_server_has_one_plan_of_each_kind_the_last_one_chosen(database: Database):
    digest = replace(PLAN, kind=ServerPostKind.DIGEST, cadence=Cadence.WEEKLY, weekday=6)
    later = replace(PLAN, channel_id=12, since=NOON + MINUTE)
    async with database.writing() as work:
        for plan in (PLAN, digest, later):
            await work.server_plans.put(plan, NOON + HOUR)
    async with database.reading() as work:
        assert await work.server_plans.of_server(TOWN) == [digest, later]
        assert await work.server_plans.get(TOWN, ServerPostKind.SONG) == later
        assert await work.server_plans.of_server(VILLAGE) == []


async def test_plans_are_due_from_their_next_slot_on_until_it_is_moved(database: Database):
    async with database.writing() as work:
        await work.server_plans.put(PLAN, NOON)
        assert await work.server_plans.due(NOON - MINUTE, most=5) == []
        assert await work.server_plans.due(NOON, most=5) == [PLAN]
        assert await work.server_plans.move(PLAN, NOON + HOUR)
        assert await work.server_plans.due(NOON, most=5) == []
        assert not await work.server_plans.move(replace(PLAN, since=NOON - HOUR), NOON)


async def test_a_plan_that_is_turned_off_says_why_until_it_is_chosen_anew(database: Database):
    async with database.writing() as work:
        await work.server_plans.put(PLAN, NOON)
        assert await work.server_plans.turn_off(PLAN, "gone")
        assert not await work.server_plans.turn_off(PLAN, "again")
        off = replace(PLAN, is_on=False, trouble="gone")
        assert await work.server_plans.of_server(TOWN) == [off]
        assert await work.server_plans.due(NOON + HOUR, most=5) == []
        await work.server_plans.put(PLAN, NOON)
        assert await work.server_plans.of_server(TOWN) == [PLAN]
        assert await work.server_plans.forget(TOWN, ServerPostKind.SONG)
        assert not await work.server_plans.forget(TOWN)


async def test_a_slot_is_entered_once(database: Database):
    post_id = await entered(database)
    async with database.writing() as work:
        assert not await work.planned_posts.enter(POST)
        assert await work.planned_posts.enter(replace(POST, kind=ServerPostKind.DIGEST))
        assert await work.planned_posts.enter(replace(POST, guild_id=VILLAGE))
        assert await work.planned_posts.enter(replace(POST, local_date=date(2026, 11, 23)))
        assert await work.planned_posts.get(post_id) == replace(POST, id=post_id)


async def test_of_many_who_take_a_post_at_once_one_gets_it(database: Database):
    post_id = await entered(database)

    async def take(name: str) -> bool:
        async with database.writing() as work:
            return await work.planned_posts.take(post_id, name, at=NOON, until=NOON + MINUTE)

    assert sum(await asyncio.gather(*(take(f"process {n}") for n in range(6)))) == 1
    async with database.writing() as work:
        assert await work.planned_posts.open(NOON, most=5) == []
        assert await work.planned_posts.open(NOON + MINUTE, most=5) == [post_id]


async def test_only_the_holder_chooses_begins_and_skips(database: Database):
    post_id = await entered(database)
    async with database.writing() as work:
        posts = work.planned_posts
        await posts.take(post_id, "a", at=NOON, until=NOON + MINUTE)
        assert not await posts.choose(post_id, "b", SONG)
        assert not await posts.begin(post_id, "b", until=NOON + HOUR)
        await posts.skip(post_id, "b")
        assert await posts.choose(post_id, "a", SONG)
        assert await posts.begin(post_id, "a", until=NOON + HOUR)
        held = await posts.get(post_id)
        assert held is not None
        assert (held.track_id, held.attempts, held.state) == (SONG, 1, PostState.DUE)
        await posts.put_off(post_id, "a", until=NOON + 2 * MINUTE)
        assert await posts.open(NOON + 2 * MINUTE, most=5) == [post_id]


async def test_what_was_sent_is_never_open_again_and_its_song_is_remembered(database: Database):
    post_id = await entered(database)
    async with database.writing() as work:
        posts = work.planned_posts
        await posts.take(post_id, "a", at=NOON, until=NOON + MINUTE)
        await posts.choose(post_id, "a", SONG)
        await posts.sent(post_id, 11, 99)
        assert await posts.open(NOON + HOUR, most=5) == []
        assert not await posts.take(post_id, "b", at=NOON + HOUR, until=NOON + 2 * HOUR)
        assert await posts.tracks_of(TOWN) == {SONG}
        await posts.drop_unsent(TOWN, ServerPostKind.SONG)
        assert await posts.dates_of(TOWN, ServerPostKind.SONG) == {date(2026, 11, 22)}
        await work.servers.forget(TOWN)
        assert await posts.tracks_of(TOWN) == set()


async def say(database: Database, *events: LabelEvent) -> None:
    async with database.writing() as work:
        for one in events:
            await work.listeners.lock(one.listener_id, NOON)
            await work.labels.append(one)


async def cards(database: Database, *cards_: Card) -> None:
    async with database.writing() as work:
        for card in cards_:
            await work.cards.put(card)


async def test_verdicts_on_cards_of_one_server_within_a_time_are_found(database: Database):
    await cards(
        database,
        Card(1, 11, SONG, NOON, TOWN),
        Card(2, 12, SONG, NOON, VILLAGE),
        Card(3, 13, OTHER_SONG, NOON, TOWN),
    )
    carl = ListenerId(9)
    await say(
        database,
        event(by=ANNA, card_message_id=1, minute=1),
        event(LabelValue.DISLIKE, by=BEN, card_message_id=1, minute=2),
        event(by=carl, card_message_id=2, minute=3),
        event(by=carl, of=OTHER_SONG, card_message_id=3, minute=90),
        event(by=BEN, of=OTHER_SONG, minute=5),
    )
    async with database.reading() as work:
        found = await work.cards.verdicts_on(TOWN, since=NOON, until=NOON + HOUR)
        assert [(one.listener_id, one.is_like) for one in found] == [(ANNA, True), (BEN, False)]
        later = await work.cards.verdicts_on(TOWN, since=NOON + HOUR, until=NOON + 2 * HOUR)
        assert [one.track_id for one in later] == [OTHER_SONG]
        assert await work.cards.tracks_on(TOWN) == {SONG, OTHER_SONG}
        assert await work.cards.tracks_on(VILLAGE) == {SONG}


async def test_who_said_something_else_since_is_left_out_wherever_it_was(database: Database):
    await cards(database, Card(1, 11, SONG, NOON, TOWN))
    await say(
        database,
        event(by=ANNA, card_message_id=1, minute=1),
        event(LabelValue.WITHDRAWN, by=ANNA, minute=2),
        event(by=BEN, card_message_id=1, minute=3),
        event(LabelValue.DISLIKE, by=BEN, minute=4),
        replace(event(by=ListenerId(9), card_message_id=1, minute=5), source=LabelSource.REACTION),
    )
    async with database.reading() as work:
        found = await work.cards.verdicts_on(TOWN, since=NOON, until=NOON + HOUR)
    assert [one.listener_id for one in found] == [ListenerId(9)]
