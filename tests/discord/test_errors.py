"""Every failure is one sentence to the one who caused it; every bug has an id in the log."""

import dataclasses
import logging
import re
from datetime import UTC, datetime
from typing import Any, NoReturn

import pytest
import simcord

from bot.client import MusicBot
from cogs._errors import SENTENCES, user_message
from musicrec.domain import errors, place_errors, timely_errors, week_errors
from musicrec.domain.ids import ListenerId
from musicrec.domain.server_post_errors import ChannelLostError, PostDelayedError
from musicrec.domain.together_errors import NotComparableError
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.discord.town import LIKE, Town, names, town_of, words

EXAMPLES = [
    errors.BadInputError("The file has no column title."),
    errors.NotEnoughLabelsError(likes=3, dislikes=1, need_labels=10, need_each=3),
    errors.TrackNotFoundError("@everyone"),
    errors.GenreNotFoundError("rok", ("rock", "rock-n-roll")),
    errors.NothingToRecommendError("jazz"),
    place_errors.CountryNotFoundError("@everyone", ("SE", "US")),
    errors.NoModelError(),
    errors.ModelFormatError(),
    errors.CatalogueMissingError(),
    errors.BuildRunsError(),
    errors.WorkersBusyError(7),
    errors.WorkerLostError(),
    errors.ExtraMissingError("audio", "listen to files"),
    errors.SongUnknownError("@everyone", ("Deezer",)),
    errors.SourceError("Deezer", "token=secret"),
    errors.SourceClosedError(
        "Deezer", "quota of secret", until=datetime(2026, 11, 24, 9, tzinfo=UTC)
    ),
    errors.SourceUnavailableError("@everyone", "secret"),
    errors.NotLinkedError("Spotify"),
    errors.AccountLostError("Spotify"),
    errors.NotInvitedError("Spotify"),
    errors.NotAllowedError("Spotify"),
    errors.LinkingOffError("Spotify", "TOKEN_KEYS"),
    errors.LinkFailedError("That took too long, @everyone."),
    errors.SealedError(),
    timely_errors.TooSoonError(
        "read the songs of @everyone", until=datetime(2026, 11, 24, 9, tzinfo=UTC)
    ),
    timely_errors.ForgottenMeanwhileError(),
    timely_errors.OwnWorkWaitsError(2),
    timely_errors.GroupWorkWaitsError(32),
    errors.PlaylistUnusableError("The playlist “@everyone” is gone."),
    errors.EditRefusedError("The list of @everyone was pruned already."),
    week_errors.WeekPostError("The list of @everyone could not be brought."),
    week_errors.PlaceClosedError("I may not write in #@everyone."),
    week_errors.PlaceGoneError("#@everyone is gone."),
    week_errors.PostingFailedError("Discord did not take the list of @everyone."),
    ChannelLostError("I lack a permission in #@everyone."),
    PostDelayedError("Discord did not take the post of @everyone."),
    NotComparableError((ListenerId(1),)),
    errors.StorageError("password=secret"),
]

_DOMAIN = "musicrec.domain."


def _all_errors(cls: type[Any] = errors.MusicRecError) -> set[type[Any]]:
    return {sub for direct in cls.__subclasses__() for sub in {direct, *_all_errors(direct)}}


def test_every_expected_failure_has_a_sentence():
    ours = {cls for cls in _all_errors() if cls.__module__.startswith(("musicrec", "bot"))}
    assert {cls for cls in ours if cls.__module__.startswith(_DOMAIN)} == set(SENTENCES)
    assert {type(example) for example in EXAMPLES} == set(SENTENCES)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_sentences_say_what_to_do_and_leak_nothing(error: errors.MusicRecError):
    said = user_message(error)
    assert said.endswith((".", "?"))
    assert "@everyone" not in said
    assert "secret" not in said
    assert 20 < len(said) < 400


class Failing:
    """Stands in for any service and fails at everything."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:
        async def fail(*_args: Any, **_options: Any) -> NoReturn:
            raise self.error

        return fail


def _with(services: Services, **parts: Any) -> Services:
    return dataclasses.replace(services, **parts)


def _incident_in(text: str, caplog: pytest.LogCaptureFixture) -> bool:
    found = re.search(r"\(id ([0-9a-f]{6})\)", text)
    assert found, text
    record = next(r for r in caplog.records if f"Incident {found[1]}" in r.getMessage())
    assert vars(record)["incident"] == found[1]
    return record.exc_info is not None


async def test_a_bug_in_a_command_is_answered_with_an_id_that_the_log_has(
    services: Services, caplog: pytest.LogCaptureFixture
):
    async with town_of(_with(services, status=Failing(ValueError("boom")))) as town:
        result = await town.alice.slash(town.channel, "status")
        assert result.response.ephemeral
        assert "boom" not in words(result.response)
        assert _incident_in(words(result.response), caplog)
        simcord.assert_error(town.env, ValueError)


async def test_a_bug_after_deferring_replaces_the_placeholder(
    services: Services, caplog: pytest.LogCaptureFixture
):
    async with town_of(_with(services, privacy=Failing(KeyError("x")))) as town:
        result = await town.alice.slash(town.channel, "privacy show")
        assert not result.deferred
        assert result.followups == []
        assert _incident_in(words(result.response), caplog)
        simcord.assert_error(town.env, KeyError)


async def test_a_bug_in_a_button_is_answered_too(
    services: Services, song: Track, caplog: pytest.LogCaptureFixture
):
    async with town_of(_with(services, labels=Failing(ZeroDivisionError()))) as town:
        card = await town.post(song)
        result = await town.click(town.alice, card, LIKE)
        assert result.response.ephemeral
        assert _incident_in(words(result.response), caplog)
        assert names(town.look(card))[0] == LIKE


async def test_a_bug_in_the_flow_leaves_the_message_and_answers_beside_it(
    services: Services, caplog: pytest.LogCaptureFixture
):
    async with town_of(services) as town:
        rating = await town.alice.slash(town.channel, "rate")
        broken = _with(services, rating=Failing(RuntimeError("next")))
        await town.env.restart_bot(MusicBot(broken))
        result = await town.click(town.alice, rating.response, LIKE)
        assert LIKE in names(town.look(rating.response))
        answer = result.response
        assert answer.ephemeral
        assert _incident_in(words(answer), caplog)
        assert await town.counts(town.alice) == (1, 0)


async def test_a_bug_behind_a_reaction_is_in_the_log_and_nowhere_else(
    services: Services, song: Track, caplog: pytest.LogCaptureFixture
):
    async with town_of(_with(services, labels=Failing(RuntimeError("quiet")))) as town:
        card = await town.post(song)
        before = len(town.channel.history(viewer=town.bob))
        await town.bob.set_reaction(card, LIKE, reacted=True)
        assert len(town.channel.history(viewer=town.bob)) == before
        record = next(r for r in caplog.records if "Incident" in r.getMessage())
        assert record.exc_info is not None


async def test_a_database_out_of_reach_is_a_sentence_and_the_operator_learns_of_it(
    services: Services, song: Track, caplog: pytest.LogCaptureFixture
):
    async with town_of(_with(services, labels=Failing(errors.StorageError("gone")))) as town:
        card = await town.post(song)
        result = await town.click(town.alice, card, LIKE)
        assert words(result.response).startswith("I cannot reach my memory right now.")
        assert _incident_in(words(result.response), caplog)


async def test_busy_workers_are_a_sentence(services: Services):
    busy = Failing(errors.WorkersBusyError(9))
    async with town_of(_with(services, training=busy)) as town:
        result = await town.alice.slash(town.channel, "train")
        assert "try again in a minute" in words(result.response)
        simcord.assert_error(town.env, errors.WorkersBusyError)


@pytest.mark.parametrize("command", ["train", "recommend", "predict"])
async def test_too_few_ratings_say_how_many_are_missing_and_start_rating(
    town: Town, song: Track, command: str
):
    await town.rate(town.alice, 2)
    options = {"song": song.id} if command == "predict" else {}
    result = await town.alice.slash(town.channel, command, **options)
    assert result.response.ephemeral
    assert "I need 8 more of your ratings" in words(result.response)
    assert names(result.response) == ["Start rating"]
    started = await town.click(town.alice, result.response, "Start rating")
    assert LIKE in names(started.response)
    simcord.assert_error(town.env, errors.NotEnoughLabelsError)


async def test_an_interaction_that_expired_is_logged_and_harms_nothing(
    town: Town, song: Track, caplog: pytest.LogCaptureFixture
):
    card = await town.post(song)
    town.env.inject_error(
        "POST", "/interactions/*/*/callback", status=404, code=10062, message="Unknown interaction"
    )
    with caplog.at_level(logging.WARNING):
        await town.click(town.alice, card, LIKE)
    assert "Too late to answer button label:v1:like" in caplog.text
    assert await town.counts(town.alice) == (1, 0)


async def test_an_answer_that_discord_refuses_is_logged_and_harms_nothing(
    services: Services, song: Track, caplog: pytest.LogCaptureFixture
):
    async with town_of(_with(services, labels=Failing(ValueError("boom")))) as town:
        card = await town.post(song)
        town.env.inject_error("POST", "/interactions/*/*/callback", status=500, times=None)
        await town.click(town.alice, card, LIKE)
        assert "Could not answer button label:v1:like" in caplog.text
