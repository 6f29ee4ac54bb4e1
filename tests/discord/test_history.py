"""Taking back and going back in time, before there is a model."""

from datetime import UTC, datetime, timedelta

from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelValue
from musicrec.domain.track import Track
from tests.discord.town import DISLIKE, LIKE, Town, names, words


async def rate_long_ago(town: Town, track: Track, value: LabelValue, *, days: float) -> None:
    at = datetime.now(UTC) - timedelta(days=days)
    listener = ListenerId(town.alice.id)
    key = f"{track.id}:{days}"
    await town.services.labels.press(listener, track.id, value, at=at, event_key=key)


async def test_undo_says_the_song_and_what_it_was_and_goes_further_back(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    await town.click(town.alice, card, DISLIKE)
    first = await town.alice.slash(town.channel, "taste undo")
    assert first.response.ephemeral
    assert "took back your 👎; it was 👍 before and is again. 1 rating." in words(first.response)
    assert song.main_artist in words(first.response)
    assert await town.counts(town.alice) == (1, 0)
    second = await town.alice.slash(town.channel, "taste undo")
    assert "took back your 👍; it was unrated before. 0 ratings." in words(second.response)
    third = await town.alice.slash(town.channel, "taste undo")
    assert words(third.response) == "There is nothing left to take back."


async def test_undo_of_a_taking_back_brings_the_rating_back(town: Town, song: Track):
    await rate_long_ago(town, song, LabelValue.LIKE, days=1)
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    assert await town.counts(town.alice) == (0, 0)
    result = await town.alice.slash(town.channel, "taste undo")
    assert "your 👍 is back" in words(result.response)
    assert await town.counts(town.alice) == (1, 0)


async def test_rewind_asks_first_and_says_what_would_change(town: Town, song: Track):
    other = town.services.songs.suggest("")[1]
    await rate_long_ago(town, song, LabelValue.LIKE, days=10)
    await rate_long_ago(town, song, LabelValue.DISLIKE, days=1)
    await rate_long_ago(town, other, LabelValue.LIKE, days=1)
    question = await town.alice.slash(town.channel, "taste rewind", when=7 * 24 * 60)
    assert question.response.ephemeral
    said = words(question.response)
    assert "2 ratings would change: 1 taken back, 1 turned around." in said
    assert "You would have 1 👍 and 0 👎; now it is 1 👍 and 1 👎." in said
    assert "too little to guess from" in said
    assert names(question.response) == ["Rewind", "Stay"]
    assert await town.counts(town.alice) == (1, 1)


async def test_rewind_does_what_it_said_even_after_a_restart(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    await town.click(town.bob, card, LIKE)
    question = await town.alice.slash(town.channel, "taste rewind", when=60)
    await town.restart()
    await town.click(town.alice, question.response, "Rewind")
    after = town.look(question.response)
    assert "1 rating changed: 1 taken back. You have 0 👍 and 0 👎." in words(after)
    assert names(after) == []
    assert await town.counts(town.alice) == (0, 0)
    assert await town.counts(town.bob) == (1, 0)


async def test_to_stay_changes_nothing(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    question = await town.alice.slash(town.channel, "taste rewind", when=10)
    await town.click(town.alice, question.response, "Stay")
    after = town.look(question.response)
    assert (words(after), names(after)) == ("Nothing was changed.", [])
    assert await town.counts(town.alice) == (1, 0)


async def test_where_nothing_would_change_nothing_is_asked(town: Town, song: Track):
    await rate_long_ago(town, song, LabelValue.LIKE, days=1)
    answer = await town.alice.slash(town.channel, "taste rewind", when=60)
    assert "there is nothing to change" in words(answer.response)
    assert names(answer.response) == []


async def test_a_rewind_that_was_done_already_changes_nothing_more(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    questions = [await town.alice.slash(town.channel, "taste rewind", when=60) for _ in range(2)]
    for question in questions:
        await town.click(town.alice, question.response, "Rewind")
    said = [words(town.look(question.response)) for question in questions]
    assert "1 rating changed" in said[0]
    assert "Your ratings are what they were" in said[1]
    listener = ListenerId(town.alice.id)
    assert (await town.services.privacy.show(listener)).held["label_events"] == 2


async def test_without_any_guess_there_is_no_score(town: Town):
    result = await town.alice.slash(town.channel, "taste scoreboard")
    assert result.response.ephemeral
    assert "I have no score yet" in words(result.response)
    assert names(result.response) == ["Start rating"]
