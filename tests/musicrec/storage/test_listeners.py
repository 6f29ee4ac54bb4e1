"""Who is known, on both databases."""

from datetime import timedelta

from musicrec.domain.shortlist import ShortlistKind
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, SONG, event, guess, model, shortlist


async def test_locking_makes_a_listener_known_since_the_first_time(database: Database):
    async with database.reading() as work:
        assert await work.listeners.created_at(ANNA) is None

    for hours in (0, 1):
        async with database.writing() as work:
            await work.listeners.lock(ANNA, NOON + timedelta(hours=hours))

    async with database.reading() as work:
        assert await work.listeners.created_at(ANNA) == NOON
        assert await work.listeners.created_at(BEN) is None


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
        assert await work.listeners.created_at(ANNA) is None
        assert await work.shortlists.shown_track_ids(ANNA, ShortlistKind.RECOMMEND) == set()
        assert not any((await work.personal.counts(ANNA)).values())
        kept = await work.personal.counts(BEN)
        assert {name for name, n in kept.items() if n} == {
            "guesses",
            "label_events",
            "listeners",
            "models",
            "shortlist_entries",
            "shortlists",
        }


async def test_locking_the_known_makes_nobody_known(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        assert await work.listeners.lock_known(ANNA)
        assert not await work.listeners.lock_known(BEN)
        assert await work.listeners.created_at(BEN) is None


async def test_deleting_an_unknown_listener_does_nothing(database: Database):
    async with database.writing() as work:
        await work.listeners.delete(ANNA)
