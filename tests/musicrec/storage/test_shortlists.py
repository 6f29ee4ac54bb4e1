"""Shown shortlists, on both databases."""

from dataclasses import replace
from datetime import timedelta

from musicrec.domain.ids import ModelId, ShortlistId
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, OTHER_SONG, SONG, model, shortlist


async def add(database: Database, *shortlists: Shortlist) -> list[ShortlistId]:
    async with database.writing() as work:
        for listener in (ANNA, BEN):
            await work.listeners.lock(listener, NOON)
        return [await work.shortlists.add(one) for one in shortlists]


async def test_a_shortlist_comes_back_as_it_was_stored(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        model_id = await work.models.add(model())
        given = replace(
            shortlist(SONG, model_id=model_id),
            entries=(
                ShortlistEntry(1, OTHER_SONG, 0.1 + 0.2, "acoustic"),
                ShortlistEntry(2, SONG, None),
            ),
        )
        shortlist_id = await work.shortlists.add(given)

    async with database.reading() as work:
        assert await work.shortlists.get(shortlist_id) == replace(given, id=shortlist_id)
        assert await work.shortlists.get(ShortlistId(shortlist_id + 1)) is None


async def test_a_shortlist_without_entries_is_kept(database: Database):
    (shortlist_id,) = await add(database, shortlist())

    async with database.reading() as work:
        kept = await work.shortlists.get(shortlist_id)
    assert kept is not None
    assert kept.entries == ()


async def test_entries_come_back_by_position(database: Database):
    backwards = replace(
        shortlist(), entries=(ShortlistEntry(2, SONG, 0.5), ShortlistEntry(1, OTHER_SONG, 0.6))
    )
    (shortlist_id,) = await add(database, backwards)

    async with database.reading() as work:
        kept = await work.shortlists.get(shortlist_id)
    assert kept is not None
    assert [entry.position for entry in kept.entries] == [1, 2]


async def test_shown_tracks_are_told_apart_by_listener_and_kind(database: Database):
    await add(
        database,
        shortlist(SONG),
        shortlist(OTHER_SONG, kind=ShortlistKind.RATE),
        shortlist(OTHER_SONG, by=BEN),
    )

    async with database.reading() as work:
        shown = work.shortlists.shown_track_ids
        assert await shown(ANNA, ShortlistKind.RECOMMEND) == {SONG}
        assert await shown(ANNA, ShortlistKind.RATE) == {OTHER_SONG}
        assert await shown(BEN, ShortlistKind.RATE) == set()


async def test_a_shortlist_has_its_own_entries_in_their_order(database: Database):
    first, _, last = await add(
        database, shortlist(SONG), shortlist(SONG, by=BEN), shortlist(OTHER_SONG, SONG)
    )

    async with database.reading() as work:
        kept = [await work.shortlists.get(each) for each in (first, last)]
        assert await work.shortlists.get(ShortlistId(last + 1)) is None
    assert [[entry.track_id for entry in one.entries] for one in kept if one] == [
        [SONG],
        [OTHER_SONG, SONG],
    ]


async def test_a_model_that_is_gone_is_stored_as_none(database: Database):
    (shortlist_id,) = await add(database, shortlist(SONG, model_id=ModelId(12345)))

    async with database.reading() as work:
        kept = await work.shortlists.get(shortlist_id)
    assert kept is not None
    assert kept.model_id is None


async def test_a_shortlist_outlives_its_model(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        model_id = await work.models.add(model())
        shortlist_id = await work.shortlists.add(shortlist(SONG, model_id=model_id))
        await work.models.delete_all(ANNA)
        kept = await work.shortlists.get(shortlist_id)
    assert kept is not None
    assert kept.model_id is None
    assert len(kept.entries) == 1


async def test_ids_of_deleted_shortlists_are_not_used_again(database: Database):
    (deleted,) = await add(database, shortlist(SONG))
    async with database.writing() as work:
        await work.shortlists.delete(deleted)
    (later,) = await add(database, shortlist(SONG))

    assert later > deleted


async def test_shown_lately_are_songs_of_some_kinds_since_an_instant(database: Database):
    later = NOON + timedelta(days=1)
    await add(
        database,
        shortlist(SONG),
        shortlist(OTHER_SONG, created_at=later, kind=ShortlistKind.WEEK),
        shortlist(SONG, created_at=later, kind=ShortlistKind.RATE),
        shortlist(SONG, created_at=later, by=BEN),
    )

    kinds = (ShortlistKind.RECOMMEND, ShortlistKind.WEEK)
    async with database.reading() as work:
        assert await work.shortlists.shown_since(ANNA, kinds, NOON) == {SONG, OTHER_SONG}
        assert await work.shortlists.shown_since(ANNA, kinds, later) == {OTHER_SONG}
