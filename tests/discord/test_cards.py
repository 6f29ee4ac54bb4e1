"""Public cards and their buttons."""

from datetime import UTC, datetime

import discord
import pytest

from cogs._cards import post_card, public_card
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.track import Track
from tests.discord.town import DISLIKE, LIKE, Town, buttons, names, track_id_of, words


async def test_a_card_shows_the_song_and_nothing_about_anybody(town: Town, song: Track):
    card = await town.post(song)
    assert song.main_artist in words(card)
    assert "%" not in words(card)
    assert names(card) == [LIKE, DISLIKE, "Listen"]
    assert buttons(card)[2]["url"] == song.listen_url


async def test_a_press_is_answered_to_the_presser_alone_with_the_next_song(town: Town, song: Track):
    card = await town.post(song)
    result = await town.click(town.alice, card, LIKE)
    assert result.response.ephemeral
    said = words(result.response)
    assert "noted" in said
    assert "1 rating; 9 more and I can start guessing." in said
    assert names(result.response) == ["Undo", LIKE, DISLIKE, "Listen"]
    assert track_id_of(result.response) != song.id
    assert await town.counts(town.alice) == (1, 0)
    assert words(town.look(card)) == words(card)


async def test_pressing_the_other_button_changes_the_label(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    result = await town.click(town.alice, card, DISLIKE)
    assert "changed" in words(result.response)
    assert await town.counts(town.alice) == (0, 1)


async def test_a_double_click_is_one_label_and_one_answer(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    echo = await town.click(town.alice, card, LIKE)
    assert echo.acknowledged
    assert echo.followups == []
    assert await town.counts(town.alice) == (1, 0)
    ephemeral = [m for m in town.channel.history(viewer=town.alice) if m.flags.ephemeral]
    assert len(ephemeral) == 1


async def test_two_people_on_one_card_give_two_labels(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    await town.click(town.bob, card, DISLIKE)
    assert await town.counts(town.alice) == (1, 0)
    assert await town.counts(town.bob) == (0, 1)


async def test_a_card_lives_on_after_a_restart(town: Town, song: Track):
    card = await town.post(song)
    await town.restart()
    result = await town.click(town.alice, card, LIKE)
    assert "noted" in words(result.response)
    assert await town.counts(town.alice) == (1, 0)


async def test_a_restart_between_two_presses_keeps_the_first(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    await town.restart()
    await town.click(town.alice, card, DISLIKE)
    assert await town.counts(town.alice) == (0, 1)


async def test_a_song_that_left_the_catalogue_is_refused_in_words(town: Town):
    channel = town.env.bot.get_channel(town.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with town.env._bot_scope():
        gone = Track(id=TrackId("song:gone"), title="Gone", artists=("Nobody",))
        message = await channel.send(view=public_card(gone))
    result = await town.click(town.alice, town.look(message), LIKE)
    assert result.response.ephemeral
    assert "I know no song like “song:gone”" in words(result.response)


async def test_a_press_after_deleting_everything_starts_anew(town: Town, song: Track):
    card = await town.post(song)
    first = await town.click(town.alice, card, LIKE)
    await town.services.privacy.delete(ListenerId(town.alice.id))
    result = await town.click(town.alice, first.response, DISLIKE)
    assert await town.counts(town.alice) == (0, 1)
    assert "1 rating;" in words(town.look(first.response))
    assert result.acknowledged


@pytest.mark.parametrize("emoji", [LIKE, DISLIKE])
async def test_a_card_in_direct_messages_counts(town: Town, song: Track, emoji: str):
    user = town.env.create_user("carol")
    with town.env._bot_scope():
        channel = await town.env.bot.create_dm(discord.Object(user.id))
        message = await post_card(channel, song, town.services, datetime.now(UTC))
    await town.env.settle()
    result = await town.click(user, town.look(message), emoji)
    assert "noted" in words(result.response)
    assert sum(await town.counts(user)) == 1
