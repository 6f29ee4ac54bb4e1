"""/weekly now: the cards of a list before its time, which uses nothing up."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from simcord.components import walk_components

from cogs.weekly.render import preview_page
from musicrec.domain.ids import ListenerId
from musicrec.domain.week import WeekPreview
from musicrec.services import Services
from tests.discord.playlist_town import press
from tests.discord.town import DISLIKE, LIKE, Town, buttons, names, town_of, words
from tests.discord.weekly_town import TOLD_AT, list_of, with_weekly

WRITTEN = {"weekly-preview.csv", "weekly-preview.m3u8"}


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(with_weekly(services)) as running:
        yield running


async def look(town: Town) -> Any:
    result = await town.alice.slash(town.channel, "weekly now")
    assert result.response.ephemeral
    return result.response


def files_of(message: Any) -> set[str]:
    return {each.filename for each in message.attachments}


async def test_the_first_page_says_that_it_is_only_a_look_and_shows_five_cards(town: Town):
    message = await look(town)
    said = words(message)
    assert "If your next list came now" in said
    assert "30 songs, in the order to listen: 24 new to you, 2 ⚓ familiar, 4 🧭 exploring" in said
    assert "it does not use up your week, and nothing counts as shown" in said
    assert "79% · ⚓ familiar · reason 1 · [listen](https://open.spotify.com/track/" in said
    assert "**5.**" in said
    assert "**6.**" not in said
    assert names(message) == [LIKE, DISLIKE] * 5 + ["◀ Previous", "Next ▶"]
    assert files_of(message) == WRITTEN


async def test_pages_turn_also_after_a_restart_and_keep_the_files(town: Town):
    message = await look(town)
    for first in (6, 11, 16, 21, 26):
        await town.restart()
        message = await press(town, town.alice, message, "Next")
        assert f"If your next list came now\n-# Songs {first} to {first + 4} of 30" in words(
            message
        )
        assert files_of(message) == WRITTEN
    assert next(b for b in buttons(message) if b.get("label") == "Next ▶")["disabled"]
    message = await press(town, town.alice, message, "◀")
    assert "Songs 21 to 25 of 30" in words(message)


async def test_looking_uses_nothing_up(town: Town):
    alice = ListenerId(town.alice.id)
    await town.alice.slash(town.channel, "weekly on", time_zone="UTC")
    due = await town.services.weekly.next_due(alice)
    for _ in range(2):
        await look(town)
    assert await town.services.weekly.next_due(alice) == due
    assert await town.services.weekly.history(alice) == []
    assert (await town.services.privacy.show(alice)).held["shortlists"] == 0


async def test_who_never_turned_it_on_may_look(town: Town):
    assert "30 songs" in words(await look(town))
    assert await town.services.weekly.plan(ListenerId(town.alice.id)) is None


async def test_ratings_count_and_are_told_as_everywhere(town: Town):
    message = await press(town, town.alice, await look(town), "Next")
    result = await town.click(town.alice, message, LIKE)
    assert "noted" in words(result.response)
    assert "I had said 74%: right." in words(result.response)
    assert await town.counts(town.alice) == (1, 0)
    async with town.services.edits._database.reading() as uow:
        labelled = await uow.labels.track_ids(ListenerId(town.alice.id))
    assert labelled == {list_of(town.services).songs[5].track_id}


async def test_a_song_is_corrected_on_the_page_that_shows_it(town: Town):
    message = await press(town, town.alice, await look(town), "Next")
    (select,) = [part for part in walk_components(message.components) if part["type"] == 3]
    assert select["options"][0]["label"].startswith("6. ")
    song = select["options"][0]["value"]
    result = await town.alice.select(message, [song, "say:known"])
    assert result.response.ephemeral
    standing = await town.services.corrections.standing(ListenerId(town.alice.id))
    assert [f"song:{one.correction.track_id}" for one in standing] == [song]


async def test_pages_of_an_older_look_say_so_and_its_songs_can_still_be_rated(town: Town):
    older = await look(town)
    await look(town)
    result = await town.click(town.alice, older, "Next ▶")
    assert result.response.ephemeral
    assert "I keep only what you looked at last" in words(result.response)
    await town.click(town.alice, older, DISLIKE)
    assert await town.counts(town.alice) == (0, 1)


@pytest.mark.parametrize("n", [0, 1, 5, 6, 50])
async def test_every_page_of_the_longest_texts_fits_into_a_message(town: Town, n: int):
    content = list_of(town.services, n)
    longest = tuple(
        replace(
            s, title="*" * 300, artists=("_" * 300,), reason="|" * 500, url="https://" + "u" * 190
        )
        for s in content.songs
    )
    content = replace(content, songs=longest, note="~" * 900)
    for page in range(max(1, -(-n // 5))):
        layout, files = preview_page(WeekPreview(ListenerId(1), TOLD_AT, content), page)
        assert layout.content_length() <= 4_000
        assert layout.total_children_count <= 40 - 2
        assert len(files) == 2
