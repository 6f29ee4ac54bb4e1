"""Who is too fast is told so once, and then hears nothing; nobody else notices."""

from collections.abc import AsyncIterator

import pytest

from bot.client import EXTENSIONS, MusicBot
from cogs._limits import HEAVY_COMMANDS, PERSON, SERVER, Cost, Limits
from cogs._watch import Answered, Kind, Outcome, Watch
from musicrec.domain.allowance import Pace
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.discord.town import DISLIKE, LIKE, Town, town_of, words

_SLOW = dict.fromkeys(Cost, Pace(at_once=2, per_s=0.01))


class Hand:
    """A clock that somebody turns."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def answers() -> list[Answered]:
    return []


@pytest.fixture
async def slow(services: Services, hand: Hand, answers: list[Answered]) -> AsyncIterator[Town]:
    """Return a town where two of a kind pass at once, and another one after 100 seconds."""
    bot = MusicBot(services, watch=Watch(answers.append), limits=Limits(_SLOW, SERVER, clock=hand))
    async with town_of(services, bot) as running:
        yield running
        assert bot.watch.n_open == 0


async def test_too_many_presses_bring_one_notice_and_then_silence(
    slow: Town, song: Track, hand: Hand, answers: list[Answered]
):
    card = await slow.post(song)
    for name in (LIKE, DISLIKE):
        hand.at += 2
        await slow.click(slow.alice, card, name)
    told = await slow.click(slow.alice, card, LIKE)
    assert told.response.ephemeral
    assert "faster than I can keep up with. It works again <t:" in words(told.response)
    silent = await slow.click(slow.alice, card, LIKE)
    assert silent.response is None or "faster" not in words(silent.response)
    assert await slow.counts(slow.alice) == (0, 1)
    assert [answer.outcome for answer in answers] == [Outcome.DONE] * 2 + [Outcome.HELD] * 2
    assert slow.watch.last_hour.n == 2


async def test_it_works_again_when_the_notice_said(slow: Town, song: Track, hand: Hand):
    card = await slow.post(song)
    for _ in range(3):
        await slow.click(slow.alice, card, LIKE)
    hand.at += 101
    await slow.click(slow.alice, card, DISLIKE)
    assert await slow.counts(slow.alice) == (0, 1)


async def test_others_are_not_held(slow: Town, song: Track):
    card = await slow.post(song)
    for _ in range(4):
        await slow.click(slow.alice, card, LIKE)
    await slow.click(slow.bob, card, LIKE)
    assert await slow.counts(slow.bob) == (1, 0)


async def test_commands_are_always_answered_shortly_after_the_notice(
    slow: Town, hand: Hand, answers: list[Answered]
):
    results = [await slow.alice.slash(slow.channel, "help") for _ in range(4)]
    said = [words(result.response) for result in results]
    assert all("What I can do" in each for each in said[:2])
    assert "faster than I can keep up" in said[2]
    assert said[3].startswith("Not yet: <t:")
    assert all(result.response.ephemeral for result in results)
    hand.at += 61
    again = await slow.alice.slash(slow.channel, "help")
    assert "faster than I can keep up" in words(again.response)
    ends = [(answer.kind, answer.name, answer.outcome) for answer in answers]
    assert ends[1:3] == [
        (Kind.COMMAND, "help", Outcome.DONE),
        (Kind.COMMAND, "help", Outcome.HELD),
    ]


async def test_a_notice_that_discord_refuses_leaves_nothing_open(slow: Town):
    for _ in range(2):
        await slow.alice.slash(slow.channel, "help")
    slow.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
    await slow.alice.slash(slow.channel, "help")


async def test_a_completion_is_empty_for_who_types_too_fast(slow: Town, answers: list[Answered]):
    found = [
        await slow.alice.autocomplete(slow.channel, "recommend", "genre", "a") for _ in range(3)
    ]
    assert [bool(choices) for choices in found] == [True, True, False]
    ends = [(answer.kind, answer.name, answer.outcome) for answer in answers]
    assert ends == [
        (Kind.COMPLETION, "recommend", Outcome.DONE),
        (Kind.COMPLETION, "recommend", Outcome.DONE),
        (Kind.COMPLETION, "recommend", Outcome.HELD),
    ]


async def test_the_people_of_a_server_share_its_allowance(services: Services, song: Track):
    async with town_of(services, MusicBot(services, limits=Limits(PERSON, _SLOW))) as town:
        card = await town.post(song)
        for member in (town.alice, town.bob):
            await town.click(member, card, LIKE)
        told = await town.click(town.alice, card, DISLIKE)
        assert "All of you here together are faster" in words(told.response)
        alone = await town.env.create_user("carol").slash("help")
        assert "What I can do" in words(alone.response)


def test_whoever_rates_three_songs_a_second_is_never_held():
    hand = Hand()
    limits = Limits(clock=hand)
    for _ in range(3 * 60 * 60):
        assert limits.hold(1, 2, Cost.LIGHT) is None
        hand.at += 1 / 3


async def test_every_heavy_command_is_a_command(services: Services):
    bot = MusicBot(services)
    for extension in EXTENSIONS:
        await bot.load_extension(extension)
    names = {command.qualified_name for command in bot.tree.walk_commands()}
    assert names >= HEAVY_COMMANDS
