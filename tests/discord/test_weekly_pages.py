"""A weekly list as a message: pages, ratings, files, and what others may do with it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from simcord.components import walk_components

from cogs.weekly.render import week_page
from musicrec.domain.ids import ListenerId
from musicrec.playlists.formats.files import read_playlist
from musicrec.services import Services
from tests.discord.playlist_town import press
from tests.discord.town import DISLIKE, LIKE, Town, buttons, names, town_of, words
from tests.discord.weekly_town import list_of, posted, with_weekly

WRITTEN = ["weekly-2026-11-27.csv", "weekly-2026-11-27.m3u8"]


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(with_weekly(services)) as running:
        yield running


def files_of(message: Any) -> list[str]:
    return sorted(each.filename for each in message.attachments)


async def test_the_first_page_says_what_became_of_the_last_list_and_shows_five_songs(town: Town):
    _, message = await posted(town, town.alice)
    said = words(message)
    assert "Your weekly list, Friday 27 November 2026" in said
    assert "30 songs, in the order to listen: 24 new to you, 2 ⚓ familiar, 4 🧭 exploring" in said
    assert "Learned from 120 ratings" in said
    assert "**9 of the 21** you rated, of 30 that I showed" in said
    assert "**1.**" in said
    assert "79% · ⚓ familiar · reason 1 · [listen](https://open.spotify.com/track/" in said
    assert "78% · 🧭 exploring · reason 2" in said
    assert "**5.**" in said
    assert "**6.**" not in said
    assert names(message) == [LIKE, DISLIKE] * 5 + [*("◀ Previous", "Next ▶", "Keep as a playlist")]
    assert files_of(message) == WRITTEN


async def test_pages_turn_also_after_a_restart_and_keep_the_files(town: Town):
    _, message = await posted(town, town.alice)
    for first in (6, 11, 16, 21, 26):
        await town.restart()
        message = await press(town, town.alice.user, message, "Next")
        assert f"Songs {first} to {first + 4} of 30" in words(message)
        assert files_of(message) == WRITTEN
    assert next(b for b in buttons(message) if b.get("label") == "Next ▶")["disabled"]
    message = await press(town, town.alice.user, message, "◀")
    assert "Songs 21 to 25 of 30" in words(message)


async def test_the_files_hold_every_song_with_what_opens_it(town: Town):
    week, message = await posted(town, town.alice)
    assert week.content is not None
    for attachment in message.attachments:
        read = read_playlist(await attachment.read(), attachment.filename).playlist
        assert [item.title for item in read.items] == [song.title for song in week.content.songs]
        assert [item.track_id for item in read.items] == [s.track_id for s in week.content.songs]
    m3u8 = next(each for each in message.attachments if each.filename.endswith("m3u8"))
    assert week.content.songs[0].url.encode() in await m3u8.read()


async def test_ratings_feed_the_model_as_everywhere(town: Town):
    week, message = await posted(town, town.alice)
    result = await town.click(town.alice.user, message, LIKE)
    assert "noted" in words(result.response)
    assert "I had said 79%: right." in words(result.response)
    assert await town.counts(town.alice) == (1, 0)
    assert week.content is not None
    message = await press(town, town.alice.user, message, "Next")
    await town.click(town.alice.user, message, DISLIKE)
    assert await town.counts(town.alice) == (1, 1)
    async with town.services.edits._database.reading() as uow:
        labelled = await uow.labels.track_ids(ListenerId(town.alice.id))
    assert labelled == {week.content.songs[0].track_id, week.content.songs[5].track_id}


async def test_a_song_is_corrected_on_the_page_that_shows_it(town: Town):
    _, message = await posted(town, town.alice)
    message = await press(town, town.alice.user, message, "Next")
    (select,) = [part for part in walk_components(message.components) if part["type"] == 3]
    assert select["options"][0]["label"].startswith("6. ")
    song = select["options"][0]["value"]
    result = await town.alice.user.select(message, [song, "say:known"])
    assert result.response.ephemeral
    standing = await town.services.corrections.standing(ListenerId(town.alice.id))
    assert [f"song:{one.correction.track_id}" for one in standing] == [song]


async def test_a_list_is_kept_as_one_playlist_however_often_it_is_asked_for(town: Town):
    week, message = await posted(town, town.alice)
    first, again = [
        await town.click(town.alice.user, message, "Keep as a playlist") for _ in range(2)
    ]
    assert first.response.ephemeral
    assert names(first.response) == names(again.response) == ["As a file"]
    async with town.services.edits._database.reading() as uow:
        (kept,) = await uow.kept_playlists.summaries(ListenerId(town.alice.id))
    assert (kept.title, kept.n_items) == ("Weekly list of 2026-11-27", 30)
    file = await town.click(town.alice.user, first.response, "As a file")
    read = read_playlist(await file.response.attachments[0].read(), "list.csv").playlist
    assert week.content is not None
    assert [item.title for item in read.items] == [song.title for song in week.content.songs]


async def test_nobody_keeps_somebody_elses_list(town: Town):
    _, message = await posted(town, town.alice, town.channel)
    result = await town.click(town.bob, message, "Keep as a playlist")
    assert "somebody else's" in words(result.response)
    async with town.services.edits._database.reading() as uow:
        assert await uow.kept_playlists.summaries(ListenerId(town.bob.id)) == []


async def test_in_a_channel_the_list_says_whose_it_is_and_pings_nobody(town: Town):
    _, message = await posted(town, town.alice, town.channel)
    assert f"Weekly list of <@{town.alice.id}>" in words(message)
    sent = next(r for r in reversed(town.env.http_requests) if r.path.endswith("/messages"))
    assert sent.json is not None
    assert sent.json["allowed_mentions"] == {"parse": []}
    assert sent.json["enforce_nonce"]


async def test_in_a_channel_only_the_listener_turns_the_page(town: Town):
    _, message = await posted(town, town.alice, town.channel)
    before = words(message)
    result = await town.click(town.bob, message, "Next ▶")
    assert result.response.ephemeral
    assert "Songs 6 to 10 of 30" in words(result.response)
    assert files_of(result.response) == WRITTEN
    assert words(town.look(message)) == before
    copy = await press(town, town.bob, result.response, "Next")
    assert "Songs 11 to 15 of 30" in words(copy)
    assert words(town.look(message)) == before
    copy = await press(town, town.bob, copy, "◀")
    copy = await press(town, town.bob, copy, "◀")
    assert f"Weekly list of <@{town.alice.id}>" in words(copy)
    turned = await press(town, town.alice, message, "Next")
    assert "Songs 6 to 10 of 30" in words(turned)
    back = await press(town, town.alice, turned, "◀")
    assert words(back) == before


async def test_in_a_channel_everybody_rates_for_themselves(town: Town):
    _, message = await posted(town, town.alice, town.channel)
    await town.click(town.bob, message, LIKE)
    assert await town.counts(town.bob) == (1, 0)
    assert await town.counts(town.alice) == (0, 0)


async def test_a_list_whose_listener_is_forgotten_says_so_and_its_songs_can_still_be_rated(
    town: Town,
):
    _, message = await posted(town, town.alice, town.channel)
    await town.services.privacy.delete(ListenerId(town.alice.id))
    for member in (town.alice, town.bob):
        result = await town.click(member, message, "Next ▶")
        assert result.response.ephemeral
        assert "I do not keep this list any more" in words(result.response)
    await town.click(town.bob, message, LIKE)
    assert await town.counts(town.bob) == (1, 0)


async def test_a_page_that_is_not_there_is_the_last_one(town: Town):
    week, message = await posted(town, town.alice)
    assert week.content is not None
    layout, _ = week_page(week, week.content, 99)
    assert "Songs 26 to 30 of 30" in str(layout.to_components())
    assert files_of(message) == WRITTEN


@pytest.mark.parametrize("n", [1, 5, 6, 50])
async def test_every_page_of_the_longest_texts_fits_into_a_message(town: Town, n: int):
    content = list_of(town.services, n)
    longest = tuple(
        replace(
            s, title="*" * 300, artists=("_" * 300,), reason="|" * 500, url="https://" + "u" * 190
        )
        for s in content.songs
    )
    week, message = await posted(
        town, town.alice, content=replace(content, songs=longest, note="~" * 900)
    )
    assert week.content is not None
    for page in range(-(-n // 5)):
        layout, _ = week_page(week, week.content, page, listed_for=ListenerId(2**63))
        assert layout.content_length() <= 4_000
        assert layout.total_children_count <= 40 - 2
    assert names(message).count(LIKE) == min(n, 5)


async def test_a_starter_list_says_so_and_claims_no_chances(town: Town):
    content = list_of(town.services, 10)
    songs = tuple(replace(song, p_like=None) for song in content.songs)
    note = "A starter list: I know 3 ratings of yours."
    _, message = await posted(
        town, town.alice, content=replace(content, songs=songs, note=note, receipt=None)
    )
    said = words(message)
    assert note in said
    assert "%" not in said
    assert "Learned from" not in said
