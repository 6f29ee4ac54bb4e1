"""What audits found, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from musicrec.domain.recall import AuditedFilter, RecallAudit, RecallSummary
from musicrec.domain.shortlist import ShortlistKind
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, SONG, model, shortlist

AUDIT = RecallAudit(
    catalogue_version="20261122-abcdef",
    n_songs=2**33,
    algorithm="blend",
    n_labels=120,
    limited_to=AuditedFilter.COUNTRY,
    looked_for=50,
    found=49,
    seconds=123.456,
    at=NOON,
)


async def test_audits_come_back_as_they_were_oldest_first(database: Database):
    later = replace(AUDIT, limited_to=AuditedFilter.NONE, at=NOON + timedelta(hours=8))
    async with database.writing() as work:
        await work.audits.add(AUDIT, AUDIT)
        await work.audits.add(later)

    async with database.reading() as work:
        assert await work.audits.list_all() == [AUDIT, AUDIT, later]
        assert await work.audits.list_all(since=NOON + timedelta(hours=1)) == [later]
        assert await work.audits.last_at() == later.at


async def test_nothing_was_audited_in_the_beginning(database: Database):
    async with database.writing() as work:
        await work.audits.add()
        assert await work.audits.list_all() == []
        assert await work.audits.last_at() is None


async def test_the_oldest_audits_go(database: Database):
    audits = [replace(AUDIT, n_labels=number) for number in range(6)]
    async with database.writing() as work:
        for audit in audits:
            await work.audits.add(audit, keep=4)
        assert await work.audits.list_all() == audits[2:]


async def test_whoever_has_a_recent_model_and_a_recommendation_can_be_audited(database: Database):
    async with database.writing() as work:
        for listener in (ANNA, BEN):
            await work.listeners.lock(listener, NOON)
            for days in (0, 1):
                await work.models.add(model(by=listener, fitted_at=NOON - timedelta(days=days)))
        await work.shortlists.add(shortlist(SONG, by=BEN, kind=ShortlistKind.RATE))
        assert await work.audits.candidates(NOON) == []
        for listener in (ANNA, BEN, BEN):
            await work.shortlists.add(shortlist(SONG, by=listener))

        assert await work.audits.candidates(NOON) == [BEN, ANNA]
        assert await work.audits.candidates(NOON + timedelta(seconds=1)) == []


def test_a_summary_counts_lists_and_models():
    others = replace(AUDIT, found=25, at=NOON + timedelta(hours=8))
    summary = RecallSummary.of([AUDIT, replace(AUDIT, looked_for=5, found=5), others])
    assert summary is not None
    assert (summary.n_lists, summary.n_models) == (3, 2)
    assert summary.mean == pytest.approx((0.98 + 1 + 0.5) / 3)
    assert summary.lowest == 0.5
    assert RecallSummary.of([]) is None
