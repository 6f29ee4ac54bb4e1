"""Hints, on both databases."""

import pytest
from sqlalchemy.exc import IntegrityError

from musicrec.domain.hint import Hint, HintSource
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, OTHER_SONG, SONG


def hint(
    of: TrackId = SONG, *, by: ListenerId = ANNA, source: HintSource = HintSource.SAVED
) -> Hint:
    return Hint(by, of, source, NOON)


async def put(database: Database, *hints: Hint) -> None:
    async with database.writing() as work:
        for person in {each.listener_id for each in hints}:
            await work.listeners.lock(person, NOON)
        await work.hints.put(hints)


async def test_hints_are_kept_as_they_are_and_belong_to_one_listener(database: Database):
    kept = [hint(), hint(OTHER_SONG, source=HintSource.TOP)]
    await put(database, *kept, hint(by=BEN))
    async with database.reading() as work:
        assert await work.hints.list_all(ANNA) == kept
        assert await work.hints.list_all(BEN) == [hint(by=BEN)]
        assert await work.hints.listeners() == [BEN, ANNA]


async def test_a_song_has_one_hint(database: Database):
    await put(database, hint())
    with pytest.raises(IntegrityError):
        await put(database, hint(source=HintSource.TOP))


async def test_forgetting_takes_all_of_one_listener_and_counts_them(database: Database):
    await put(database, hint(), hint(OTHER_SONG), hint(by=BEN))
    async with database.writing() as work:
        await work.hints.put([])
        assert await work.hints.delete_all(ANNA) == 2
        assert await work.hints.delete_all(ANNA) == 0
    async with database.reading() as work:
        assert await work.hints.listeners() == [BEN]


async def test_hints_are_no_labels_and_go_with_their_listener(database: Database):
    await put(database, hint())
    async with database.reading() as work:
        assert (await work.labels.counts(ANNA)).total == 0
        assert await work.labels.history(ANNA) == []
    async with database.writing() as work:
        await work.listeners.delete(ANNA)
    async with database.reading() as work:
        assert await work.hints.list_all(ANNA) == []
