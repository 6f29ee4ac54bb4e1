"""Told probabilities, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from musicrec.domain.guess import Guess, GuessPlace
from musicrec.domain.ids import ModelId
from musicrec.domain.label import LabelValue
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, OTHER_SONG, SONG, event, guess, store

LIKE, DISLIKE, WITHDRAWN = LabelValue.LIKE, LabelValue.DISLIKE, LabelValue.WITHDRAWN


async def tell(database: Database, *guesses: Guess) -> None:
    async with database.writing() as work:
        for listener in (ANNA, BEN):
            await work.listeners.lock(listener, NOON)
        await work.guesses.add(*guesses)


async def counted(database: Database) -> list[float]:
    async with database.reading() as work:
        return [one.p_like for one in await work.guesses.counting(ANNA)]


async def test_guesses_come_back_as_they_were_stored_oldest_first(database: Database):
    given = [
        guess(0.1 + 0.2, place=place, model_id=ModelId(2**40), minute=minute)
        for minute, place in enumerate(GuessPlace)
    ]
    await tell(database, *given, guess(by=BEN), guess(1.0, of=OTHER_SONG))

    async with database.reading() as work:
        kept = await work.guesses.list_all(ANNA)
    assert [replace(one, id=None) for one in kept] == [*given, guess(1.0, of=OTHER_SONG)]
    assert [one.id for one in kept] == sorted({one.id for one in kept}, key=lambda id_: id_ or 0)


async def test_no_guesses_are_stored_as_none(database: Database):
    await tell(database)

    assert await counted(database) == []


async def test_an_unknown_listener_cannot_have_guesses(database: Database):
    with pytest.raises(IntegrityError):
        async with database.writing() as work:
            await work.guesses.add(guess())


async def test_the_last_guess_before_the_first_verdict_counts(database: Database):
    await tell(database, *(guess(p, minute=minute) for minute, p in enumerate((0.1, 0.2, 0.3))))
    await store(database, event(LIKE, minute=1))

    assert await counted(database) == [0.2]


async def test_changes_of_mind_do_not_move_the_guess_that_counts(database: Database):
    await tell(database, guess(0.1, minute=0), guess(0.9, minute=4))
    await store(
        database,
        event(LIKE, minute=1),
        event(DISLIKE, minute=2),
        event(WITHDRAWN, minute=3),
        event(LIKE, minute=5),
    )

    assert await counted(database) == [0.1]


async def test_a_song_that_was_guessed_only_after_its_verdict_has_no_guess(database: Database):
    await store(database, event(LIKE, minute=1), event(WITHDRAWN, minute=2))
    await tell(database, guess(0.9, minute=3))

    assert await counted(database) == []
    async with database.reading() as work:
        assert await work.guesses.counting_of(ANNA, SONG) is None


async def test_unrated_songs_count_with_their_last_guess(database: Database):
    await tell(database, guess(0.1), guess(0.2, minute=1), guess(0.3, of=OTHER_SONG, by=BEN))

    assert await counted(database) == [0.2]


async def test_the_verdicts_of_others_and_on_other_songs_decide_nothing(database: Database):
    await tell(database, guess(0.4, minute=2), guess(0.6, of=OTHER_SONG, minute=2))
    await store(database, event(LIKE, by=BEN), event(LIKE, of=OTHER_SONG, minute=3))

    assert await counted(database) == [0.4, 0.6]
    async with database.reading() as work:
        one = await work.guesses.counting_of(ANNA, OTHER_SONG)
    assert one is not None
    assert one.p_like == 0.6


async def test_a_guess_outlives_its_model(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        await work.guesses.add(guess(model_id=ModelId(12345)))
        (kept,) = await work.guesses.list_all(ANNA)

    assert kept.model_id == 12345
