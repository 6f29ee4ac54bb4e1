"""Who is known, on both databases."""

from datetime import timedelta

from musicrec.domain.shortlist import ShortlistKind
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, SONG, event, guess, model, shortlist


async def test_locking_makes_a_listener_known_since_the_first_time(database: Database):
    async with database.reading() as work:
        assert not await work.listeners.exists(ANNA)
        assert await work.listeners.created_at(ANNA) is None

    for hours in (0, 1):
        async with database.writing() as work:
            await work.listeners.lock(ANNA, NOON + timedelta(hours=hours))

    async with database.reading() as work:
        assert await work.listeners.exists(ANNA)
        assert await work.listeners.created_at(ANNA) == NOON
        assert not await work.listeners.exists(BEN)


async def test_deleting_a_listener_deletes_everything_of_theirs_and_nothing_else(
    database: Database,
):
    for person in (ANNA, BEN):
        async with database.writing() as work:
            await work.listeners.lock(person, NOON)
            model_id = await work.models.add(model(by=person))
            shortlist_id = await work.shortlists.add(shortlist(SONG, by=person, model_id=model_id))
            await work.labels.append(event(by=person, shortlist_id=shortlist_id))
            await work.guesses.add(guess(by=person))

    async with database.writing() as work:
        await work.listeners.delete(ANNA)

    async with database.reading() as work:
        assert not await work.listeners.exists(ANNA)
        assert await work.labels.history(ANNA) == []
        assert await work.shortlists.list_all(ANNA) == []
        assert await work.shortlists.shown_track_ids(ANNA, ShortlistKind.RECOMMEND) == set()
        assert await work.models.summaries(ANNA) == []
        assert await work.guesses.list_all(ANNA) == []
        assert len(await work.guesses.list_all(BEN)) == 1
        assert len(await work.labels.history(BEN)) == 1
        assert len(await work.shortlists.list_all(BEN)) == 1
        assert await work.models.latest(BEN) is not None


async def test_locking_the_known_makes_nobody_known(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        assert await work.listeners.lock_known(ANNA)
        assert not await work.listeners.lock_known(BEN)
        assert not await work.listeners.exists(BEN)


async def test_deleting_an_unknown_listener_does_nothing(database: Database):
    async with database.writing() as work:
        await work.listeners.delete(ANNA)
