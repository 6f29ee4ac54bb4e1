"""Lists are held against scoring every song, and what is missed is told."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.catalogue import import_songs, write_table
from musicrec.catalogue.store.versions import building, put_into_use
from musicrec.discovery import (
    SCORED_WHOLE,
    Ranking,
    dump_ranking,
    read_ranking,
    write_ranking,
)
from musicrec.domain.ids import ListenerId
from musicrec.domain.recall import BEST, AuditedFilter, RecallAudit
from musicrec.services import RANKINGS, Services
from musicrec.services.auditor import Auditor
from musicrec.services.audits import EVERY
from tests.musicrec.catalogue.store.songs import built, made_up
from tests.musicrec.services.people import NOON, Presser
from tests.musicrec.worker_jobs import wait_for

N_SONGS = 3_000
N_RARE = 600
ANNA, BEN = ListenerId(1), ListenerId(2)


def songs_of(n: int) -> pd.DataFrame:
    """Make songs up, some of them by the only artists whose country is known."""
    songs = made_up(n)
    country = pd.Series([None] * n, dtype="str")
    country[:: n // N_RARE] = "IS"
    return songs.assign(country=country, energy=songs["energy"].fillna(0.9))


def put(data_dir: Path, songs: pd.DataFrame) -> None:
    root = data_dir / "catalogue"
    with building(root) as folder:
        built(folder, songs, batch=50_000)
        put_into_use(root, folder)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder of two listeners who were recommended something."""
    data_dir = tmp_path_factory.mktemp("prepared")
    put(data_dir, songs_of(N_SONGS))
    async with open_services(data_dir=data_dir, worker_processes=1) as services:
        for listener_id in (ANNA, BEN):
            await recommend_to(Presser(services, listener_id))
    return data_dir


@pytest.fixture
def data_dir(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "data"))


@pytest_asyncio.fixture
async def services(data_dir: Path) -> AsyncGenerator[Services]:
    async with open_services(data_dir=data_dir, worker_processes=2) as opened:
        yield opened


async def recommend_to(who: Presser) -> None:
    await who.rate(20)
    await who.services.recommendations.recommend(who.id, at=NOON)
    await who.services.training.idle()
    await who.services.recommendations.recommend(who.id, at=NOON)


def spoil(data_dir: Path, left: slice) -> None:
    """Leave only some songs of every ranking."""
    files = list((data_dir / RANKINGS).glob("*.npz"))
    assert files
    for file in files:
        ranking = read_ranking(file)
        assert ranking is not None
        shorter = Ranking(ranking.rows[left], ranking.p_like[left])
        write_ranking(file, dump_ranking(shorter, None))


async def audited(services: Services, *, days: float = 0, seed: int = 0) -> list[RecallAudit]:
    at = NOON + timedelta(days=days)
    return await services.audits.audit_if_due(at=at, rng=np.random.default_rng(seed))


async def stored(services: Services) -> list[RecallAudit]:
    async with services.audits._database.reading() as uow:
        return await uow.audits.list_all()


async def test_an_audit_of_a_small_catalogue_finds_everything(services: Services):
    audits = await audited(services)
    assert [audit.limited_to for audit in audits] == list(AuditedFilter)
    assert [(audit.found, audit.looked_for) for audit in audits] == [(BEST, BEST)] * 3
    assert {audit.n_songs for audit in audits} == {N_SONGS}
    assert {audit.n_labels for audit in audits} == {20}
    assert all(audit.seconds > 0 for audit in audits)
    assert await stored(services) == audits


async def test_a_list_that_lacks_the_best_songs_is_found_out(services: Services, data_dir: Path):
    spoil(data_dir, slice(500, None))
    whole = (await audited(services))[0]
    assert whole.limited_to is AuditedFilter.NONE
    assert whole.recall < 0.5


async def test_a_list_in_a_wrong_order_is_found_out(services: Services, data_dir: Path):
    spoil(data_dir, slice(None, None, -1))
    assert (await audited(services))[0].recall < 0.5


async def test_audits_keep_their_distance_even_across_restarts(services: Services):
    assert await audited(services)
    assert await audited(services, days=0.2) == []
    services.audits._tried_at = None
    assert await audited(services, days=0.2) == []
    assert await audited(services, days=EVERY / timedelta(days=1))
    assert len(await stored(services)) == 6


async def test_listeners_of_old_models_are_left_in_peace(services: Services):
    assert await audited(services, days=40_000) == []
    assert await services.audits.choose(9, at=NOON, rng=np.random.default_rng(0)) != []


async def test_with_nobody_to_audit_nothing_happens(tmp_path: Path):
    async with open_services(data_dir=tmp_path, worker_processes=1) as services:
        assert await audited(services) == []


async def test_everybody_has_the_same_chance(services: Services):
    rngs = [np.random.default_rng(seed) for seed in range(20)]
    chosen = [await services.audits.choose(1, at=NOON, rng=rng) for rng in rngs]
    assert {one for (one,) in chosen} == {ANNA, BEN}
    assert set(await services.audits.choose(9, at=NOON, rng=rngs[0])) == {ANNA, BEN}


async def test_without_a_model_nothing_is_audited(services: Services):
    rng = np.random.default_rng(0)
    assert await services.audits.audit(ListenerId(3), at=NOON, rng=rng) == []


async def test_an_audit_waits_while_others_need_the_workers(services: Services, data_dir: Path):
    workers = services.audits._auditor._workers
    others = asyncio.create_task(workers.run(wait_for, data_dir / "done"))
    seen: list[int] = []
    audit = asyncio.create_task(
        services.audits.audit(
            ANNA,
            at=NOON,
            rng=np.random.default_rng(0),
            progress=lambda done, _: seen.append(done),
        )
    )
    await asyncio.wait([audit], timeout=3)
    assert seen == []
    (data_dir / "done").touch()
    await others
    assert len(await audit) == 3
    assert seen[-1] == N_SONGS


@pytest.mark.parametrize("what", ["catalogue", "model"])
async def test_an_audit_whose_catalogue_or_model_goes_is_dropped(
    services: Services, data_dir: Path, what: str
):
    auditor = services.audits._auditor
    services.audits._auditor = Auditor(auditor._workers, auditor._rankings, slice_size=100)
    begun, seen = asyncio.Event(), list[int]()
    others: list[asyncio.Task[None]] = []

    def stop(done: int, _: int) -> None:
        seen.append(done)
        others.append(asyncio.create_task(auditor._workers.run(wait_for, data_dir / "done")))
        begun.set()

    rng = np.random.default_rng(0)
    audit = asyncio.create_task(services.audits.audit(ANNA, at=NOON, rng=rng, progress=stop))
    await begun.wait()
    if what == "catalogue":
        write_table(songs_of(700)[["title", "artists", "energy"]], data_dir / "more.csv")
        import_songs(data_dir, [data_dir / "more.csv"])
        assert services.audits._catalogue.refresh()
    else:
        await services.privacy.delete(ANNA)
    (data_dir / "done").touch()
    assert await audit == []
    await asyncio.gather(*others)
    assert seen[-1] < N_SONGS
    assert await stored(services) == []


async def test_songs_that_were_met_are_not_looked_for(services: Services):
    before = await audited(services)
    for _ in range(5):
        await services.recommendations.recommend(ANNA, n=10, at=NOON)
    again = await audited(services, days=1)
    assert [audit.found for audit in again] == [audit.found for audit in before]


async def test_the_background_audits_by_itself_and_ends_when_told(services: Services):
    await services.audits.close()
    services.audits._clock = lambda: NOON
    services.audits.start(np.random.default_rng(0), look_again_s=0.01)
    while not await stored(services):  # noqa: ASYNC110 - a database tells nobody of new rows
        await asyncio.sleep(0.05)
    await services.audits.close()
    task = services.audits._task
    assert task is not None
    assert task.cancelled()
    assert len(await stored(services)) == 3


async def test_the_status_says_what_was_found_this_week(services: Services):
    assert (await services.status.status(at=NOON)).recall is None
    await audited(services)
    recall = (await services.status.status(at=NOON + timedelta(days=6))).recall
    assert recall is not None
    assert (recall.n_lists, recall.mean) == (3, 1.0)
    assert (await services.status.status(at=NOON + timedelta(days=8))).recall is None


async def test_the_three_looks_at_a_large_catalogue_are_audited(tmp_path: Path):
    put(tmp_path, songs_of(SCORED_WHOLE + 20_000))
    async with open_services(data_dir=tmp_path, worker_processes=1) as services:
        await recommend_to(Presser(services, ANNA))
        whole, genre, country = await audited(services)
    assert (whole.limited_to, whole.looked_for) == (AuditedFilter.NONE, BEST)
    assert (country.limited_to, country.looked_for) == (AuditedFilter.COUNTRY, BEST)
    assert min(whole.recall, genre.recall, country.recall) >= 0.9
