"""Pictures that are swapped in place; one listener has rated 40 songs, another three."""

from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
import pytest_asyncio

from bot.container import open_services
from cogs._buttons import picture_buttons
from cogs._layout import sentence
from musicrec.domain.ids import ListenerId
from tests.discord.town import Town, buttons, names, town_of, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

TRAIN = ["Report", "How sure", "Learning curve", "What matters"]
TASTE = ["Profile", "Radar", "Map", "What matters"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def learned_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("pictures")
    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        town_of(services) as town,
    ):
        await town.rate(town.alice, 40)
        await town.rate(town.bob, 3)
        await services.training.idle()
        yield town


async def test_train_offers_its_pictures_and_the_shown_one_is_off(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "train")
    assert names(result.response) == TRAIN
    assert [button.get("disabled", False) for button in buttons(result.response)] == [
        True,
        False,
        False,
        False,
    ]


async def test_every_picture_of_a_training_takes_the_place_of_the_last_one(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "train")
    seen = [await _picture(town, result.response)]
    expected = (
        ("How sure", "Puts a song you like first in"),
        ("Learning curve", "more ratings"),
        ("What matters", "Mean chance over 300 songs"),
        ("Report", "Learned from 40 ratings"),
    )
    for name, said in expected:
        await town.click(town.alice, result.response, name)
        message = town.look(result.response)
        assert said in words(message)
        assert len(words(message)) <= 4000
        assert names(message) == TRAIN
        assert _gallery(message)["description"]
        assert [b["label"] for b in buttons(message) if b.get("disabled")] == [name]
        seen.append(await _picture(town, result.response))
    assert seen[-1] == seen[0]
    assert len(set(seen)) == 4


async def test_every_picture_of_a_taste_takes_the_place_of_the_last_one(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "taste show")
    assert names(result.response) == TASTE
    seen = [await _picture(town, result.response)]
    expected = (
        ("Radar", "likes against all songs I know"),
        ("Map", "Liked/disliked by tempo and energy"),
        ("What matters", "Mean chance over 300 songs"),
        ("Profile", "40 ratings: "),
    )
    for name, said in expected:
        await town.click(town.alice, result.response, name)
        message = town.look(result.response)
        assert said in words(message)
        assert names(message) == TASTE
        seen.append(await _picture(town, result.response))
    assert seen[-1] == seen[0]
    assert len(set(seen)) == 4


async def test_pictures_are_still_swapped_after_a_restart(learned_town: Town):
    town = learned_town
    train = await town.alice.slash(town.channel, "train")
    taste = await town.alice.slash(town.channel, "taste show")
    await town.restart()
    await town.click(town.alice, train.response, "How sure")
    assert "Puts a song you like first in" in words(town.look(train.response))
    await town.click(town.alice, taste.response, "Map")
    assert "Liked/disliked by tempo and energy" in words(town.look(taste.response))


@pytest.mark.parametrize(
    ("album", "page", "name"), [("train", "report", "How sure"), ("taste", "profile", "Radar")]
)
async def test_a_strangers_press_is_refused_and_changes_nothing(
    learned_town: Town, album: str, page: str, name: str
):
    town = learned_town
    # The bot's own messages are ephemeral; this one lies open, as if Discord let it slip.
    channel = town.env.bot.get_channel(town.channel.id)
    assert isinstance(channel, discord.TextChannel)
    row = picture_buttons(album, page, ListenerId(town.alice.id))
    with town.env._bot_scope():
        open_message = await channel.send(view=sentence("pictures", *row))
    await town.env.settle()
    pressed = await town.click(town.bob, open_message, name)
    assert pressed.response.ephemeral
    assert "about somebody else" in words(pressed.response)
    assert words(town.look(open_message)) == "pictures"


async def test_what_matters_without_enough_ratings_says_how_many_are_missing(learned_town: Town):
    town = learned_town
    result = await town.bob.slash(town.channel, "taste show")
    before = words(town.look(result.response))
    pressed = await town.click(town.bob, result.response, "What matters")
    assert "I need 7 more of your ratings" in words(pressed.followups[0])
    assert names(pressed.followups[0]) == ["Start rating"]
    assert words(town.look(result.response)) == before


async def test_the_learning_curve_says_that_it_is_being_measured(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "train")
    await town.click(town.alice, result.response, "Learning curve")
    said = [str(request.json) for request in town.env.http_requests if request.json]
    assert any("I am learning again from an eighth" in each for each in said)


async def test_pictures_of_ratings_that_were_all_taken_back_invite_to_rate(learned_town: Town):
    town = learned_town
    carol = town.guild.add_member(town.env.create_user("carol"))
    await town.rate(carol, 1)
    result = await carol.slash(town.channel, "taste show")
    await carol.slash(town.channel, "taste undo")
    await town.click(carol, result.response, "Radar")
    assert names(town.look(result.response)) == ["Start rating"]


async def _picture(town: Town, message: Any) -> bytes:
    (attachment,) = town.look(message).attachments
    return await attachment.read()


def _gallery(message: Any) -> dict[str, Any]:
    container = message.components[0]
    gallery = next(part for part in container["components"] if part["type"] == 12)
    return gallery["items"][0]
