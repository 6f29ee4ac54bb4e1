"""The channel of each server where links become cards, on both databases."""

from datetime import timedelta

from musicrec.storage import Database
from tests.musicrec.storage.samples import NOON

HERE, THERE = 10**18, 10**18 + 1


async def test_each_server_has_one_channel_the_last_one_chosen(database: Database):
    async with database.writing() as work:
        await work.link_channels.choose(HERE, 1, NOON)
        await work.link_channels.choose(THERE, 2, NOON)
        await work.link_channels.choose(HERE, 3, NOON + timedelta(minutes=1))
    async with database.reading() as work:
        assert await work.link_channels.channel_of(HERE) == 3
        assert await work.link_channels.channel_of(THERE) == 2
        assert await work.link_channels.channel_of(1) is None


async def test_a_forgotten_channel_is_gone_and_others_stay(database: Database):
    async with database.writing() as work:
        await work.link_channels.choose(HERE, 1, NOON)
        await work.link_channels.choose(THERE, 2, NOON)
        assert await work.link_channels.forget(HERE)
        assert not await work.link_channels.forget(HERE)
    async with database.reading() as work:
        assert await work.link_channels.channel_of(HERE) is None
        assert await work.link_channels.channel_of(THERE) == 2
