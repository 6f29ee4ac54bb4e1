"""Every command and press is counted by its name and by how it ended, and then no more open."""

import dataclasses
from collections.abc import AsyncIterator

import pytest
import simcord

from bot.client import MusicBot
from cogs._watch import Answered, Kind, Outcome, Watch
from musicrec.domain import errors
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.discord.test_errors import Failing
from tests.discord.town import LIKE, Town, town_of


@pytest.fixture
def answers() -> list[Answered]:
    return []


@pytest.fixture
async def watched(services: Services, answers: list[Answered]) -> AsyncIterator[Town]:
    watch = Watch(answers.append)
    async with town_of(services, MusicBot(services, watch=watch)) as town:
        yield town
        assert watch.n_open == 0


def ends(answers: list[Answered]) -> list[tuple[Kind, str, Outcome]]:
    assert all(answer.seconds >= 0 for answer in answers)
    return [(answer.kind, answer.name, answer.outcome) for answer in answers]


async def test_commands_and_presses_are_counted_by_their_names(
    watched: Town, song: Track, answers: list[Answered]
):
    card = await watched.post(song)
    await watched.click(watched.alice, card, LIKE)
    await watched.alice.slash(watched.channel, "privacy show")
    assert ends(answers) == [
        (Kind.PRESS, "LabelButton", Outcome.DONE),
        (Kind.COMMAND, "privacy show", Outcome.DONE),
    ]


async def test_reactions_are_counted_by_what_they_say(
    watched: Town, song: Track, answers: list[Answered]
):
    card = await watched.post(song)
    await watched.bob.set_reaction(card, LIKE, reacted=True)
    await watched.bob.set_reaction(card, "🎉", reacted=True)
    assert ends(answers) == [(Kind.REACTION, "like", Outcome.DONE)]


async def test_a_reaction_that_could_not_be_stored_is_a_failure(
    services: Services, song: Track, answers: list[Answered]
):
    broken = dataclasses.replace(services, labels=Failing(errors.StorageError("gone")))
    async with town_of(broken, MusicBot(broken, watch=Watch(answers.append))) as town:
        card = await town.post(song)
        await town.bob.set_reaction(card, LIKE, reacted=True)
        assert town.watch.last_hour.n_failed == 1
    assert ends(answers) == [(Kind.REACTION, "like", Outcome.FAILED)]


async def test_completions_are_counted_but_are_no_answers(watched: Town, answers: list[Answered]):
    await watched.alice.autocomplete(watched.channel, "recommend", "genre", "a")
    assert ends(answers) == [(Kind.COMPLETION, "recommend", Outcome.DONE)]
    assert watched.watch.last_hour.n == 0


async def test_windows_are_counted_by_their_names(watched: Town, answers: list[Answered]):
    offer = await watched.alice.slash(watched.channel, "link listenbrainz")
    window = await watched.click(watched.alice, offer.response, "Enter my token")
    await watched.alice.submit_modal(window, {"line": "no token"})
    assert ends(answers)[-1] == (Kind.WINDOW, "Token", Outcome.REFUSED)


async def test_an_expected_failure_is_no_failure_of_ours(watched: Town, answers: list[Answered]):
    await watched.alice.slash(watched.channel, "train")
    simcord.assert_error(watched.env, errors.NotEnoughLabelsError)
    assert ends(answers) == [(Kind.COMMAND, "train", Outcome.REFUSED)]


async def test_an_answer_that_discord_would_not_take_any_more_is_late(
    watched: Town, song: Track, answers: list[Answered]
):
    card = await watched.post(song)
    watched.env.inject_error(
        "POST", "/interactions/*/*/callback", status=404, code=10062, message="Unknown interaction"
    )
    await watched.click(watched.alice, card, LIKE)
    assert ends(answers) == [(Kind.PRESS, "LabelButton", Outcome.LATE)]


@pytest.mark.parametrize("error", [ValueError("a bug"), errors.StorageError("gone")])
async def test_bugs_and_dead_parts_are_failures(
    services: Services, song: Track, answers: list[Answered], error: Exception
):
    broken = dataclasses.replace(services, labels=Failing(error), privacy=Failing(error))
    async with town_of(broken, MusicBot(broken, watch=Watch(answers.append))) as town:
        card = await town.post(song)
        await town.click(town.alice, card, LIKE)
        await town.alice.slash(town.channel, "privacy show")
        simcord.assert_error(town.env, type(error))
    assert ends(answers) == [
        (Kind.PRESS, "LabelButton", Outcome.FAILED),
        (Kind.COMMAND, "privacy show", Outcome.FAILED),
    ]
