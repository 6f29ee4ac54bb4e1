"""The log of verdicts, on both databases."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from musicrec.domain.ids import EventId, ShortlistId, TrackId
from musicrec.domain.label import LabelCounts, LabelEvent, LabelSource, LabelValue
from musicrec.storage import Database
from tests.musicrec.storage.samples import (
    ANNA,
    BEN,
    NOON,
    OTHER_SONG,
    SONG,
    event,
    shortlist,
    store,
)

LIKE, DISLIKE, WITHDRAWN = LabelValue.LIKE, LabelValue.DISLIKE, LabelValue.WITHDRAWN
THIRD_SONG = TrackId("isrc:SEABC2600003")


async def test_an_event_comes_back_as_it_was_stored_with_its_id(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        shortlist_id = await work.shortlists.add(shortlist(SONG))
        given = event(
            DISLIKE, card_message_id=2**62, shortlist_id=shortlist_id, event_key="interaction:1"
        )
        stored = await work.labels.append(given)

    async with database.reading() as work:
        assert await work.labels.latest(ANNA, SONG) == stored
    assert stored is not None
    assert stored.id is not None
    assert replace(stored, id=None) == given


async def test_every_value_and_source_is_kept(database: Database):
    given = [
        replace(event(value, of=SONG), source=source)
        for value in LabelValue
        for source in LabelSource
    ]
    await store(database, *given)

    async with database.reading() as work:
        kept = await work.labels.history(ANNA)
    assert [replace(one, id=None) for one in kept] == given


async def test_times_come_back_in_utc_whatever_zone_they_had(database: Database):
    tokyo = timezone(timedelta(hours=9))
    given = replace(event(), labelled_at=NOON.astimezone(tokyo))
    await store(database, given)

    async with database.reading() as work:
        kept = (await work.labels.history(ANNA))[0].labelled_at
    assert kept == NOON
    assert kept.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(database: Database):
    naive = replace(event(), labelled_at=datetime(2026, 11, 22, 12))  # noqa: DTZ001 - the point
    with pytest.raises(StatementError, match="has no time zone"):
        await store(database, naive)


async def test_an_event_delivered_twice_is_stored_once(database: Database):
    first, second = await store(
        database, event(event_key="interaction:1"), event(DISLIKE, event_key="interaction:1")
    )

    async with database.reading() as work:
        assert await work.labels.history(ANNA) == [first]
    assert second is None


async def test_events_without_a_key_are_never_the_same(database: Database):
    await store(database, event(), event())

    async with database.reading() as work:
        assert len(await work.labels.history(ANNA)) == 2


async def test_the_same_event_from_many_tasks_at_once_is_stored_once(database: Database):
    stored = await asyncio.gather(
        *(store(database, event(event_key="interaction:1")) for _ in range(20))
    )

    assert sum(one is not None for (one,) in stored) == 1
    async with database.reading() as work:
        assert await work.labels.count_all(most=9) == 1


async def test_an_unknown_listener_cannot_have_labels(database: Database):
    with pytest.raises(IntegrityError):
        async with database.writing() as work:
            await work.labels.append(event())


async def test_an_event_on_a_shortlist_that_was_deleted_is_kept_without_it(database: Database):
    (stored,) = await store(database, event(shortlist_id=ShortlistId(12345)))

    assert stored is not None
    assert stored.shortlist_id is None


async def test_deleting_a_shortlist_keeps_the_labels_given_on_it(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        shortlist_id = await work.shortlists.add(shortlist(SONG))
        await work.labels.append(event(shortlist_id=shortlist_id))
        await work.shortlists.delete(shortlist_id)
        (kept,) = await work.labels.history(ANNA)

    assert kept.shortlist_id is None


async def test_the_current_label_of_a_track_is_its_last_event(database: Database):
    await store(
        database,
        event(LIKE, of=SONG),
        event(DISLIKE, of=OTHER_SONG),
        event(DISLIKE, of=SONG),
        event(LIKE, of=SONG, by=BEN),
        event(LIKE, of=THIRD_SONG),
    )

    async with database.reading() as work:
        current = await work.labels.current(ANNA)
        assert [(one.track_id, one.value) for one in current] == [
            (OTHER_SONG, DISLIKE),
            (SONG, DISLIKE),
            (THIRD_SONG, LIKE),
        ]
        assert await work.labels.counts(ANNA) == LabelCounts(likes=1, dislikes=2)
        assert await work.labels.counts(BEN) == LabelCounts(likes=1, dislikes=0)
        assert await work.labels.track_ids(ANNA) == {SONG, OTHER_SONG, THIRD_SONG}


async def test_a_withdrawn_label_is_not_current_but_still_the_latest(database: Database):
    await store(database, event(LIKE), event(WITHDRAWN), event(LIKE, of=OTHER_SONG))

    async with database.reading() as work:
        latest = await work.labels.latest(ANNA, SONG)
        assert latest is not None
        assert latest.value is WITHDRAWN
        assert [one.track_id for one in await work.labels.current(ANNA)] == [OTHER_SONG]
        assert await work.labels.counts(ANNA) == LabelCounts(likes=1, dislikes=0)
        assert await work.labels.track_ids(ANNA) == {OTHER_SONG}


async def test_a_label_given_again_after_it_was_withdrawn_counts(database: Database):
    await store(database, event(LIKE), event(WITHDRAWN), event(DISLIKE))

    async with database.reading() as work:
        assert await work.labels.counts(ANNA) == LabelCounts(likes=0, dislikes=1)


async def test_history_is_in_the_order_of_arrival_not_of_the_clock(database: Database):
    await store(database, event(LIKE, minute=5), event(DISLIKE, minute=1))

    async with database.reading() as work:
        assert [one.value for one in await work.labels.history(ANNA)] == [LIKE, DISLIKE]


async def test_a_listener_without_labels_has_none(database: Database):
    async with database.reading() as work:
        assert await work.labels.latest(ANNA, SONG) is None
        assert await work.labels.current(ANNA) == []
        assert await work.labels.counts(ANNA) == LabelCounts(0, 0)
        assert await work.labels.last_event_id(ANNA) is None
        assert await work.labels.count_tracks_since(ANNA, EventId(0)) == 0
        assert await work.labels.count_all(most=9) == 0
        assert await work.labels.newest_id() is None


async def test_counting_all_ends_where_it_is_told_to(database: Database):
    *_, last = await store(database, event(), event(of=OTHER_SONG), event(LabelValue.DISLIKE))

    async with database.reading() as work:
        assert [await work.labels.count_all(most=most) for most in (2, 3, 4)] == [2, 3, 3]
        assert last is not None
        assert await work.labels.newest_id() == last.id


async def test_tracks_since_an_event_count_once_each(database: Database):
    first, *_, last = await store(
        database,
        event(of=SONG),
        event(DISLIKE, of=SONG),
        event(WITHDRAWN, of=SONG),
        event(of=SONG, by=BEN),
        event(of=TrackId("song:of-ben-alone"), by=BEN),
        event(of=THIRD_SONG, by=BEN),
        event(of=OTHER_SONG),
    )
    assert first is not None
    assert first.id is not None
    assert last is not None
    assert last.id is not None

    async with database.reading() as work:
        assert await work.labels.last_event_id(ANNA) == last.id
        assert await work.labels.count_tracks_since(ANNA, EventId(first.id - 1)) == 2
        assert await work.labels.count_tracks_since(ANNA, first.id) == 2
        assert await work.labels.count_tracks_since(ANNA, last.id) == 0
        assert await work.labels.tracks_since(ANNA, first.id) == {SONG, OTHER_SONG}
        assert await work.labels.tracks_since(ANNA, last.id) == set()


async def test_ids_of_deleted_events_are_not_used_again(database: Database):
    (deleted,) = await store(database, event())
    async with database.writing() as work:
        await work.listeners.delete(ANNA)
    (later,) = await store(database, event())

    assert deleted is not None
    assert later is not None
    assert (later.id or 0) > (deleted.id or 0)


async def test_an_event_that_takes_back_names_what_stands_again(database: Database):
    first, _ = await store(database, event(LIKE), event(DISLIKE))
    assert first is not None
    await store(database, replace(event(LIKE, restores=first.id), source=LabelSource.UNDO))

    async with database.reading() as work:
        last = await work.labels.latest(ANNA, SONG)
    assert last is not None
    assert last.restores == first.id


@pytest.mark.parametrize(
    ("later", "answer"),
    [
        (event(WITHDRAWN), True),
        (replace(event(DISLIKE), source=LabelSource.UNDO), True),
        (event(DISLIKE), False),
        (event(WITHDRAWN, of=OTHER_SONG), False),
        (event(WITHDRAWN, by=BEN), False),
    ],
    ids=["withdrawn", "undone", "changed", "another song", "somebody else"],
)
async def test_only_taking_back_what_was_known_counts_as_taken_back(
    database: Database, later: LabelEvent, answer: bool
):
    await store(database, event(LIKE, of=OTHER_SONG, by=BEN))
    (known,) = await store(database, event(LIKE))
    assert known is not None
    assert known.id is not None
    await store(database, event(LIKE, of=OTHER_SONG), later)

    async with database.reading() as work:
        end = await work.labels.last_event_id(later.listener_id)
        assert await work.labels.took_back_since(ANNA, known.id) is answer
        assert end is not None
        assert not await work.labels.took_back_since(ANNA, end)


async def test_the_tracks_labelled_last_come_first(database: Database):
    await store(
        database,
        event(LIKE, of=SONG),
        event(DISLIKE, of=OTHER_SONG),
        event(LIKE, of=THIRD_SONG),
        event(LIKE, of=OTHER_SONG),
        event(WITHDRAWN, of=THIRD_SONG),
        replace(event(LIKE, of=THIRD_SONG), listener_id=BEN),
    )
    async with database.reading() as work:
        assert await work.labels.last_tracks(ANNA, n=5) == [OTHER_SONG, SONG]
        assert await work.labels.last_tracks(ANNA, n=1) == [OTHER_SONG]
        assert await work.labels.last_tracks(ANNA, n=5, value=DISLIKE) == []
        assert await work.labels.last_tracks(ANNA, n=5, value=LIKE) == [OTHER_SONG, SONG]
