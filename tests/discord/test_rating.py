"""The rating flow: one message, song after song."""

import asyncio
from pathlib import Path

import pytest
import simcord

from bot.container import open_services
from cogs._buttons import label_buttons, rate_buttons, undo_button
from musicrec.catalogue import import_songs
from musicrec.domain.errors import GenreNotFoundError
from musicrec.domain.ids import ShortlistId, TrackId
from musicrec.domain.track import Track
from tests.discord.town import DISLIKE, LIKE, Town, names, town_of, track_id_of, words


async def test_rate_asks_about_a_song_privately(town: Town):
    result = await town.alice.slash(town.channel, "rate")
    assert result.response.ephemeral
    assert names(result.response) == [LIKE, DISLIKE, "Listen"]


async def test_a_rating_replaces_the_message_by_the_next_song(town: Town):
    result = await town.alice.slash(town.channel, "rate")
    first = track_id_of(result.response)
    for n in (1, 2, 3):
        await town.click(town.alice, result.response, LIKE)
        assert f"{n} rating" in words(town.look(result.response))
    assert track_id_of(town.look(result.response)) != first
    assert await town.counts(town.alice) == (3, 0)
    assert len([m for m in town.channel.history(viewer=town.alice) if m.flags.ephemeral]) == 1


async def test_only_likes_are_not_enough_and_the_answer_says_so(town: Town):
    result = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, result.response, LIKE)
    assert "I also need songs that you do not like." in words(town.look(result.response))
    await town.click(town.alice, result.response, DISLIKE)
    assert "I also need" not in words(town.look(result.response))


async def test_undo_takes_back_and_asks_about_the_same_song_again(town: Town):
    result = await town.alice.slash(town.channel, "rate")
    first = track_id_of(result.response)
    await town.click(town.alice, result.response, LIKE)
    await town.click(town.alice, result.response, "Undo")
    after = town.look(result.response)
    assert "Took back" in words(after)
    assert "0 ratings; 10 more" in words(after)
    assert track_id_of(after) == first
    assert names(after) == [LIKE, DISLIKE, "Listen"]
    assert await town.counts(town.alice) == (0, 0)


async def test_the_flow_goes_on_after_undo(town: Town):
    result = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, result.response, LIKE)
    await town.click(town.alice, result.response, "Undo")
    await town.click(town.alice, result.response, DISLIKE)
    assert await town.counts(town.alice) == (0, 1)


async def test_an_undo_of_a_label_that_is_gone_is_acknowledged_silently(town: Town, song: Track):
    card = await town.post(song)
    answer = await town.click(town.alice, card, LIKE)
    await town.alice.set_reaction(card, LIKE, reacted=True)
    await town.alice.set_reaction(card, LIKE, reacted=False)
    before = words(town.look(answer.response))
    undone = await town.click(town.alice, answer.response, "Undo")
    assert undone.acknowledged
    assert undone.followups == []
    assert words(town.look(answer.response)) == before


async def test_the_flow_stays_in_its_genre(town: Town):
    genre = town.services.songs.genres[-1]
    result = await town.alice.slash(town.channel, "rate", genre=genre)
    for _ in range(5):
        track = await town.services.songs.resolve(track_id_of(town.look(result.response)))
        assert track.genre == genre
        await town.click(town.alice, result.response, LIKE)
    await town.click(town.alice, result.response, "Undo")
    await town.click(town.alice, result.response, DISLIKE)
    track = await town.services.songs.resolve(track_id_of(town.look(result.response)))
    assert track.genre == genre


async def test_an_unknown_genre_is_refused_with_the_nearest_ones(town: Town):
    result = await town.alice.slash(town.channel, "rate", genre="roc*k")
    assert result.response.ephemeral
    assert r"I know no genre “roc\*k”" in words(result.response)
    simcord.assert_error(town.env, GenreNotFoundError)


async def test_genres_complete(town: Town):
    genre = town.services.songs.genres[0]
    choices = await town.alice.autocomplete(town.channel, "rate", "genre", genre[:3])
    assert genre in [choice["value"] for choice in choices]


@pytest.mark.parametrize("button", [LIKE, "Undo"])
async def test_old_buttons_of_the_flow_work_after_a_restart(town: Town, button: str):
    result = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, result.response, LIKE)
    await town.restart()
    await town.click(town.alice, result.response, button)
    assert sum(await town.counts(town.alice)) == (2 if button == LIKE else 0)


async def test_start_rating_works_after_a_restart(town: Town):
    help_message = await town.alice.slash(town.channel, "help")
    await town.restart()
    result = await town.click(town.alice, help_message.response, "Start rating")
    assert result.response.ephemeral
    assert LIKE in names(result.response)


async def test_the_flow_works_in_direct_messages(town: Town):
    carol = town.env.create_user("carol")
    result = await carol.slash("rate")
    await town.click(carol, result.response, LIKE)
    assert await town.counts(carol) == (1, 0)


async def test_when_nothing_is_left_the_flow_says_so(tmp_path: Path):
    songs = tmp_path / "songs.csv"
    songs.write_text("title,artist,energy\nOne,Somebody,0.5\nTwo,Somebody,0.6\n")
    import_songs(tmp_path / "data", [songs])
    async with (
        open_services(data_dir=tmp_path / "data", worker_processes=1) as services,
        town_of(services) as town,
    ):
        result = await town.alice.slash(town.channel, "rate")
        await town.click(town.alice, result.response, LIKE)
        await town.click(town.alice, result.response, DISLIKE)
        last = town.look(result.response)
        assert "No song is left for you" in words(last)
        assert names(last) == ["Undo"]
        again = await town.alice.slash(town.channel, "rate")
        assert "No song is left for you" in words(again.response)


async def test_every_custom_id_has_room_for_the_longest_track_id():
    longest = TrackId("x" * 64)
    made = [
        *label_buttons(longest, ShortlistId(10**12 - 1)),
        *rate_buttons(longest, ShortlistId(10**12 - 1), "drum-and-bass"),
        undo_button(longest, "drum-and-bass"),
    ]
    assert max(len(button.custom_id or "") for button in made) == 100


async def test_no_message_leaves_a_timer_or_a_view_behind(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    rating = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, rating.response, LIKE)
    await town.alice.slash(town.channel, "help")
    assert [task for task in asyncio.all_tasks() if "timeout_task" in repr(task)] == []
