"""Corrections, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from musicrec.domain.correction import Correction, CorrectionId, CorrectionKind
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, OTHER_SONG, SONG

LATER = NOON + timedelta(days=1)


def correction(kind: CorrectionKind = CorrectionKind.TOO_FAST, **fields: Any) -> Correction:
    values: dict[str, Any] = {
        "listener_id": ANNA,
        "track_id": SONG,
        "said_at": NOON,
        "title": "Sög ñ",
        "artist": "A & B",
        "genre": "pop",
        "features": {"tempo_bpm": 0.1 + 0.2, "energy": 1 / 3},
        "event_key": "interaction:1",
        **fields,
    }
    return Correction(kind=kind, **values)


async def add(database: Database, *corrections: Correction) -> list[Correction | None]:
    async with database.writing() as work:
        for person in {each.listener_id for each in corrections}:
            await work.listeners.lock(person, NOON)
        return [await work.corrections.add(each) for each in corrections]


async def test_a_correction_is_kept_as_it_was_said_and_belongs_to_one_listener(database: Database):
    said = correction()
    bare = correction(CorrectionKind.KNOWN_ALREADY, artist=None, genre=None, features={}, title="")
    stored = await add(database, said, bare, correction(listener_id=BEN))
    ids = [each.id for each in stored if each]
    assert len(set(ids)) == 3
    async with database.reading() as work:
        standing = await work.corrections.standing(ANNA)
        assert standing == [replace(said, id=ids[0]), replace(bare, id=ids[1])]
        assert await work.corrections.known_track_ids(ANNA) == {SONG}
        assert await work.corrections.known_track_ids(BEN) == set()
        kind = CorrectionKind.TOO_FAST
        assert await work.corrections.standing_of(ANNA, SONG, kind) == standing[0]
        assert await work.corrections.standing_of(ANNA, OTHER_SONG, kind) is None


async def test_one_tap_delivered_again_is_stored_once_even_after_it_was_taken_back(
    database: Database,
):
    assert await add(database, correction(), correction()) != [None, None]
    async with database.writing() as work:
        assert len(await work.corrections.take_back_said(ANNA, "interaction:1", LATER)) == 1
    assert await add(database, correction()) == [None]
    async with database.reading() as work:
        assert await work.corrections.standing(ANNA) == []
    other = correction(event_key="interaction:2")
    assert await add(database, other) != [None]


async def test_taking_back_leaves_what_was_said_and_is_ones_own_business(database: Database):
    first, second = await add(database, correction(), correction(CorrectionKind.TOO_LOUD))
    assert first
    assert second
    assert first.id
    async with database.writing() as work:
        assert await work.corrections.take_back(BEN, first.id, LATER) is None
        assert await work.corrections.take_back(ANNA, CorrectionId(10**12), LATER) is None
        gone = await work.corrections.take_back(ANNA, first.id, LATER)
        assert gone == replace(first, taken_back_at=LATER)
        assert await work.corrections.take_back(ANNA, first.id, LATER) is None
        # What one tap said is taken back together, as far as it still stands.
        assert await work.corrections.take_back_said(BEN, "interaction:1", LATER) == []
        taken = await work.corrections.take_back_said(ANNA, "interaction:1", LATER)
        assert taken == [replace(second, taken_back_at=LATER)]
    async with database.reading() as work:
        assert (await work.personal.counts(ANNA))["corrections"] == 2
        assert await work.corrections.standing(ANNA) == []


async def test_corrections_go_with_their_listener(database: Database):
    await add(database, correction(), correction(track_id=OTHER_SONG), correction(listener_id=BEN))
    async with database.writing() as work:
        await work.listeners.delete(BEN)
    async with database.reading() as work:
        assert (await work.personal.counts(BEN))["corrections"] == 0


async def test_writers_of_one_listener_queue_up(database: Database):
    async def say_once(number: int) -> bool:
        async with database.writing() as work:
            await work.listeners.lock(ANNA, NOON)
            kind = CorrectionKind.TOO_FAST
            if await work.corrections.standing_of(ANNA, SONG, kind):
                return False
            said = correction(event_key=f"interaction:{number}")
            return await work.corrections.add(said) is not None

    assert sum(await asyncio.gather(*(say_once(number) for number in range(8)))) == 1
