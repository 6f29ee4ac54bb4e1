"""Stored models, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from musicrec.domain.ids import ModelId
from musicrec.domain.model import StoredModel
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, METRICS, NOON, REPORT, model
from tests.musicrec.storage.statements import recorded_statements


async def add(database: Database, *models: StoredModel, keep: int = 3) -> list[ModelId]:
    async with database.writing() as work:
        for listener in (ANNA, BEN):
            await work.listeners.lock(listener, NOON)
        return [await work.models.add(one, keep=keep) for one in models]


async def test_a_model_comes_back_as_it_was_stored(database: Database):
    given = model(bytes(range(256)) * 4000)
    (model_id,) = await add(database, given)

    async with database.reading() as work:
        kept = await work.models.latest(ANNA)
        summary = await work.models.latest_summary(ANNA)
    expected = replace(given.summary, id=model_id)
    assert kept == StoredModel(expected, given.blob)
    assert summary == expected


async def test_only_the_newest_models_are_kept(database: Database):
    models = [model(n_labels=number) for number in range(5)]
    ids = await add(database, model(by=BEN), *models, model(by=BEN), keep=2)

    async with database.reading() as work:
        kept = (await work.personal.rows(ANNA))["models"]
        assert (await work.personal.counts(BEN))["models"] == 2
    assert [(one["n_labels"], one["id"]) for one in kept] == [(3, ids[4]), (4, ids[5])]


async def test_three_models_are_kept_unless_told_otherwise(database: Database):
    async with database.writing() as work:
        await work.listeners.lock(ANNA, NOON)
        for _ in range(4):
            await work.models.add(model())
        assert (await work.personal.counts(ANNA))["models"] == 3


async def test_the_latest_model_is_the_one_stored_last(database: Database):
    earlier = model(fitted_at=NOON - timedelta(hours=1), n_labels=99)
    await add(database, model(), earlier)

    async with database.reading() as work:
        latest = await work.models.latest_summary(ANNA)
    assert latest is not None
    assert latest.n_labels == 99


async def test_a_summary_does_not_read_the_bytes(database: Database):
    await add(database, model())

    async with database.reading() as work:
        with recorded_statements(database) as statements:
            await work.models.latest_summary(ANNA)
        with recorded_statements(database) as with_bytes:
            await work.models.latest(ANNA)
    (statement,) = statements
    assert "blob" not in statement.sql
    assert "blob" in with_bytes[0].sql


async def test_a_listener_without_models_has_none(database: Database):
    async with database.reading() as work:
        assert await work.models.latest(ANNA) is None
        assert await work.models.latest_summary(ANNA) is None
        assert await work.models.count_listeners() == 0


async def test_listeners_with_models_are_counted_once(database: Database):
    await add(database, model(), model(), model(by=BEN))

    async with database.writing() as work:
        assert await work.models.count_listeners() == 2
        assert await work.models.delete_all(ANNA) == 2
        assert await work.models.count_listeners() == 1


async def test_a_report_with_a_number_that_is_none_is_refused(database: Database):
    broken = replace(REPORT, baseline=replace(METRICS, roc_auc=float("nan")))
    with pytest.raises(StatementError, match="JSON compliant"):
        await add(database, model(report=broken))


async def test_it_is_known_of_which_hashes_there_is_a_model(database: Database):
    first, second = model(content_hash="a" * 64), model(by=BEN, content_hash="b" * 64)
    await add(database, first, second)
    asked = {"a" * 64, "b" * 64, *(f"{number:064}" for number in range(2_000))}
    async with database.reading() as work:
        assert await work.models.known_hashes(asked) == {"a" * 64, "b" * 64}
        assert await work.models.known_hashes(set()) == set()
