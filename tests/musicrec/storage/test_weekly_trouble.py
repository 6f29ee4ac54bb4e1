"""Trouble with a weekly list is told once without being asked for, on both databases."""

from dataclasses import replace

from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON
from tests.musicrec.storage.test_weeks import PLAN


async def test_each_trouble_is_told_once(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        await work.listeners.lock(BEN, NOON)
        await work.weekly_plans.put(replace(PLAN, trouble=""), NOON)
        assert not await work.weekly_plans.has_untold_trouble(ANNA)
        assert await work.weekly_plans.tell_trouble(ANNA) == ""
        await work.weekly_plans.set_trouble(ANNA, "Closed.")
        assert await work.weekly_plans.has_untold_trouble(ANNA)
        assert not await work.weekly_plans.has_untold_trouble(BEN)
        assert await work.weekly_plans.tell_trouble(BEN) == ""
        assert await work.weekly_plans.tell_trouble(ANNA) == "Closed."
        assert await work.weekly_plans.tell_trouble(ANNA) == ""
        await work.weekly_plans.set_trouble(ANNA, "Closed.")
        assert await work.weekly_plans.tell_trouble(ANNA) == ""
        await work.weekly_plans.set_trouble(ANNA, "Gone.")
        assert await work.weekly_plans.tell_trouble(ANNA) == "Gone."
        found = await work.weekly_plans.get(ANNA)
        assert found is not None
        assert found.trouble == "Gone."


async def test_trouble_that_came_back_is_told_again(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        await work.weekly_plans.put(PLAN, NOON)
        assert await work.weekly_plans.tell_trouble(ANNA) == "Closed."
        await work.weekly_plans.set_trouble(ANNA, "")
        assert not await work.weekly_plans.has_untold_trouble(ANNA)
        await work.weekly_plans.set_trouble(ANNA, "Closed.")
        assert await work.weekly_plans.tell_trouble(ANNA) == "Closed."
