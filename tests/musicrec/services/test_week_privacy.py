"""Weekly lists in what is shown, exported and deleted."""

import io
import json
import zipfile

import pytest

from musicrec.services import Services
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.weekly import WeeklyService
from tests.musicrec.services.people import Presser
from tests.musicrec.services.weekly_town import DAY, MONDAY, Clock, MemoryPost, TinyComposer, plan

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def delivered(services: Services, who: Presser) -> None:
    database, composer = services.labels._database, TinyComposer()
    await WeeklyService(database, composer).turn_on(plan(who.id), at=MONDAY - DAY)
    delivery = WeekDelivery(database, composer, Clock(), post=MemoryPost())
    await delivery.tick(MONDAY)


async def test_a_summary_counts_weekly_lists(services: Services, anna: Presser, ben: Presser):
    await delivered(services, anna)
    summary = await services.privacy.show(anna.id)
    assert (summary.held["weeks"], summary.held["weekly_plans"]) == (1, 1)
    others = await services.privacy.show(ben.id)
    assert (others.held["weeks"], others.held["weekly_plans"]) == (0, 0)


async def test_an_export_has_the_plan_and_every_list(services: Services, anna: Presser):
    await delivered(services, anna)
    archive = zipfile.ZipFile(io.BytesIO((await services.privacy.export(anna.id))[0]))
    everything = json.loads(archive.read("everything.json"))
    assert [one["zone"] for one in everything["weekly_plans"]] == ["UTC"]
    [week] = everything["weeks"]
    assert week["local_date"] == str(MONDAY.date())
    assert week["content"]["songs"][0]["artists"] == ["Artist"]


async def test_deletion_takes_them_and_no_more_come(services: Services, anna: Presser):
    await delivered(services, anna)
    receipt = await services.privacy.delete(anna.id)
    assert (receipt.held["weeks"], receipt.held["weekly_plans"]) == (1, 1)
    nothing = await services.privacy.delete(anna.id)
    assert set(nothing.held.values()) == {0}
    post = MemoryPost()
    delivery = WeekDelivery(services.labels._database, TinyComposer(), Clock(), post=post)
    assert await delivery.tick(MONDAY + 7 * DAY) == 0
    assert post.sent == []
