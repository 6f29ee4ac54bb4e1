"""Discord fails while the bot starts."""

from pathlib import Path

import pytest

from musicrec.storage import sqlite_url
from tests.chaos.bots import Bots
from tests.chaos.lives import Lives
from tests.chaos.town import Town
from tests.stand_ins.discord_faults import Fault
from tests.stand_ins.discord_front import discord_front

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_connection_that_breaks_at_the_start_is_one_sentence(
    bot_lives: Lives, tmp_path: Path
):
    async with discord_front() as front:
        front.faults.plan = [Fault("GET /users/@me", 0, times=10)]  # once is borne
        bots = Bots(sqlite_url(tmp_path / "data"), tmp_path, front, bot_lives)
        n_said = len(bot_lives.log.read_text())
        life = await bots.begin()
        assert await life.ended() == 2
        said = bot_lives.log.read_text()[n_said:]
        assert "Discord is out of reach or refused the connection" in said
        assert "Traceback" not in said


async def test_a_start_bears_that_discord_stumbles(bot_lives: Lives, tmp_path: Path):
    async with discord_front() as front:
        front.faults.plan = [Fault("GET /users/@me", 502), Fault("PUT /applications", 429)]
        bots = Bots(sqlite_url(tmp_path / "data"), tmp_path, front, bot_lives)
        async with bots.living() as life:
            town = Town(bots, front, life)
            await town.is_asked_on(await town.likes(town.song()))
        assert [fault.times for fault in front.faults.plan] == [0, 0]
