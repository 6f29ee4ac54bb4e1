import asyncio
from datetime import UTC, datetime

import pytest

from musicrec.sources import AskedSong, open_lookup, user_agent
from musicrec.sources.settings import SourceSettings
from tests.musicrec.sources.conftest import GENRES
from tests.stand_ins.store import MemoryAnswers
from tests.stand_ins.town import CONTACT, StandIns
from tests.stand_ins.world import SONGS

ONLY_DEEZER = SONGS[5]


def now() -> datetime:
    return datetime.now(UTC)


async def test_a_look_up_is_opened_with_the_contact_in_every_request(
    settings: SourceSettings, store: MemoryAnswers, stand_ins: StandIns
):
    async with open_lookup(settings, store, now, program="musicrec/0.1.0") as lookup:
        found = await lookup.find(AskedSong(isrc=ONLY_DEEZER.isrc), GENRES)

    assert found.song is not None
    assert found.song.track.title == ONLY_DEEZER.title
    requests = [asked for service in stand_ins.services.values() for _, asked in service.log]
    assert {asked.headers["User-Agent"] for asked in requests} == {CONTACT}


async def test_closing_breaks_off_what_is_under_way(
    settings: SourceSettings, store: MemoryAnswers, stand_ins: StandIns
):
    stand_ins.deezer.switches.slow_s = 30.0
    async with open_lookup(settings, store, now, program="musicrec/0.1.0") as lookup:
        finding = asyncio.create_task(lookup.find(AskedSong(deezer_id="1"), GENRES))
        await asyncio.sleep(0.05)
    with pytest.raises(asyncio.CancelledError):
        await finding


def test_a_contact_cannot_smuggle_anything_into_the_header():
    assert (
        user_agent("musicrec/0.1.0", "a@b.example\r\nX: ü") == "musicrec/0.1.0 ( a@b.exampleX:  )"
    )
