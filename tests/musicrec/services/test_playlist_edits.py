"""Edits of playlists: proposed, made and taken back, with homes that fail and people in between."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.domain.errors import (
    AccountLostError,
    EditRefusedError,
    MusicRecError,
    PlaylistUnusableError,
    SourceClosedError,
    SourceUnavailableError,
)
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist, PlaylistChange, PlaylistItem
from musicrec.domain.playlist_edit import (
    DoctorFindings,
    EditedFile,
    EditedList,
    EditId,
    EditKind,
    EditState,
    Named,
    Place,
    PlaceKind,
    PlaylistEdit,
    Proposal,
    SortFindings,
)
from musicrec.services import Services
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.services.playlist_town import StepHome, kept_here

LETTERS = "abcdefgh"
_IDS = count(7001)


def of(letters: str) -> Playlist:
    return playlist(*(song(letter, uri=f"uri:{letter}") for letter in letters))


def letters_of(some: Playlist) -> str:
    return "".join(item.title for item in some.items)


@pytest.fixture(scope="module")
def elsewhere() -> StepHome:
    return StepHome({})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(
    tmp_path_factory: pytest.TempPathFactory, elsewhere: StepHome
) -> AsyncGenerator[Services]:
    async with open_services(
        data_dir=tmp_path_factory.mktemp("data"),
        worker_processes=1,
        homes={PlaceKind.SPOTIFY: lambda _: elsewhere},
    ) as opened:
        await opened.edit_runs.close()  # tests say when it looks again
        yield opened


@pytest.fixture(autouse=True)
def home(elsewhere: StepHome) -> StepHome:
    elsewhere.lists_ = {"x": of(LETTERS)}
    elsewhere.fails = {}
    elsewhere.n_steps = elsewhere.n_reads = 0
    elsewhere.between = lambda _: None
    return elsewhere


@pytest.fixture
def anna() -> ListenerId:
    return ListenerId(next(_IDS))


def removal(listener_id: ListenerId, gone: str, before: Playlist | None = None) -> PlaylistEdit:
    before = before or of(LETTERS)
    return PlaylistEdit(
        listener_id=listener_id,
        place=Place(PlaceKind.SPOTIFY, "x", "Mine"),
        kind=EditKind.DOCTOR,
        n_items=len(before),
        proposals=tuple(
            Proposal(item.position, item.name, "odd") for item in before.items if item.title in gone
        ),
        findings=DoctorFindings(0, None, None, has_model=False),
        chosen=frozenset(item.position for item in before.items if item.title in gone),
        state=EditState.PROPOSED,
        created_at=datetime.now(UTC),
        changed_at=datetime.now(UTC),
    )


async def proposed(
    services: Services, edit: PlaylistEdit, before: Playlist | None = None
) -> EditId:
    before = before or of(LETTERS)
    change = PlaylistChange.removing(before, edit.chosen)
    stored = await services.edits.propose(edit, EditedList(change))
    assert stored.id is not None
    return stored.id


async def sorting(services: Services, listener_id: ListenerId, order: str) -> EditId:
    before = of(LETTERS)
    findings = SortFindings("by letters", (), (), Named("nothing", (), 0))
    edit = replace(removal(listener_id, ""), kind=EditKind.SORT, proposals=(), findings=findings)
    positions = tuple(LETTERS.index(letter) + 1 for letter in order)
    stored = await services.edits.propose(edit, EditedList(PlaylistChange(before, positions)))
    assert stored.id is not None
    return stored.id


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_nothing_is_changed_before_it_is_decided(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    await services.edits.tick(anna, edit_id, [2], on=False)
    await services.edit_runs.resume()
    assert letters_of(home.lists_["x"]) == LETTERS
    assert home.n_steps == 0


async def test_ticked_songs_go_and_come_back_in_order(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    edit = await services.edits.tick(anna, edit_id, [4], on=False)
    assert edit.chosen == {2, 6}
    made = await services.edits.make(anna, edit_id)
    assert (made.edit.state, made.is_new) == (EditState.DONE, True)
    assert letters_of(home.lists_["x"]) == "acdegh"
    undone = await services.edits.undo(anna)
    assert (undone.edit.state, undone.is_exact, undone.n_lost) == (EditState.UNDONE, True, 0)
    assert home.lists_["x"] == of(LETTERS)


async def test_ticks_are_for_proposed_songs_alone(services: Services, anna: ListenerId):
    edit_id = await proposed(services, removal(anna, "b"))
    edit = await services.edits.tick(anna, edit_id, [1, 2, 99, -1], on=True)
    assert edit.chosen == {2}


async def test_two_quick_ticks_both_count(services: Services, anna: ListenerId):
    edit_id = await proposed(services, removal(anna, "bdf"))
    await asyncio.gather(
        services.edits.tick(anna, edit_id, [2], on=False),
        services.edits.tick(anna, edit_id, [4], on=False),
    )
    assert (await services.edits.get(anna, edit_id)).chosen == {6}


async def test_pressed_twice_it_is_done_once(services: Services, home: StepHome, anna: ListenerId):
    edit_id = await proposed(services, removal(anna, "bdf"))
    both = await asyncio.gather(
        services.edits.make(anna, edit_id), services.edits.make(anna, edit_id)
    )
    assert sorted(one.is_new for one in both) == [False, True]
    assert home.n_steps == 3
    later = await services.edits.make(anna, edit_id)
    assert (later.is_new, later.edit.state, home.n_steps) == (False, EditState.DONE, 3)


async def test_an_old_button_after_undo_does_nothing(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    await services.edits.make(anna, edit_id)
    await services.edits.undo(anna, edit_id)
    again = await services.edits.make(anna, edit_id)
    assert (again.is_new, again.edit.state) == (False, EditState.UNDONE)
    twice = await services.edits.undo(anna, edit_id)
    assert (twice.is_new, twice.edit.state) == (False, EditState.UNDONE)
    assert letters_of(home.lists_["x"]) == LETTERS
    with pytest.raises(EditRefusedError, match="taken back"):
        await services.edits.tick(anna, edit_id, [2], on=False)


async def test_strangers_decide_about_nothing(services: Services, home: StepHome, anna: ListenerId):
    edit_id = await proposed(services, removal(anna, "bdf"))
    ben = ListenerId(next(_IDS))
    for deciding in (
        services.edits.get(ben, edit_id),
        services.edits.tick(ben, edit_id, [2], on=False),
        services.edits.make(ben, edit_id),
        services.edits.drop(ben, edit_id),
        services.edits.undo(ben, edit_id),
        services.edits.before(ben, edit_id),
    ):
        with pytest.raises(EditRefusedError, match="somebody else"):
            await deciding
    assert home.n_steps == 0


async def test_dropped_is_dropped(services: Services, home: StepHome, anna: ListenerId):
    edit_id = await proposed(services, removal(anna, "bdf"))
    for _ in range(2):
        assert (await services.edits.drop(anna, edit_id)).state is EditState.DROPPED
    made = await services.edits.make(anna, edit_id)
    assert (made.is_new, made.edit.state, home.n_steps) == (False, EditState.DROPPED, 0)


async def test_without_a_tick_there_is_nothing_to_do(services: Services, anna: ListenerId):
    edit_id = await proposed(services, removal(anna, "b"))
    await services.edits.tick(anna, edit_id, [2], on=False)
    with pytest.raises(EditRefusedError, match="No song is ticked"):
        await services.edits.make(anna, edit_id)
    assert (await services.edits.get(anna, edit_id)).state is EditState.PROPOSED


async def test_nothing_to_take_back_is_said(services: Services, anna: ListenerId):
    with pytest.raises(EditRefusedError, match="nothing to take back"):
        await services.edits.undo(anna)


async def test_what_others_did_in_between_stays(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    home.lists_["x"] = of("hxabcde")  # moved, added, removed since it was looked at
    await services.edits.make(anna, edit_id)
    assert letters_of(home.lists_["x"]) == "hxace"
    home.lists_["x"] = of("hxacey")
    undone = await services.edits.undo(anna)
    assert sorted(letters_of(home.lists_["x"])) == sorted("hxaceybdf")
    assert not undone.is_exact


async def test_a_sorted_list_goes_back_step_by_step(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await sorting(services, anna, "hgfedcba")
    await services.edits.make(anna, edit_id)
    assert letters_of(home.lists_["x"]) == "hgfedcba"
    undone = await services.edits.undo(anna)
    assert home.lists_["x"] == of(LETTERS)
    assert undone.is_exact


CLOSED = SourceClosedError("Spotify", "quota", until=datetime.now(UTC) + timedelta(hours=9))
DOWN = SourceUnavailableError("Spotify", "503")


@pytest.mark.parametrize("error", [CLOSED, DOWN, AccountLostError("Spotify")])
@pytest.mark.parametrize("step", [0, 1, 2])
async def test_a_home_that_fails_half_way_is_asked_again_by_itself(
    services: Services, home: StepHome, anna: ListenerId, error: MusicRecError, step: int
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    home.fails[step] = error
    made = await services.edits.make(anna, edit_id)
    assert made.edit.state is EditState.UNDER_WAY
    assert made.waits_for is error
    assert home.n_steps == step
    assert (await services.edits.make(anna, edit_id)).is_new is False
    pause_s = await services.edit_runs.resume()
    assert pause_s is not None
    assert pause_s > 30  # it is not asked again at once
    assert home.n_steps == step
    await hours_pass(services)
    await services.edit_runs.resume()
    assert letters_of(home.lists_["x"]) == "acegh"
    assert (await services.edits.get(anna, edit_id)).state is EditState.DONE
    home.fails[3 + step] = error
    assert (await services.edits.undo(anna)).edit.state is EditState.UNDOING
    await hours_pass(services)
    await services.edit_runs.resume()
    assert home.lists_["x"] == of(LETTERS)


async def test_what_is_finished_later_is_news_until_it_is_told(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    home.fails[1] = DOWN
    await services.edits.make(anna, edit_id)
    assert await services.edits.news(anna) == []
    await hours_pass(services)
    await services.edit_runs.resume()
    (news,) = await services.edits.news(anna)
    assert (news.id, news.state) == (edit_id, EditState.DONE)
    assert await services.edits.news(ListenerId(anna + 1)) == []
    await services.edits.told([news])
    assert await services.edits.news(anna) == []
    home.fails[home.n_steps + 1] = DOWN
    await services.edits.undo(anna, edit_id)
    await hours_pass(services)
    await services.edit_runs.resume()
    assert [one.state for one in await services.edits.news(anna)] == [EditState.UNDONE]


async def test_what_ends_while_somebody_waits_is_no_news(services: Services, anna: ListenerId):
    edit_id = await proposed(services, removal(anna, "bdf"))
    await services.edits.make(anna, edit_id)
    await services.edits.undo(anna, edit_id)
    await services.edit_runs.resume()
    assert await services.edits.news(anna) == []


async def test_that_it_cannot_be_finished_is_news_too(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    home.fails[1] = DOWN
    await services.edits.make(anna, edit_id)
    home.fails[1] = PlaylistUnusableError("It is gone.")
    await hours_pass(services)
    await services.edit_runs.resume()
    assert [one.state for one in await services.edits.news(anna)] == [EditState.DROPPED]


@pytest.mark.parametrize("step", range(5))
async def test_a_sorting_that_breaks_off_is_finished_and_taken_back(
    services: Services, home: StepHome, anna: ListenerId, step: int
):
    edit_id = await sorting(services, anna, "badcfehg"[::-1])
    home.fails[step] = DOWN
    await services.edits.make(anna, edit_id)
    await hours_pass(services)
    await services.edit_runs.resume()
    assert letters_of(home.lists_["x"]) == "badcfehg"[::-1]
    home.fails[home.n_steps + step] = DOWN
    await services.edits.undo(anna, edit_id)
    await hours_pass(services)
    await services.edit_runs.resume()
    assert home.lists_["x"] == of(LETTERS)


async def test_a_bug_of_a_home_leaves_the_edit_to_be_tried_again(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))

    def broken(_: int) -> None:
        home.between = lambda _: None
        raise ZeroDivisionError

    home.between = broken
    with pytest.raises(ZeroDivisionError):
        await services.edits.make(anna, edit_id)
    await hours_pass(services)
    await services.edit_runs.resume()
    assert letters_of(home.lists_["x"]) == "acegh"


async def test_a_list_that_is_gone_ends_the_edit(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    home.fails[0] = PlaylistUnusableError("It is gone.")
    made = await services.edits.make(anna, edit_id)
    assert made.edit.state is EditState.DROPPED
    assert made.waits_for is not None
    assert await services.edit_runs.resume() is None


async def test_undo_that_cannot_read_the_list_changes_nothing(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await sorting(services, anna, LETTERS[::-1])
    await services.edits.make(anna, edit_id)
    home.fails[-1] = DOWN
    with pytest.raises(SourceUnavailableError):
        await services.edits.undo(anna)
    assert (await services.edits.get(anna, edit_id)).state is EditState.DONE


async def test_two_processes_do_not_resume_the_same_edit(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "bdf"))
    home.fails[0] = DOWN
    await services.edits.make(anna, edit_id)
    await hours_pass(services)
    database = services.edits._database
    runs = type(services.edit_runs)
    others = [runs(database, services.places, services.edits._clock) for _ in range(4)]
    await asyncio.gather(*(each.resume() for each in others))
    assert letters_of(home.lists_["x"]) == "acegh"
    assert home.n_steps == 3


async def test_a_list_kept_here_is_pruned_and_restored_with_its_times(
    services: Services, anna: ListenerId
):
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    items: list[PlaylistItem] = [
        replace(item, added_at=noon + timedelta(minutes=n), added_by="me")
        for n, item in enumerate(of(LETTERS).items)
    ]
    opened = await kept_here(services, anna, Playlist("Mine", tuple(items)))
    edit = replace(removal(anna, "bdf"), place=opened.place)
    edit_id = await proposed(services, edit, opened.playlist)
    await services.edits.make(anna, edit_id)
    reference = f"here:{opened.place.list_id}"
    assert letters_of((await services.places.open(anna, reference)).playlist) == "acegh"
    undone = await services.edits.undo(anna)
    assert (undone.is_exact, undone.keeps_times) == (True, True)
    assert (await services.places.open(anna, reference)).playlist == opened.playlist


async def test_times_that_a_home_forgets_are_noticed(
    services: Services, home: StepHome, anna: ListenerId
):
    edit_id = await proposed(services, removal(anna, "b"))
    await services.edits.make(anna, edit_id)

    def stamped(_: int) -> None:
        now = home.lists_["x"]
        today = tuple(replace(item, added_at=datetime.now(UTC)) for item in now.items)
        home.lists_["x"] = replace(now, items=today)

    home.between = stamped
    assert not (await services.edits.undo(anna)).keeps_times


async def test_an_attached_file_is_answered_by_a_file_and_undo_by_the_very_same(
    services: Services, anna: ListenerId
):
    data = b"#EXTM3U\r\n#EXTINF:10,A - One\r\none.mp3\r\n\r\ntwo.mp3\r\nthree.mp3"
    opened = await services.places.open_file("mine.m3u8", data)
    edit = replace(
        removal(anna, ""),
        place=opened.place,
        n_items=3,
        proposals=(Proposal(2, "two", "odd"),),
        chosen=frozenset({2}),
    )
    change = PlaylistChange.removing(opened.playlist, [2])
    stored = await services.edits.propose(edit, EditedList(change, opened.file))
    assert stored.id is not None
    made = await services.edits.make(anna, stored.id)
    assert made.file == EditedFile(
        "mine.m3u8", "m3u8", b"#EXTM3U\n#EXTINF:10,A - One\none.mp3\nthree.mp3\n"
    )
    undone = await services.edits.undo(anna)
    assert undone.file == EditedFile("mine.m3u8", "m3u8", data)


async def test_the_history_tells_what_was_made(services: Services, anna: ListenerId):
    first = await proposed(services, removal(anna, "b"))
    second = await proposed(services, removal(anna, "c"))
    await proposed(services, removal(anna, "d"))
    await services.edits.make(anna, first)
    await services.edits.make(anna, second)
    assert [one.id for one in await services.edits.history(anna)] == [second, first]
    assert letters_of(await services.edits.before(anna, second)) == LETTERS


async def test_everything_of_it_is_shown_exported_and_deleted(services: Services, anna: ListenerId):
    await kept_here(services, anna, of("ab"))
    edit_id = await proposed(services, removal(anna, "b"))
    shown = await services.privacy.show(anna)
    assert (shown.held["kept_playlists"], shown.held["playlist_edits"]) == (1, 1)
    assert b"PK" in (await services.privacy.export(anna))[0]
    receipt = await services.privacy.delete(anna)
    assert (receipt.held["kept_playlists"], receipt.held["playlist_edits"]) == (1, 1)
    with pytest.raises(EditRefusedError, match="not keep"):
        await services.edits.get(anna, edit_id)


async def hours_pass(services: Services) -> None:
    """Let every pause be over."""
    async with services.edits._database.writing() as uow:
        for edit_id in await uow.playlist_edits.unfinished():
            await uow.playlist_edits.let_go(edit_id, "")
