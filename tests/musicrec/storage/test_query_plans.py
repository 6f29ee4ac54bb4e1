"""The log grows for years: what is asked at every click must not read all of it."""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from musicrec.domain.account import AccountKind
from musicrec.domain.correction import CorrectionKind
from musicrec.domain.ids import EventId, ShortlistId
from musicrec.domain.kept_playlist import KeptId
from musicrec.domain.label import LabelValue
from musicrec.domain.playlist_edit import EditState
from musicrec.domain.shortlist import ShortlistKind
from musicrec.storage import Database, UnitOfWork
from tests.musicrec.storage.samples import ANNA, BEN, NOON, SONG
from tests.musicrec.storage.statements import recorded_statements

QUESTIONS: dict[str, Callable[[UnitOfWork], Awaitable[object]]] = {
    "current": lambda work: work.labels.current(ANNA),
    "counts": lambda work: work.labels.counts(ANNA),
    "track_ids": lambda work: work.labels.track_ids(ANNA),
    "last_tracks": lambda work: work.labels.last_tracks(ANNA, n=5, value=LabelValue.LIKE),
    "latest": lambda work: work.labels.latest(ANNA, SONG),
    "history": lambda work: work.labels.history(ANNA),
    "last_event_id": lambda work: work.labels.last_event_id(ANNA),
    "count_tracks_since": lambda work: work.labels.count_tracks_since(ANNA, EventId(1)),
    "took_back_since": lambda work: work.labels.took_back_since(ANNA, EventId(1)),
    "counting": lambda work: work.guesses.counting(ANNA),
    "counting_of": lambda work: work.guesses.counting_of(ANNA, SONG),
    "guesses": lambda work: work.guesses.list_all(ANNA),
    "shown_track_ids": lambda work: work.shortlists.shown_track_ids(ANNA, ShortlistKind.RATE),
    "shortlist": lambda work: work.shortlists.get(ShortlistId(1)),
    "latest_summary": lambda work: work.models.latest_summary(ANNA),
    "is_shared": lambda work: work.sharing.is_shared(1, ANNA),
    "neighbours": lambda work: work.sharing.neighbours(1, ANNA, most=12),
    "who_may_be_compared": lambda work: work.comparing.those_who_allow(1, [ANNA]),
    "verdicts_on_cards": lambda work: work.cards.verdicts_on(1, since=NOON, until=NOON),
    "plans_due": lambda work: work.server_plans.due(NOON, most=5),
    "posts_due": lambda work: work.planned_posts.open(NOON, most=5),
    "shares": lambda work: work.sharing.list_all(ANNA),
    "hints": lambda work: work.hints.list_all(ANNA),
    "corrections": lambda work: work.corrections.standing(ANNA),
    "correction": lambda work: work.corrections.standing_of(ANNA, SONG, CorrectionKind.TOO_FAST),
    "shown_since": lambda work: work.shortlists.shown_since(ANNA, [ShortlistKind.RATE], NOON),
    "channel_of": lambda work: work.link_channels.channel_of(1),
    "by_message": lambda work: work.cards.by_message(1),
    "kept_playlists": lambda work: work.kept_playlists.summaries(ANNA),
    "edits": lambda work: work.playlist_edits.of_listener(ANNA, states=(EditState.DONE,), most=5),
    "news": lambda work: work.playlist_edits.news(ANNA),
    "copy": lambda work: work.playlist_copies.get(KeptId(1), AccountKind.SPOTIFY, "orla"),
    "unfinished": lambda work: work.playlist_edits.unfinished(),
    "weekly_plan": lambda work: work.weekly_plans.get(ANNA),
    "due_plans": lambda work: work.weekly_plans.due(NOON, most=5),
    "open_weeks": lambda work: work.week_work.open(NOON, most=5),
    "skipped_ahead": lambda work: work.weeks.has_skipped(NOON),
    "weeks": lambda work: work.weeks.of_listener(ANNA, most=5),
    "week_of_a_song": lambda work: work.weeks.of_listener(ANNA, "dancing queen", most=5),
    "tracks_since": lambda work: work.labels.tracks_since(ANNA, EventId(1)),
    "marks_of_a_group": lambda work: work.groups.marks([ANNA, BEN]),
    "events_of_a_group": lambda work: work.groups.events([(ANNA, SONG), (BEN, SONG)]),
    "guesses_of_a_group": lambda work: work.groups.guesses([(ANNA, SONG), (BEN, SONG)]),
    "corrections_of_a_group": lambda work: work.groups.corrections([ANNA, BEN]),
    "lenders_of_a_group": lambda work: work.groups.lenders([1, 2]),
    "last_week": lambda work: work.weeks.last_date(ANNA),
}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_question_about_one_listener_scans_a_table(
    question: str, sqlite_template: Path, tmp_path: Path
):
    path = shutil.copy(sqlite_template, tmp_path / "musicrec.sqlite")
    database = Database.open(f"sqlite+aiosqlite:///{path}")
    async with database.reading() as work:
        with recorded_statements(database) as statements:
            await QUESTIONS[question](work)
    await database.close()

    assert statements
    plan = await asyncio.to_thread(explain, path, [(one.sql, one.parameters) for one in statements])
    tables = ("label_events", "shortlists", "shortlist_entries", "models", "cards", "guesses")
    tables += ("shared_tastes", "kept_playlists", "playlist_edits", "hints", "playlist_copies")
    tables += ("corrections", "weekly_plans", "weeks", "comparable_tastes", "server_plans")
    tables += ("planned_posts", "listeners")
    assert not [
        step for step in plan if step.startswith(tuple(f"SCAN {table}" for table in tables))
    ]
    assert any("INDEX" in step or "PRIMARY KEY" in step for step in plan), plan


async def test_no_question_of_a_press_reads_the_whole_log_of_a_listener(sqlite_template: Path):
    questions = [
        "SELECT max(id) FROM label_events WHERE listener_id = 1",
        "SELECT track_id FROM label_events WHERE listener_id = 1 AND id > 5",
        "SELECT max(id) FROM shortlists WHERE listener_id = 1 AND kind = 'rate'",
    ]
    plan = await asyncio.to_thread(explain, sqlite_template, [(sql, ()) for sql in questions])
    assert [step.split("USING ")[1] for step in plan if "USING" in step] == [
        "COVERING INDEX ix_label_events_listener_id_id (listener_id=?)",
        "INDEX ix_label_events_listener_id_id (listener_id=? AND id>?)",
        "COVERING INDEX ix_shortlists_listener_id_kind_id (listener_id=? AND kind=?)",
    ]


def explain(path: str | Path, statements: list[tuple[str, Any]]) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        return [
            row[3]
            for sql, parameters in statements
            for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        ]
    finally:
        connection.close()
