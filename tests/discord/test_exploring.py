"""/explore: where to go, songs from there, and the buttons between them."""

import discord
import pytest
import simcord
from simcord.components import walk_components

from cogs._layout import sentence
from cogs.explore.buttons import place_button
from musicrec.domain.errors import NotEnoughLabelsError
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import StoredModel
from musicrec.domain.place_errors import CountryNotFoundError
from musicrec.services import Services
from tests.discord.playlist_town import give_taste
from tests.discord.town import DISLIKE, LIKE, Town, buttons, name_of, names, words


@pytest.fixture
async def traveller(town: Town, services: Services, taste: StoredModel) -> Town:
    """Give Alice a taste; Bob has none."""
    await give_taste(services, ListenerId(town.alice.id), taste)
    return town


async def test_without_a_place_it_proposes_some(traveller: Town):
    result = await traveller.alice.slash(traveller.channel, "explore")
    assert result.response.ephemeral
    said = words(result.response)
    assert "### Where to?" in said
    assert "fewer than 3 songs" in said
    assert "such as **" in said
    assert len(buttons(result.response)) == 7
    assert names(result.response)[-2:] == ["Closer to what I know", "Bolder"]


async def test_a_place_is_one_press_away_and_the_places_stay(traveller: Town):
    result = await traveller.alice.slash(traveller.channel, "explore")
    first = names(result.response)[0]
    pressed = await traveller.click(traveller.alice, result.response, first)
    songs = pressed.response
    assert songs.ephemeral
    said = words(songs)
    assert said.startswith("### Explore: ")
    assert "Sounds most like **" in said
    assert "New to you: " in said
    assert names(songs)[:2] == [LIKE, DISLIKE]
    assert names(songs)[-2:] == ["More from here", "Other places"]
    assert "### Where to?" in words(traveller.look(result.response))


async def test_a_rating_of_an_explored_song_counts(traveller: Town):
    result = await traveller.alice.slash(traveller.channel, "explore", country="India")
    assert "### Explore: India" in words(result.response)
    likes, dislikes = await traveller.counts(traveller.alice)
    await traveller.click(traveller.alice, result.response, LIKE)
    assert await traveller.counts(traveller.alice) == (likes + 1, dislikes)


async def test_an_artist_never_wanted_is_said_on_the_message_and_does_not_come_back(
    traveller: Town,
):
    result = await traveller.alice.slash(traveller.channel, "explore", genre="dubstep")
    (select,) = [part for part in walk_components(result.response.components) if part["type"] == 3]
    song = select["options"][0]["value"]
    track = await traveller.services.songs.resolve(song.removeprefix("song:"))
    await traveller.alice.select(result.response, [song, "say:artist"])
    for _ in range(3):
        more = await traveller.alice.slash(traveller.channel, "explore", genre="dubstep")
        ids = [one["custom_id"] for one in buttons(more.response) if name_of(one) == LIKE]
        shown = [await traveller.services.songs.resolve(each.split(":", 4)[4]) for each in ids]
        assert len(shown) == 5
        assert all(track.main_artist not in song.artists for song in shown)


async def test_more_from_a_place_are_other_songs(traveller: Town):
    result = await traveller.alice.slash(traveller.channel, "explore", genre="Dub Step")
    more = await traveller.click(traveller.alice, result.response, "More from here")

    def songs(message: object) -> set[str]:
        return {one["custom_id"] for one in buttons(message) if name_of(one) == LIKE}

    assert len(songs(more.response)) == 5
    shown = {custom_id.split(":", 4)[4] for custom_id in songs(result.response)}
    assert shown.isdisjoint({custom_id.split(":", 4)[4] for custom_id in songs(more.response)})


async def test_other_places_come_in_a_message_of_their_own(traveller: Town):
    result = await traveller.alice.slash(traveller.channel, "explore", genre="dubstep")
    others = await traveller.click(traveller.alice, result.response, "Other places")
    assert "### Where to?" in words(others.response)
    assert "### Explore: dubstep" in words(traveller.look(result.response))


async def test_the_dial_proposes_anew_in_the_same_message(traveller: Town):
    result = await traveller.alice.slash(traveller.channel, "explore", adventure=75)
    assert "a mix of safe and new" in words(result.response)
    await traveller.click(traveller.alice, result.response, "Bolder")
    message = traveller.look(result.response)
    assert "far from what you know" in words(message)
    assert next(b for b in buttons(message) if name_of(b) == "Bolder")["disabled"]


async def test_buttons_lead_on_after_a_restart(traveller: Town):
    result = await traveller.alice.slash(traveller.channel, "explore", country="IN")
    await traveller.restart()
    more = await traveller.click(traveller.alice, result.response, "More from here")
    assert "### Explore: India" in words(more.response)
    others = await traveller.click(traveller.alice, result.response, "Other places")
    assert "### Where to?" in words(others.response)


async def test_a_button_to_a_genre_that_is_gone_says_what_to_do(traveller: Town):
    channel = traveller.env.bot.get_channel(traveller.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with traveller.env._bot_scope():
        message = await channel.send(view=sentence("places", place_button("X", "polka", None, 0.5)))
    await traveller.env.settle()
    pressed = await traveller.click(traveller.alice, message, "X")
    assert "/explore proposes others" in words(pressed.response)
    assert pressed.response.ephemeral


async def test_whoever_rated_too_little_is_told_and_can_begin(traveller: Town):
    result = await traveller.bob.slash(traveller.channel, "explore")
    assert "more of your ratings" in words(result.response)
    assert names(result.response) == ["Start rating"]
    simcord.assert_error(traveller.env, NotEnoughLabelsError)


async def test_a_country_without_songs_is_said_with_others_instead(traveller: Town):
    result = await traveller.alice.slash(traveller.channel, "explore", country="Atlantis @here")
    assert "I know no song from “Atlantis @\u200bhere”. There are songs from " in words(
        result.response
    )
    simcord.assert_error(traveller.env, CountryNotFoundError)


async def test_countries_complete_by_name(traveller: Town):
    choices = await traveller.alice.autocomplete(traveller.channel, "explore", "country", "ind")
    assert ("India (IN)", "IN") in [(choice["name"], choice["value"]) for choice in choices]


async def test_genres_complete_by_other_names(traveller: Town):
    choices = await traveller.alice.autocomplete(traveller.channel, "explore", "genre", "rap")
    assert choices[0]["value"] == "hip-hop"
