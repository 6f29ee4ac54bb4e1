"""Comparing, bridging and blending: with everybody's consent, asked of them alone."""

from typing import Any

import pytest
import simcord

from musicrec.domain.errors import BadInputError, NotEnoughLabelsError
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import StoredModel
from tests.discord.playlist_town import bytes_of, give_taste
from tests.discord.town import DISLIKE, LIKE, Member, Town, names, words

COMPARING = "comparing"


async def agree(town: Town, *members: Member) -> None:
    for member in members:
        await member.slash(town.channel, "share on", what=COMPARING)


async def know(town: Town, taste: StoredModel, *members: Member) -> None:
    for member in members:
        await give_taste(town.services, ListenerId(member.id), taste)


@pytest.fixture
async def friends(town: Town, taste: StoredModel) -> Town:
    """Alice and Bob, who agreed and have models."""
    await know(town, taste, town.alice, town.bob)
    await agree(town, town.alice, town.bob)
    return town


def is_public(result: Any) -> bool:
    return not result.response.ephemeral


async def test_two_who_agreed_are_compared_to_whoever_asks_alone(friends: Town):
    result = await friends.alice.slash(friends.channel, "taste compare", user=friends.bob)
    said = words(result.response)
    assert result.response.ephemeral
    assert "### You and **bob**" in said
    assert "of well-known songs: in four of five cases the true share is between" in said
    assert "Both rated 40 songs and said the same of 40." in said
    assert "Both would most likely like" in said
    assert "would most likely split you two" in said
    assert "you " in said
    assert names(result.response).count(LIKE) == names(result.response).count(DISLIKE) == 2


async def test_a_third_person_may_ask_for_a_bridge_between_two_who_agreed(friends: Town):
    carol = friends.guild.add_member(friends.env.create_user("carol"))
    result = await carol.slash(friends.channel, "bridge", first=friends.alice, second=friends.bob)
    assert result.response.ephemeral
    assert "### **alice** and **bob**" in words(result.response)
    assert "you" not in words(result.response).split("###")[1].split("-#")[0].lower().split()


async def test_whoever_has_not_agreed_is_asked_with_a_button_that_only_they_may_press(
    town: Town, taste: StoredModel
):
    await know(town, taste, town.alice, town.bob)
    await agree(town, town.alice)
    asked = await town.alice.slash(town.channel, "taste compare", user=town.bob)
    assert is_public(asked)
    said = words(asked.response)
    assert "**bob** has not opted in or has no model yet, so I compare nothing." in said
    assert "Nobody sees their list of ratings." in said
    assert names(asked.response) == ["bob: I agree"]
    refused = await town.click(town.alice, asked.response, "bob: I agree")
    assert "Only the person named on it" in words(refused.response)
    assert refused.response.ephemeral
    bob = ListenerId(town.bob.id)
    assert not await town.services.social.comparing.is_allowed(bob, town.guild.id)
    await town.restart()
    agreed = await town.click(town.bob, asked.response, "bob: I agree")
    assert agreed.response.ephemeral
    assert "You agreed to be compared on this server." in words(agreed.response)
    result = await town.alice.slash(town.channel, "taste compare", user=town.bob)
    assert "### You and **bob**" in words(result.response)


async def test_no_consent_and_no_model_read_the_same(town: Town, taste: StoredModel):
    await know(town, taste, town.alice)
    await agree(town, town.alice)
    without_consent = await town.alice.slash(town.channel, "taste compare", user=town.bob)
    await agree(town, town.bob)
    without_model = await town.alice.slash(town.channel, "taste compare", user=town.bob)
    assert words(without_consent.response) == words(without_model.response)
    assert is_public(without_consent)
    assert is_public(without_model)
    assert names(without_consent.response) == names(without_model.response)


async def test_whoever_asks_agrees_first_and_is_asked_alone(town: Town, taste: StoredModel):
    await know(town, taste, town.alice, town.bob)
    asked = await town.alice.slash(town.channel, "taste compare", user=town.bob)
    assert asked.response.ephemeral
    assert names(asked.response) == ["I agree"]
    await town.click(town.alice, asked.response, "I agree")
    assert await town.services.social.comparing.is_allowed(ListenerId(town.alice.id), town.guild.id)


async def test_whoever_agreed_but_rated_little_is_told_what_is_missing(friends: Town):
    carol = friends.guild.add_member(friends.env.create_user("carol"))
    await agree(friends, carol)
    result = await carol.slash(friends.channel, "taste compare", user=friends.bob)
    assert "10 more of your ratings" in words(result.response)
    simcord.assert_error(friends.env, NotEnoughLabelsError)


@pytest.mark.parametrize("who", ["alice", "robot"])
async def test_oneself_and_bots_cannot_be_compared(friends: Town, who: str):
    robot = friends.guild.add_member(friends.env.create_user("robot", bot=True))
    user = robot if who == "robot" else friends.alice
    result = await friends.alice.slash(friends.channel, "taste compare", user=user)
    assert ("is a bot" if who == "robot" else "one person twice") in words(result.response)
    simcord.assert_error(friends.env, BadInputError)


async def test_names_ping_nobody_and_are_shown_literally(town: Town, taste: StoredModel):
    await know(town, taste, town.alice)
    await agree(town, town.alice)
    loud = town.guild.add_member(town.env.create_user("x"), nick="@everyone **x**")
    asked = await town.alice.slash(town.channel, "taste compare", user=loud)
    assert "@everyone" not in words(asked.response)
    assert r"\*\*x\*\*" in words(asked.response)


async def test_a_blend_has_pages_buttons_and_a_file(friends: Town):
    result = await friends.alice.slash(friends.channel, "blend", user1=friends.bob, n=9)
    said = words(result.response)
    assert result.response.ephemeral
    assert "### Blend: 9 songs for you and **bob**" in said
    assert "On average: you" in said
    assert "% for each of 2" in said
    shown = names(result.response)
    assert shown.count(LIKE) == 7
    assert shown[-3:] == ["◀ Previous", "Next ▶", "As a file"]
    await friends.restart()
    await friends.click(friends.alice, result.response, "Next ▶")
    second = friends.look(result.response)
    assert names(second).count(LIKE) == 2
    assert "**9.**" in words(second)
    file = await friends.click(friends.alice, second, "As a file")
    assert len((await bytes_of(file.response)).decode().strip().splitlines()) == 10
    await friends.click(friends.alice, second, LIKE)
    assert (await friends.counts(friends.alice))[0] >= 1


async def test_everybody_of_a_blend_who_has_not_agreed_is_asked(town: Town, taste: StoredModel):
    await know(town, taste, town.alice)
    await agree(town, town.alice)
    others = [town.guild.add_member(town.env.create_user(f"p{n}")) for n in range(7)]
    users = {f"user{n}": member for n, member in enumerate(others, start=1)}
    result = await town.alice.slash(town.channel, "blend", **users)
    assert names(result.response) == [f"p{n}: I agree" for n in range(7)]
    assert "**p5** and **p6** have not opted in or have no model yet" in words(result.response)


async def test_sharing_off_ends_both_and_the_status_tells_both(friends: Town):
    status = await friends.bob.slash(friends.channel, "share status")
    assert "do not share" in words(status.response)
    assert "may compare with you" in words(status.response)
    off = await friends.bob.slash(friends.channel, "share off")
    assert "Nobody on this server can compare with you any more" in words(off.response)
    asked = await friends.alice.slash(friends.channel, "taste compare", user=friends.bob)
    assert names(asked.response) == ["bob: I agree"]


async def test_privacy_tells_of_the_consent_and_deletes_it(friends: Town):
    shown = await friends.bob.slash(friends.channel, "privacy show")
    assert "others on 1 server may see how your taste compares" in words(shown.response)
    question = await friends.bob.slash(friends.channel, "privacy delete")
    await friends.click(friends.bob, question.response, "Delete everything")
    assert "Nobody can compare your taste any more" in words(friends.look(question.response))


async def test_a_server_that_the_bot_leaves_is_forgotten(friends: Town):
    guild = friends.env.bot.get_guild(friends.guild.id)
    with friends.env._bot_scope():
        friends.env.bot.dispatch("guild_remove", guild)
    await friends.env.settle()
    alice = ListenerId(friends.alice.id)
    assert not await friends.services.social.comparing.is_allowed(alice, friends.guild.id)
