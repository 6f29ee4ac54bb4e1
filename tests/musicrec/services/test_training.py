"""Trainings of one listener at once: who shares one, and what may come in between."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from musicrec.domain.asker import Asker, asking
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import ModelSummary
from musicrec.domain.timely_errors import ForgottenMeanwhileError
from musicrec.services import Services, TrainingOutcome
from musicrec.workers import JobRun, Workers
from tests.musicrec import worker_jobs
from tests.musicrec.services.people import NOON, Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def workers(services: Services) -> Workers:
    return services.status._workers


@pytest.fixture
def jobs(workers: Workers) -> Generator[Counter[str]]:
    """Count the jobs that ended, by name."""
    ended, told = Counter[str](), workers.tell

    def note(run: JobRun) -> None:
        ended[run.name] += 1

    workers.tell = note
    yield ended
    workers.tell = told


@asynccontextmanager
async def busy(services: Services, workers: Workers, gate: Path) -> AsyncGenerator[None]:
    """Keep the only worker busy during the block, once nothing else is under way."""
    await services.training.idle()
    await services.training._rankings.close()
    job = asyncio.create_task(workers.run(worker_jobs.wait_for, gate))
    await until(lambda: workers.running == 1)
    try:
        yield
    finally:
        gate.touch()  # noqa: ASYNC240 - an empty file, at once
        await asyncio.gather(job, return_exceptions=True)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(90):
        while not is_so():  # noqa: ASYNC110 - the workers set no event
            await asyncio.sleep(0.01)


def begin(
    services: Services, who: Presser, told: list[int] | None = None
) -> "asyncio.Task[TrainingOutcome]":
    """Ask for a training as a command does, which is told its places in line."""
    asking.set(Asker(who.id, told=None if told is None else told.append))
    task = asyncio.create_task(services.training.train_now(who.id, at=NOON))
    asking.set(None)
    return task


async def latest(services: Services, listener_id: ListenerId) -> ModelSummary | None:
    async with services.labels._database.reading() as uow:
        return await uow.models.latest_summary(listener_id)


async def test_two_who_ask_at_once_share_one_training_and_both_are_told_its_place(
    services: Services, anna: Presser, workers: Workers, jobs: Counter[str], tmp_path: Path
):
    await anna.rate(15)
    first_told, second_told = list[int](), list[int]()
    async with busy(services, workers, tmp_path / "gate"):
        jobs.clear()
        first = begin(services, anna, first_told)
        await until(lambda: first_told == [1])
        second = begin(services, anna, second_told)
        await until(lambda: second_told == [1])
        assert workers.waiting == 1
    one, other = await asyncio.gather(first, second)
    assert one.summary == other.summary
    assert jobs["train_and_score"] == 1
    assert 0 in first_told
    assert 0 in second_told


async def test_who_gives_up_leaves_the_training_to_the_other(
    services: Services, anna: Presser, workers: Workers, jobs: Counter[str], tmp_path: Path
):
    await anna.rate(15)
    told = list[int]()
    async with busy(services, workers, tmp_path / "gate"):
        jobs.clear()
        first = begin(services, anna, told)
        await until(lambda: told == [1])
        second = begin(services, anna)
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
    assert first.cancelled()
    assert (await second).summary.n_labels == 15
    assert jobs["train_and_score"] == 1


async def test_a_rating_that_came_after_the_first_began_is_learned_by_the_second(
    services: Services, anna: Presser, workers: Workers, tmp_path: Path
):
    await anna.rate(15)
    told = list[int]()
    async with busy(services, workers, tmp_path / "gate"):
        first = begin(services, anna, told)
        await until(lambda: told == [1])
        await anna.rate(1)
        second = begin(services, anna)
        await until(lambda: workers.waiting == 2)
    one, other = await asyncio.gather(first, second)
    assert (one.summary.n_labels, other.summary.n_labels) == (15, 16)
    newest = await latest(services, anna.id)
    assert newest is not None
    assert newest.n_labels == 16


async def test_a_training_that_ends_after_a_newer_one_does_not_take_its_place(
    services: Services, anna: Presser, workers: Workers, tmp_path: Path
):
    await anna.rate(15)
    await services.training.idle()
    told = list[int]()
    async with busy(services, workers, tmp_path / "gate"):
        late = begin(services, anna, told)
        await until(lambda: told == [1])
        await anna.rate(1)
        # Another process, whose workers are free, has learned from all of it meanwhile.
        newer = await stored_elsewhere(services, anna)
    assert (await late).summary == newer
    assert await latest(services, anna.id) == newer


async def stored_elsewhere(services: Services, who: Presser) -> ModelSummary:
    """Store the latest model once more, as one that knows of everything."""
    async with services.labels._database.writing() as uow:
        await uow.listeners.lock_known(who.id)
        model = await uow.models.latest(who.id)
        through = await uow.labels.last_event_id(who.id)
        assert model is not None
        assert through is not None
        summary = replace(model.summary, trained_through=through)
        model_id = await uow.models.add(replace(model, summary=summary))
    return replace(summary, id=model_id)


async def test_what_was_deleted_during_a_training_is_not_learned_though_its_listener_came_back(
    services: Services, anna: Presser, workers: Workers, tmp_path: Path
):
    await anna.rate(15)
    told = list[int]()
    async with busy(services, workers, tmp_path / "gate"):
        asked = begin(services, anna, told)
        await until(lambda: told == [1])
        await services.privacy.delete(anna.id)
        await anna.rate(3)
    with pytest.raises(ForgottenMeanwhileError):
        await asked
    assert await latest(services, anna.id) is None
