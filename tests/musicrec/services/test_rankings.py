"""Rankings are files beside the database: they come with a model and go with it."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.services import RANKINGS, Services
from tests.musicrec.services.people import NOON, Presser


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path


@pytest_asyncio.fixture
async def services(data_dir: Path) -> AsyncGenerator[Services]:
    async with open_services(data_dir=data_dir, worker_processes=1) as opened:
        yield opened


async def hashes_of(services: Services, who: Presser) -> set[str]:
    model = await services.training.ensure_model(who.id, at=NOON)
    return {model.summary.content_hash}


def ranked(data_dir: Path) -> set[str]:
    return {path.name.split("-")[0] for path in (data_dir / RANKINGS).glob("*.npz")}


async def settles_at(data_dir: Path, hashes: set[str]) -> bool:
    """Tell whether just these rankings are left once what is under way is done."""
    for _ in range(100):
        if ranked(data_dir) == hashes:
            return True
        await asyncio.sleep(0.1)
    return False


async def test_a_ranking_lives_as_long_as_its_model(
    services: Services, data_dir: Path, anna: Presser, ben: Presser
):
    for who in (anna, ben):
        await who.rate(20)
        await services.recommendations.recommend(who.id, at=NOON)
    await services.training.idle()
    first = await hashes_of(services, anna)
    others = await hashes_of(services, ben)
    for who in (anna, ben):
        await services.recommendations.recommend(who.id, at=NOON)
    assert await settles_at(data_dir, first | others)

    await anna.rate(5)
    await services.training.train_now(anna.id, at=NOON)
    await services.recommendations.recommend(anna.id, at=NOON)
    second = await hashes_of(services, anna)
    assert second != first
    assert await settles_at(data_dir, second | others)

    await services.privacy.delete(anna.id)
    assert await settles_at(data_dir, others)


async def test_a_lost_or_damaged_ranking_is_made_anew(
    services: Services, data_dir: Path, anna: Presser
):
    await anna.rate(20)
    await services.recommendations.recommend(anna.id, at=NOON)
    await services.training.idle()
    (own,) = await hashes_of(services, anna)
    await services.recommendations.recommend(anna.id, at=NOON)
    (file,) = (data_dir / RANKINGS).glob(f"{own}-*.npz")
    file.write_bytes(b"damaged")
    assert (await services.recommendations.recommend(anna.id, at=NOON)).tracks
    file.unlink()
    assert (await services.recommendations.recommend(anna.id, at=NOON)).tracks
    assert file.exists()


async def test_a_ranking_that_is_asked_for_with_a_deleted_model_does_not_stay(
    services: Services, data_dir: Path, anna: Presser
):
    await anna.rate(20)
    recommending = asyncio.create_task(services.recommendations.recommend(anna.id, at=NOON))
    await asyncio.sleep(0)
    before = ranked(data_dir)
    await services.privacy.delete(anna.id)
    await asyncio.gather(recommending, return_exceptions=True)
    await services.training.idle()
    assert await settles_at(data_dir, before)


async def test_a_ranking_whose_model_another_host_deleted_goes_too(
    services: Services, data_dir: Path, anna: Presser
):
    await anna.rate(20)
    await services.recommendations.recommend(anna.id, at=NOON)
    own = await hashes_of(services, anna)
    await services.recommendations.recommend(anna.id, at=NOON)
    assert await settles_at(data_dir, own)
    (data_dir / RANKINGS / "0123abcd-demo.npz").write_bytes(b"of a model that is gone")
    assert await services.training.forget_rankings_of_others() == 1
    assert ranked(data_dir) == own
