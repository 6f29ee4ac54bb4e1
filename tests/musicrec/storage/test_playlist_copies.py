"""Copies of kept playlists, on both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from musicrec.domain.account import AccountKind
from musicrec.domain.kept_playlist import KeptPlaylist
from musicrec.domain.playlist_copy import PlaylistCopy
from musicrec.storage import Database, UnitOfWork
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.storage.samples import ANNA, BEN, NOON

SPOTIFY, LISTENBRAINZ = AccountKind.SPOTIFY, AccountKind.LISTENBRAINZ


@pytest.fixture
async def work(database: Database) -> AsyncIterator[UnitOfWork]:
    async with database.writing() as unit:
        await unit.listeners.lock(ANNA, NOON)
        await unit.listeners.lock(BEN, NOON)
        yield unit


async def begun(work: UnitOfWork, **fields: Any) -> PlaylistCopy:
    kept_id = await work.kept_playlists.add(KeptPlaylist(ANNA, playlist(song("One")), NOON))
    copy = PlaylistCopy(ANNA, kept_id, SPOTIFY, "orla", NOON)
    copy = replace(copy, **fields)
    await work.playlist_copies.begin(copy)
    return copy


async def test_a_copy_is_known_by_its_list_and_account(work: UnitOfWork):
    copy = await begun(work)
    get = work.playlist_copies.get
    assert await get(copy.kept_id, SPOTIFY, "orla") == copy
    assert await get(copy.kept_id, SPOTIFY, "kwame") is None
    assert await get(copy.kept_id, LISTENBRAINZ, "orla") is None


async def test_how_far_it_has_come_is_kept(work: UnitOfWork):
    copy = replace(await begun(work), list_id="x", url="https://x", n_items=7)
    await work.playlist_copies.put(copy)
    assert await work.playlist_copies.get(copy.kept_id, SPOTIFY, "orla") == copy


async def test_a_later_attempt_takes_the_place_of_an_earlier_one_which_then_changes_nothing(
    work: UnitOfWork,
):
    first = await begun(work)
    second = replace(first, begun_at=NOON + timedelta(milliseconds=1))
    await work.playlist_copies.begin(second)
    await work.playlist_copies.put(replace(first, list_id="late"))
    await work.playlist_copies.give_up(first)
    get = work.playlist_copies.get
    assert await get(first.kept_id, SPOTIFY, "orla") == second
    await work.playlist_copies.give_up(second)
    assert await get(first.kept_id, SPOTIFY, "orla") is None


async def test_copies_at_one_kind_of_account_are_forgotten(work: UnitOfWork):
    await begun(work)
    there = await begun(work, account=LISTENBRAINZ)
    assert await work.playlist_copies.delete_of(BEN, SPOTIFY) == 0
    assert await work.playlist_copies.delete_of(ANNA, SPOTIFY) == 1
    assert (await work.personal.counts(ANNA))["playlist_copies"] == 1
    assert await work.playlist_copies.get(there.kept_id, LISTENBRAINZ, "orla") == there


async def test_a_copy_goes_with_its_listener(work: UnitOfWork):
    copy = await begun(work)
    await work.listeners.delete(ANNA)
    assert await work.playlist_copies.get(copy.kept_id, SPOTIFY, "orla") is None
    await work.playlist_copies.put(replace(copy, list_id="late"))
    assert (await work.personal.counts(ANNA))["playlist_copies"] == 0
