"""Discord hangs up, refuses, stumbles and repeats itself; the bot goes on by itself."""

from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
import pytest_asyncio

from musicrec.storage import sqlite_url
from tests.chaos.bots import until
from tests.chaos.lives import Lives
from tests.chaos.town import Town, living_town
from tests.stand_ins.discord_faults import Fault, ask_to_reconnect, invalidate_session
from tests.stand_ins.discord_front import DiscordFront

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def only_town(
    bot_lives: Lives, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Town]:
    folder = tmp_path_factory.mktemp("bot")
    async with living_town(bot_lives, folder, sqlite_url(folder / "data")) as town:
        yield town


@pytest.fixture
def town(only_town: Town) -> Town:
    faults = only_town.front.faults
    faults.plan, faults.deadline_s = [], None
    faults.expired.clear()
    return only_town


def n_published(front: DiscordFront) -> int:
    return sum(path.endswith("/commands") for _, path, _ in front.sent)


async def closed(front: DiscordFront) -> None:
    await front.hang_up()


async def told_to_reconnect(front: DiscordFront) -> None:
    await ask_to_reconnect(front._sockets[-1])


async def told_that_the_session_is_gone(front: DiscordFront) -> None:
    await invalidate_session(front._sockets[-1], resumable=False)


async def told_that_the_session_may_be_resumed(front: DiscordFront) -> None:
    await invalidate_session(front._sockets[-1], resumable=True)


@pytest.mark.parametrize(
    "happens",
    [
        closed,
        told_to_reconnect,
        told_that_the_session_is_gone,
        told_that_the_session_may_be_resumed,
    ],
)
async def test_the_gateway_is_taken_up_again(
    town: Town, happens: Callable[[DiscordFront], Awaitable[None]]
):
    n_ready, n_before = town.front.n_ready, n_published(town.front)
    await happens(town.front)
    await until(lambda: town.front.n_ready > n_ready, town.log)
    song = town.song()
    await town.is_asked_on(await town.likes(song))
    assert town.front.n_connected == 1
    assert await town.stored(song) == ["like"]
    assert n_published(town.front) == n_before  # not published again


async def test_presses_during_a_loss_of_the_gateway_are_answered_when_it_is_back(town: Town):
    await town.front.hang_up()
    songs = [town.song() for _ in range(5)]
    numbers = [await town.likes(song) for song in songs]
    for number, song in zip(numbers, songs, strict=True):
        await until(lambda number=number: bool(town.taken(number)), town.log)
        assert await town.stored(song) == ["like"]


FIRST, LATER = "POST /interactions", "PATCH /webhooks"


STUMBLES = pytest.mark.parametrize(
    ("status", "times"), [(429, 2), (500, 2), (502, 1), (504, 1)], ids=str
)


@STUMBLES
async def test_a_press_is_answered_in_spite_of_a_stumbling_discord(
    town: Town, status: int, times: int
):
    town.front.faults.plan = [Fault(FIRST, status, times)]
    song = town.song()
    await town.is_asked_on(await town.likes(song))
    assert town.front.faults.plan[0].times == 0
    assert await town.stored(song) == ["like"]


@STUMBLES
async def test_a_command_is_answered_in_spite_of_a_stumbling_discord(
    town: Town, status: int, times: int
):
    town.front.faults.plan = [Fault(LATER, status, times)]
    await town.is_asked_on(await town.front.command("rate"))
    assert town.front.faults.plan[0].times == 0


async def test_a_press_whose_first_answer_is_refused_for_good_is_stored_once(town: Town):
    town.front.faults.plan = [Fault(FIRST, 403, code=50001)]
    song = town.song()
    number = await town.likes(song)
    await town.reads(number, "Discord does not let me do that here")
    assert await town.stored(song) == ["like"]


async def test_a_press_whose_answer_breaks_off_is_stored_and_ends_in_one_sentence(town: Town):
    town.front.faults.plan = [Fault(FIRST, 0)]
    song = town.song()
    number = await town.likes(song)
    await town.reads(number, "Discord broke off while I answered")
    assert await town.stored(song) == ["like"]


async def test_a_command_whose_answer_breaks_off_ends_in_one_sentence(town: Town):
    town.front.faults.plan = [Fault(LATER, 0)]
    number = await town.front.command("rate")
    await town.reads(number, "Discord broke off while I answered")


async def test_a_first_answer_whose_reply_is_lost_is_no_second_one(town: Town):
    town.front.faults.plan = [Fault(FIRST, 502, done=True)]
    song = town.song()
    await town.reads(await town.likes(song), "Discord broke off while I answered")
    assert await town.stored(song) == ["like"]


async def test_a_press_that_comes_twice_counts_once(town: Town):
    song = town.song()
    number = await town.likes(song)
    await town.front.again(number)
    await town.is_asked_on(number)
    await town.front.again(number)  # much later, too
    await town.is_asked_on(await town.likes(town.song()))
    assert await town.stored(song) == ["like"]


async def test_a_command_that_comes_twice_is_answered_once(town: Town):
    number = await town.front.command("rate")
    await town.front.again(number)
    await town.is_asked_on(number)
    await town.is_asked_on(await town.likes(town.song()))
    assert str(town.taken(number)).count("rate:v1:like") == 1


async def test_a_press_that_comes_too_late_troubles_nobody(town: Town):
    town.front.faults.deadline_s = 0.0
    song = town.song()
    number = await town.likes(song)
    await until(lambda: len(town.front.answers(number)) > 0, town.log)
    town.front.faults.deadline_s = None
    await town.is_asked_on(await town.likes(town.song()))
    assert town.taken(number) == []


async def test_an_answer_after_a_quarter_of_an_hour_troubles_nobody(town: Town):
    town.front.faults.plan = [Fault(LATER, 404, code=10015)]
    number = await town.front.command("rate")
    await until(lambda: not town.front.faults.plan[0].times, town.log)
    await town.is_asked_on(await town.likes(town.song()))
    assert len(town.taken(number)) == 1
