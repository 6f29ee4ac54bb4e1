"""Whoever has everything deleted while something is worked on for them is not brought back."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.domain.errors import EditRefusedError, PlaylistUnusableError
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelValue
from musicrec.domain.playlist_edit import EditId, EditState, PlaceKind
from musicrec.domain.timely_errors import ForgottenMeanwhileError
from musicrec.services import DuelChoice, OpenedList, Services
from tests.musicrec.playlists.lists import playlist
from tests.musicrec.services.playlist_town import NOON, kept_here, known_songs, learn

pytestmark = pytest.mark.asyncio(loop_scope="module")

_IDS = count(15_001)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Services]:
    async with open_services(
        data_dir=tmp_path_factory.mktemp("data"), worker_processes=1
    ) as opened:
        await opened.edit_runs.close()
        yield opened


@pytest.fixture
def anna() -> ListenerId:
    return ListenerId(next(_IDS))


async def doubled(services: Services, anna: ListenerId) -> OpenedList:
    """Return a list that is kept here, with two songs of which each is there twice."""
    items = known_songs(services, 12)
    some = playlist(*items, replace(items[0], uri=""), replace(items[1], uri=""))
    return await kept_here(services, anna, some)


async def is_known(services: Services, anna: ListenerId) -> bool:
    return (await services.privacy.show(anna)).since is not None


async def proposed(services: Services, anna: ListenerId) -> EditId:
    edit = await services.playlists.doctor(anna, await doubled(services, anna))
    assert edit.id is not None
    return edit.id


async def meanwhile_deleted(
    services: Services, anna: ListenerId, work: Coroutine[Any, Any, Any]
) -> None:
    """Have everything deleted while a work waits for the only worker, or is in it."""
    busy = asyncio.create_task(services.playlists._workers.run(time.sleep, 1.5))
    await asyncio.sleep(0.2)
    task = asyncio.create_task(work)
    await asyncio.sleep(0.7)
    await services.privacy.delete(anna)
    await busy
    with pytest.raises(ForgottenMeanwhileError):
        await task
    assert not await is_known(services, anna)


@pytest.mark.parametrize("what", ["doctor", "sort", "make"])
async def test_what_is_found_out_for_somebody_who_is_gone_is_not_kept(
    services: Services, anna: ListenerId, what: str
):
    opened = await doubled(services, anna)
    work: dict[str, Coroutine[Any, Any, Any]] = {
        "doctor": services.playlists.doctor(anna, opened),
        "sort": services.playlists.sort(anna, opened),
        "make": services.making.make(anna, "New", like=opened, n=3),
    }
    chosen = work.pop(what)
    for other in work.values():
        other.close()
    await meanwhile_deleted(services, anna, chosen)


async def test_a_pruning_for_somebody_who_is_gone_is_not_kept(services: Services, anna: ListenerId):
    await learn(services, anna, 60)
    await services.training.idle()
    opened = await doubled(services, anna)
    opened = replace(opened, playlist=playlist(*known_songs(services, 150)))
    await meanwhile_deleted(services, anna, services.playlists.prune(anna, opened, precision=0.7))


async def test_songs_for_somebody_who_is_gone_are_not_kept(services: Services, anna: ListenerId):
    await learn(services, anna, 60)
    await services.training.idle()
    await services.recommendations.recommend(anna, at=NOON)  # so that the ranking is there
    async with services.edits._database.writing() as uow:
        choosing = asyncio.create_task(services.recommendations.recommend(anna, at=NOON))
        await asyncio.sleep(0.7)  # it has ranked, and waits for its turn to write
        await uow.listeners.delete(anna)
    with pytest.raises(ForgottenMeanwhileError):
        await choosing
    assert not await is_known(services, anna)


async def test_a_guess_for_somebody_who_is_gone_is_not_kept(services: Services, anna: ListenerId):
    await learn(services, anna, 60)
    await services.training.idle()
    track = services.songs.suggest("")[0]
    busy = asyncio.create_task(services.playlists._workers.run(time.sleep, 1.5))
    await asyncio.sleep(0.2)
    task = asyncio.create_task(services.predictions.predict(anna, track.id, at=NOON))
    await asyncio.sleep(0.7)
    await services.privacy.delete(anna)
    await busy
    assert (await task).track == track
    assert not await is_known(services, anna)


@pytest.mark.parametrize("what", ["duel", "undo duel", "undo rating", "undo", "rewind", "reaction"])
async def test_an_old_button_brings_nobody_back(services: Services, anna: ListenerId, what: str):
    duel = await services.rating.next_duel(anna, at=NOON)
    track, key = duel.first, f"old:{anna}"
    await services.cards.record(int(anna), 1, track.id, at=NOON)
    await services.privacy.delete(anna)
    presses: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
        "duel": lambda: services.duels.answer(
            anna, duel.shortlist_id, DuelChoice.FIRST, at=NOON, event_key=key
        ),
        "undo duel": lambda: services.duels.undo(anna, duel.shortlist_id, at=NOON, event_key=key),
        "undo rating": lambda: services.labels.undo(anna, track.id, at=NOON, event_key=key),
        "undo": lambda: services.history.undo(anna, at=NOON, event_key=key),
        "rewind": lambda: services.history.rewind(anna, NOON, at=NOON),
        "reaction": lambda: services.labels.react(
            anna, int(anna), LabelValue.LIKE, added=False, at=NOON
        ),
    }
    await presses[what]()
    assert not await is_known(services, anna)


async def test_who_comes_back_meanwhile_does_not_get_what_was_found_out_before(
    services: Services, anna: ListenerId
):
    opened = await doubled(services, anna)
    busy = asyncio.create_task(services.playlists._workers.run(time.sleep, 1.5))
    await asyncio.sleep(0.2)
    task = asyncio.create_task(services.playlists.doctor(anna, opened))
    await asyncio.sleep(0.7)
    await services.privacy.delete(anna)
    await kept_here(services, anna, playlist(*known_songs(services, 1)))
    await busy
    with pytest.raises(ForgottenMeanwhileError):
        await task
    assert (await services.privacy.show(anna)).held["playlist_edits"] == 0


async def test_strangers_become_known_by_what_they_ask_for(services: Services, anna: ListenerId):
    opened = await doubled(services, ListenerId(next(_IDS)))
    edit = await services.playlists.doctor(anna, opened)
    assert edit.id is not None
    assert await is_known(services, anna)


@pytest.mark.parametrize("what", ["make", "undo", "tick", "drop"])
async def test_a_decision_about_what_is_gone_brings_nobody_back(
    services: Services, anna: ListenerId, what: str
):
    edits, edit_id = services.edits, await proposed(services, anna)
    if what == "undo":
        await edits.make(anna, edit_id)
    decisions: dict[str, Coroutine[Any, Any, Any]] = {
        "make": edits.make(anna, edit_id),
        "undo": edits.undo(anna, edit_id),
        "tick": edits.tick(anna, edit_id, [1], on=False),
        "drop": edits.drop(anna, edit_id),
    }
    chosen = decisions.pop(what)
    for other in decisions.values():
        other.close()
    async with edits._database.writing() as uow:
        deciding = asyncio.create_task(chosen)
        await asyncio.sleep(0.3)  # it has read, and waits for its turn to write
        await uow.listeners.delete(anna)
    with pytest.raises(EditRefusedError):
        await deciding
    assert not await is_known(services, anna)


async def test_a_change_of_a_kept_list_that_is_gone_brings_nobody_back(
    services: Services, anna: ListenerId
):
    opened = await doubled(services, anna)
    home = services.places.home(anna, PlaceKind.HERE)
    await services.privacy.delete(anna)
    with pytest.raises(PlaylistUnusableError):
        await home.bring(opened.place.list_id, lambda now: now)
    assert not await is_known(services, anna)


async def test_an_edit_that_is_gone_is_not_resumed(services: Services, anna: ListenerId):
    edit_id = await proposed(services, anna)
    async with services.edits._database.writing() as uow:
        await uow.playlist_edits.advance(
            edit_id,
            EditState.UNDER_WAY,
            after=EditState.PROPOSED,
            at=services.edits._clock(),
        )
        await services.edit_runs.take(uow, edit_id)
    await services.privacy.delete(anna)
    assert await services.edit_runs.run(edit_id) is None
    assert not await is_known(services, anna)
