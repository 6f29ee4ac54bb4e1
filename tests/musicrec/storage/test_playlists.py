"""Playlists that are kept, and edits of playlists, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from musicrec.domain.kept_playlist import KeptId, KeptPlaylist, KeptSummary
from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.domain.playlist_edit import (
    DoctorFindings,
    EditedFile,
    EditedList,
    EditId,
    EditKind,
    EditState,
    Findings,
    Named,
    Place,
    PlaceKind,
    PlaylistEdit,
    Proposal,
    PruneFindings,
    SortFindings,
)
from musicrec.storage import Database, UnitOfWork
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.storage.samples import ANNA, BEN, NOON

LIST = playlist(song("One", uri="uri:1", added_at=NOON), song("Two"), song("Three 🎵"))
KEPT = KeptPlaylist(ANNA, LIST, NOON)
PROPOSALS = (
    Proposal(2, "Somebody - Two", "too fast for you", 0.03, (0.0, 0.1)),
    Proposal(3, "Somebody - Three", "loud for you"),
)
PRUNED = PruneFindings(0.9, 0.1, 60, 0.5, 9, 9, 0.7, 0.2, 1, (Named("a local file", ("X",), 3),))
FINDINGS: dict[EditKind, Findings] = {
    EditKind.PRUNE: PRUNED,
    EditKind.DOCTOR: DoctorFindings(20, PROPOSALS, None, has_model=False),
    EditKind.SORT: SortFindings("by tempo", ("A", "B"), ("B", "A"), Named("unknown", (), 0)),
}
CHANGE = PlaylistChange.removing(LIST, [2, 3])
EDITED = EditedList(CHANGE, EditedFile("mine.csv", "csv", b"\x00\xff\r\n"))
LATER = NOON + timedelta(minutes=1)


def edit(kind: EditKind = EditKind.PRUNE, **fields: Any) -> PlaylistEdit:
    made = PlaylistEdit(
        listener_id=ANNA,
        place=Place(PlaceKind.FILE, "", "mine.csv"),
        kind=kind,
        n_items=3,
        proposals=PROPOSALS,
        findings=FINDINGS[kind],
        chosen=frozenset({2, 3}),
        state=EditState.PROPOSED,
        created_at=NOON,
        changed_at=NOON,
    )
    return replace(made, **fields)


@pytest.fixture
async def work(database: Database) -> AsyncIterator[UnitOfWork]:
    async with database.writing() as unit:
        await unit.listeners.lock(ANNA, NOON)
        await unit.listeners.lock(BEN, NOON)
        yield unit


async def test_a_kept_playlist_comes_back_whole(work: UnitOfWork):
    kept_id = await work.kept_playlists.add(KEPT)
    assert await work.kept_playlists.get(ANNA, kept_id) == LIST


async def test_nobody_reads_anothers_playlist(work: UnitOfWork):
    kept_id = await work.kept_playlists.add(KEPT)
    assert await work.kept_playlists.get(BEN, kept_id) is None
    assert await work.kept_playlists.get(ANNA, KeptId(kept_id + 1)) is None
    assert await work.kept_playlists.summaries(BEN) == []


async def test_playlists_are_listed_newest_first_with_their_length(work: UnitOfWork):
    ids = [await work.kept_playlists.add(KEPT) for _ in range(2)]
    await work.kept_playlists.put(ids[0], Playlist("Shorter", LIST.items[:1]))
    assert await work.kept_playlists.summaries(ANNA) == [
        KeptSummary(ids[1], "Mine", 3, NOON),
        KeptSummary(ids[0], "Shorter", 1, NOON),
    ]
    assert await work.kept_playlists.count(ANNA) == 2


async def test_numbers_of_deleted_playlists_are_not_used_again(work: UnitOfWork):
    first = await work.kept_playlists.add(KEPT)
    await work.listeners.delete(ANNA)
    await work.listeners.lock(ANNA, NOON)
    assert await work.kept_playlists.add(KEPT) > first


@pytest.mark.parametrize("kind", EditKind)
async def test_an_edit_comes_back_whole(work: UnitOfWork, kind: EditKind):
    edited = replace(EDITED, way_back=CHANGE if kind is EditKind.SORT else None)
    edit_id = await work.playlist_edits.add(edit(kind), edited)
    assert await work.playlist_edits.get(edit_id) == edit(kind, id=edit_id)
    assert await work.playlist_edits.edited(edit_id) == edited


async def test_what_is_not_there_is_none(work: UnitOfWork):
    assert await work.playlist_edits.get(EditId(7)) is None
    assert await work.playlist_edits.edited(EditId(7)) is None


async def test_ticks_change_only_while_it_is_proposed(work: UnitOfWork):
    edit_id = await work.playlist_edits.add(edit(), EDITED)
    assert await work.playlist_edits.choose(edit_id, {3})
    await work.playlist_edits.advance(
        edit_id, EditState.UNDER_WAY, after=EditState.PROPOSED, at=LATER
    )
    assert not await work.playlist_edits.choose(edit_id, {2})
    found = await work.playlist_edits.get(edit_id)
    assert found is not None
    assert (found.chosen, found.changed_at) == ({3}, LATER)


async def test_an_edit_advances_once(work: UnitOfWork):
    edit_id = await work.playlist_edits.add(edit(), EDITED)
    steps = [
        await work.playlist_edits.advance(
            edit_id, EditState.UNDER_WAY, after=EditState.PROPOSED, at=LATER
        )
        for _ in range(2)
    ]
    assert steps == [True, False]


async def test_one_process_at_a_time_has_an_edit(work: UnitOfWork):
    edit_id = await work.playlist_edits.add(edit(state=EditState.UNDER_WAY), EDITED)
    edits = work.playlist_edits
    assert await edits.take(edit_id, "one", at=NOON, until=LATER)
    assert not await edits.take(edit_id, "other", at=NOON, until=LATER)
    assert await edits.take(edit_id, "one", at=NOON, until=LATER)
    await edits.let_go(edit_id, "other")
    assert await edits.unfinished() == {edit_id: LATER}
    assert await edits.take(edit_id, "other", at=LATER, until=LATER)
    await edits.let_go(edit_id, "other")
    assert await edits.unfinished() == {edit_id: None}


@pytest.mark.parametrize("state", set(EditState) - {EditState.UNDER_WAY, EditState.UNDOING})
async def test_what_is_at_its_end_is_taken_by_nobody(work: UnitOfWork, state: EditState):
    edit_id = await work.playlist_edits.add(edit(state=state), EDITED)
    assert await work.playlist_edits.unfinished() == {}
    assert not await work.playlist_edits.take(edit_id, "one", at=NOON, until=LATER)


async def test_the_history_begins_with_the_latest_change(work: UnitOfWork):
    ids = [
        await work.playlist_edits.add(edit(state=state, changed_at=at), EDITED)
        for state, at in [
            (EditState.DONE, LATER),
            (EditState.UNDONE, NOON),
            (EditState.PROPOSED, LATER),
        ]
    ]
    made = (EditState.DONE, EditState.UNDONE)
    found = await work.playlist_edits.of_listener(ANNA, states=made, most=5)
    assert [one.id for one in found] == ids[:2]
    assert await work.playlist_edits.of_listener(BEN, states=made, most=5) == []


async def test_only_what_was_never_made_is_forgotten(work: UnitOfWork):
    states = [EditState.PROPOSED, EditState.DROPPED, EditState.UNDER_WAY, EditState.DONE]
    for state in states:
        await work.playlist_edits.add(edit(state=state), EDITED)
    assert await work.playlist_edits.forget_unmade(ANNA, NOON, keep=2) == 0
    assert await work.playlist_edits.forget_unmade(BEN, LATER, keep=0) == 0
    assert await work.playlist_edits.forget_unmade(ANNA, NOON, keep=1) == 1
    assert await work.playlist_edits.forget_unmade(ANNA, LATER, keep=9) == 1
    assert (await work.personal.counts(ANNA))["playlist_edits"] == 2


async def test_edits_of_one_kind_of_place_can_be_deleted(work: UnitOfWork):
    elsewhere = edit(place=Place(PlaceKind.SPOTIFY, "x", "Mine"))
    await work.playlist_edits.add(elsewhere, EDITED)
    await work.playlist_edits.add(edit(), EDITED)
    assert await work.playlist_edits.delete_of(BEN, PlaceKind.SPOTIFY) == 0
    assert await work.playlist_edits.delete_of(ANNA, PlaceKind.SPOTIFY) == 1
    assert (await work.personal.counts(ANNA))["playlist_edits"] == 1


async def test_both_go_with_their_listener(work: UnitOfWork):
    kept_id = await work.kept_playlists.add(KEPT)
    edit_id = await work.playlist_edits.add(edit(), EDITED)
    await work.listeners.delete(ANNA)
    assert await work.kept_playlists.get(ANNA, kept_id) is None
    assert await work.playlist_edits.get(edit_id) is None


async def test_news_are_told_once_to_whom_they_are_about(work: UnitOfWork):
    ids = [await work.playlist_edits.add(edit(), EDITED) for _ in range(3)]
    advance = work.playlist_edits.advance
    for edit_id, at, is_news in zip(ids, (LATER, NOON, NOON), (True, True, False), strict=True):
        await advance(edit_id, EditState.DONE, after=EditState.PROPOSED, at=at, is_news=is_news)
    assert [one.id for one in await work.playlist_edits.news(ANNA)] == [ids[1], ids[0]]
    assert await work.playlist_edits.news(BEN) == []
    await work.playlist_edits.told(ids[1])
    assert [one.id for one in await work.playlist_edits.news(ANNA)] == [ids[0]]
    await advance(ids[0], EditState.UNDOING, after=EditState.DONE, at=LATER)
    assert await work.playlist_edits.news(ANNA) == []


async def test_what_waits_at_a_place_is_free_once_its_pause_is_ended(work: UnitOfWork):
    place = Place(PlaceKind.SPOTIFY, "x", "Mine")
    waiting = [
        await work.playlist_edits.add(edit(place=place, state=EditState.UNDER_WAY), EDITED)
        for _ in range(2)
    ]
    for edit_id in waiting:
        assert await work.playlist_edits.take(edit_id, "us", at=NOON, until=LATER)
    await work.playlist_edits.let_go(waiting[0], "us", until=LATER)
    await work.playlist_edits.end_pauses(ANNA, PlaceKind.HERE)
    await work.playlist_edits.end_pauses(BEN, PlaceKind.SPOTIFY)
    assert await work.playlist_edits.unfinished() == dict.fromkeys(waiting, LATER)
    await work.playlist_edits.end_pauses(ANNA, PlaceKind.SPOTIFY)
    assert await work.playlist_edits.unfinished() == {waiting[0]: None, waiting[1]: LATER}
