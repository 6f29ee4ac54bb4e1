"""Sharing one's taste on a server, and leaning on those who do."""

import pytest
import simcord

from musicrec.domain.errors import NotEnoughLabelsError
from musicrec.domain.ids import ListenerId
from tests.discord.town import LIKE, Member, Town, names, words


async def neighbours(town: Town, n: int = 2) -> list[Member]:
    """Let members with models share their taste."""
    members = [town.guild.add_member(town.env.create_user(f"friend{i}")) for i in range(n)]
    for member in members:
        await town.rate(member, 14)
        await member.slash(town.channel, "recommend", n=1)
        await member.slash(town.channel, "share on")
    await town.services.training.idle()
    return members


async def test_sharing_is_off_until_it_is_switched_on_and_off_again_at_once(town: Town):
    before = await town.alice.slash(town.channel, "share status")
    on = await town.alice.slash(town.channel, "share on")
    during = await town.alice.slash(town.channel, "share status")
    off = await town.alice.slash(town.channel, "share off")
    again = await town.alice.slash(town.channel, "share off")
    assert all(result.response.ephemeral for result in (before, on, during, off, again))
    assert "do not share" in words(before.response)
    assert "Nobody sees your ratings or your name" in words(on.response)
    assert words(on.response) in words(during.response)
    assert "Nobody on this server can compare with you" in words(during.response)
    assert "any more" in words(off.response)
    assert "nothing has changed" in words(again.response)


async def test_four_ratings_are_enough_where_others_share_and_the_answer_says_so(town: Town):
    await neighbours(town)
    await town.rate(town.alice, 4)
    first = await town.alice.slash(town.channel, "recommend", n=3)
    shown = words(first.response)
    assert "You have 4 ratings; this leans on 2 people on this server who opted in" in shown
    assert "76 more and I learn from yours alone." in shown
    assert "/share on" in shown
    assert names(first.response).count(LIKE) == 3
    second = await town.alice.slash(town.channel, "recommend", n=3)
    assert "leans on 2 people" in words(second.response)
    assert "/share on" not in words(second.response)


async def test_a_stranger_gets_a_first_screen_where_others_share(town: Town):
    await neighbours(town)
    result = await town.bob.slash(town.channel, "recommend")
    assert "You have no ratings yet; this leans on 2 people" in words(result.response)
    song = words(result.response).splitlines()
    assert any("%" in line for line in song)


async def test_when_a_neighbour_stops_the_next_answer_is_without_them(town: Town):
    friends = await neighbours(town)
    await friends[0].slash(town.channel, "share off")
    result = await town.alice.slash(town.channel, "recommend")
    assert "10 more of your ratings" in words(result.response)
    assert names(result.response) == ["Start rating"]
    simcord.assert_error(town.env, NotEnoughLabelsError)


async def test_rating_and_predicting_say_on_whom_they_lean(town: Town):
    await neighbours(town)
    rating = await town.alice.slash(town.channel, "rate")
    assert "My guess" in words(rating.response)
    assert "leans on 2 people" in words(rating.response)
    song = town.services.songs.suggest("")[0]
    prediction = await town.alice.slash(town.channel, "predict", song=song.id)
    assert "leans on 2 people" in words(prediction.response)
    duel = await town.alice.slash(town.channel, "rate", mode="duel")
    assert "Which one do you like better?" in words(duel.response)


async def test_with_nobody_to_lean_on_nothing_is_said_about_others(town: Town):
    rating = await town.alice.slash(town.channel, "rate")
    assert "leans" not in words(rating.response)
    assert "My guess" not in words(rating.response)


async def test_privacy_tells_of_sharing(town: Town):
    await town.alice.slash(town.channel, "share on")
    shown = await town.alice.slash(town.channel, "privacy show")
    assert "others on 1 server may lean on your ratings" in words(shown.response)
    question = await town.alice.slash(town.channel, "privacy delete")
    await town.click(town.alice, question.response, "Delete everything")
    assert "Nobody's guesses lean on your ratings any more" in words(town.look(question.response))
    status = await town.alice.slash(town.channel, "share status")
    assert "do not share" in words(status.response)


async def test_a_server_that_the_bot_leaves_is_forgotten(town: Town):
    await town.alice.slash(town.channel, "share on")
    alice = ListenerId(town.alice.id)
    assert await town.services.sharing.is_shared(alice, town.guild.id)
    guild = town.env.bot.get_guild(town.guild.id)
    with town.env._bot_scope():
        town.env.bot.dispatch("guild_remove", guild)
    await town.env.settle()
    assert not await town.services.sharing.is_shared(alice, town.guild.id)


@pytest.mark.parametrize("name", ["share on", "share off", "share status"])
async def test_the_commands_exist_in_servers_alone(town: Town, name: str):
    group, _, _ = name.partition(" ")
    command = town.env.bot.tree.get_command(group)  # pyright: ignore[reportAttributeAccessIssue]
    assert command is not None
    assert command.allowed_contexts is not None
    assert command.allowed_contexts.to_array() == [0]
