"""Questions for many who ask at the same time."""

import asyncio

import pytest

from tests.musicrec.services.people import NOON, Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_one_who_asks_again_and_again_holds_up_nobody_else(anna: Presser, ben: Presser):
    asked: list[tuple[Presser, str]] = []

    async def ask(who: Presser) -> None:
        song = await who.services.rating.next_song(who.id, at=NOON)
        asked.append((who, song.track.id))

    await asyncio.gather(*(ask(anna) for _ in range(40)), ask(ben))
    assert [who for who, _ in asked].index(ben) < 20
    assert len({song for who, song in asked if who is anna}) == 40
