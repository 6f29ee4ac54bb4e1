"""Training, predictions, recommendations and taste; one listener has rated 40 songs.

Training takes seconds, so these tests share one town, one worker and one first model.
"""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import simcord

from bot.container import open_services
from musicrec.domain.errors import BadInputError, NothingToRecommendError
from musicrec.domain.ids import ListenerId
from musicrec.domain.track import Track
from tests.discord.town import DISLIKE, LIKE, Town, buttons, names, town_of, words

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def learned_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("learned")
    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        town_of(services) as town,
    ):
        await town.rate(town.alice, 40)
        await services.training.idle()
        yield town


@pytest.fixture
def a_song(learned_town: Town) -> Track:
    return learned_town.services.songs.suggest("love")[0]


async def test_train_shows_the_report_as_a_picture_and_as_text(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "train")
    assert result.response.ephemeral
    picture = await result.response.attachments[0].read()
    assert picture.startswith(b"\x89PNG")
    said = words(result.response)
    assert "Learned from 40 ratings" in said
    assert "I guess right" in said
    assert "would be right" in said
    assert "```" in said
    assert len(said) <= 4000
    assert _gallery(result.response)["description"]


async def test_predict_gives_chance_reasons_and_trust(learned_town: Town, a_song: Track):
    town = learned_town
    result = await town.alice.slash(town.channel, "predict", song=a_song.id)
    assert result.response.ephemeral
    said = words(result.response)
    chance, low, high = map(
        int, re.findall(r"(\d+)% that you like it\nLikely between (\d+)% and (\d+)%\.", said)[0]
    )
    assert low <= chance <= high
    sides = re.findall(r"\*\*(For|Against):\*\* (.+)", said)
    assert sides
    assert sides[0][0] == ("For" if chance >= 50 else "Against")
    assert all(1 <= len(reasons.split(" · ")) <= 3 for _, reasons in sides)
    assert "From 40 ratings, by " in said
    assert "For four songs in five the true chance lies in such a range." in said
    assert names(result.response) == [LIKE, DISLIKE, "Listen"]


async def test_predict_takes_free_text_and_knows_ones_own_label(learned_town: Town, a_song: Track):
    town = learned_town
    card = await town.alice.slash(town.channel, "song post", song=a_song.id)
    pressed = await town.click(town.alice, card.response, DISLIKE)
    text = f"{a_song.title} {a_song.main_artist}"
    result = await town.alice.slash(town.channel, "predict", song=text)
    assert "You rated it 👎 yourself." in words(result.response)
    await town.click(town.alice, pressed.response, "Undo")


async def test_recommend_shows_ten_songs_with_chance_link_and_buttons(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "recommend", n=10)
    both = [result.response, *result.followups]
    assert [message.ephemeral for message in both] == [True, True]
    said = "\n".join(map(words, both))
    assert said.count("% · ") == 10
    assert said.count("[listen](") == 10
    assert [name for message in both for name in names(message)] == [LIKE, DISLIKE] * 10
    assert "From 40 ratings" in said
    assert re.search(r"Each chance is likely within \d+ points of the truth\.", said)
    assert len(said) <= 4000


async def test_recommend_never_repeats_a_song(learned_town: Town):
    town = learned_town
    first = await town.alice.slash(town.channel, "recommend", n=10)
    second = await town.alice.slash(town.channel, "recommend", n=10)
    assert not _songs(first.response) & _songs(second.response)


async def test_recommend_stays_in_a_genre(learned_town: Town):
    town = learned_town
    genre = town.services.songs.genres[0]
    result = await town.alice.slash(town.channel, "recommend", n=3, genre=genre)
    songs = [await town.services.songs.resolve(song) for song in _songs(result.response)]
    assert [song.genre for song in songs] == [genre] * 3


async def test_recommend_says_when_no_song_is_of_such_years(learned_town: Town):
    town = learned_town  # the demo songs have no years
    result = await town.alice.slash(town.channel, "recommend", n=3, years="1990s")
    assert "Change the years, the country or clean." in words(result.response)
    simcord.assert_error(town.env, NothingToRecommendError)
    wrong = await town.alice.slash(town.channel, "recommend", years="long ago")
    assert "I cannot use that" in words(wrong.response)
    simcord.assert_error(town.env, BadInputError)


async def test_a_shared_shortlist_is_for_everybody_to_rate(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "recommend", n=2, share=True)
    shared = result.followups[0]
    assert result.response.ephemeral
    assert not shared.ephemeral
    assert town.alice.mention in words(shared)
    before = await town.counts(town.bob)
    await town.click(town.bob, shared, LIKE)
    assert sum(await town.counts(town.bob)) == sum(before) + 1


async def test_a_press_in_a_shortlist_leaves_the_shortlist(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "recommend", n=2)
    before = words(result.response)
    pressed = await town.click(town.alice, result.response, DISLIKE)
    assert words(town.look(result.response)) == before
    assert "noted" in words(pressed.response)
    # Leave the ratings as the other tests expect them.
    await town.click(town.alice, pressed.response, "Undo")


async def test_once_a_model_exists_answers_are_honest_and_songs_carry_a_guess(
    learned_town: Town,
):
    town = learned_town
    result = await town.alice.slash(town.channel, "rate")
    assert "My guess: " in words(result.response)
    await town.click(town.alice, result.response, LIKE)
    said = words(town.look(result.response))
    assert "41 ratings. I guess right" in said
    assert "; always saying “" in said
    await town.click(town.alice, result.response, "Undo")


async def test_a_public_card_stays_impersonal_for_a_known_listener(
    learned_town: Town, a_song: Track
):
    card = await learned_town.alice.slash(learned_town.channel, "song post", song=a_song.id)
    assert "%" not in words(card.response)


async def test_taste_shows_a_picture_and_text(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "taste show")
    assert result.response.ephemeral
    assert (await result.response.attachments[0].read()).startswith(b"\x89PNG")
    said = words(result.response)
    assert "40 ratings: " in said
    assert "```" in said
    assert _gallery(result.response)["description"]


async def test_taste_of_a_stranger_invites_to_rate(learned_town: Town):
    carol = learned_town.env.create_user("carol")
    result = await carol.slash("taste show")
    assert names(result.response) == ["Start rating"]


async def test_a_label_names_the_shortlist_that_showed_the_song(learned_town: Town):
    town = learned_town
    result = await town.alice.slash(town.channel, "recommend", n=1)
    shortlist_id = int(buttons(result.response)[0]["custom_id"].split(":")[3])
    pressed = await town.click(town.alice, result.response, LIKE)
    [export] = await town.services.privacy.export(ListenerId(town.alice.id))
    with zipfile.ZipFile(io.BytesIO(export)) as archive:
        everything = json.loads(archive.read("everything.json"))
    assert everything["label_events"][-1]["shortlist_id"] == shortlist_id
    await town.click(town.alice, pressed.response, "Undo")


async def test_a_press_says_whether_the_chance_came_true_and_predict_remembers(
    learned_town: Town,
):
    town = learned_town
    result = await town.alice.slash(town.channel, "recommend", n=1)
    chance = re.search(r"(\d+)% · ", words(result.response))
    assert chance is not None
    right, wrong = ("right", "wrong") if int(chance[1]) >= 50 else ("wrong", "right")
    liked = await town.click(town.alice, result.response, LIKE)
    assert f"I had said {chance[0][:-3]}: {right}." in words(liked.response)
    disliked = await town.click(town.alice, result.response, DISLIKE)
    assert f"I had said {chance[0][:-3]}: {wrong}." in words(disliked.response)
    (song,) = _songs(result.response)
    later = await town.alice.slash(town.channel, "predict", song=song)
    assert f"yourself. I had said {chance[0][:-3]}: {wrong}." in words(later.response)
    await town.click(town.alice, disliked.response, "Undo")
    assert "I had said" not in words(town.look(disliked.response))


async def test_the_scoreboard_shows_a_picture_text_and_the_rival(learned_town: Town):
    town = learned_town
    card = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, card.response, LIKE)
    result = await town.alice.slash(town.channel, "taste scoreboard")
    assert result.response.ephemeral
    assert (await result.response.attachments[0].read()).startswith(b"\x89PNG")
    said = words(result.response)
    assert re.search(r"This week: \d+ of \d+ right; always saying “(dis)?like”: \d+\.", said)
    assert re.search(r"In all: .* — (a draw|I am ahead|I am behind)\.", said)
    assert "```" in said
    assert _gallery(result.response)["description"]
    await town.click(town.alice, card.response, "Undo")


def _songs(message: Any) -> set[str]:
    return {button["custom_id"].split(":", 4)[-1] for button in buttons(message)}


def _gallery(message: Any) -> dict[str, Any]:
    container = message.components[0]
    gallery = next(part for part in container["components"] if part["type"] == 12)
    return gallery["items"][0]
