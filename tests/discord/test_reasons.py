"""Reasons that name artists, on a server whose songs have artists with hostile names."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.catalogue import import_songs, open_catalogue, write_table
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelValue
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.discord.town import Town, town_of, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOSTILE = "**Evil** <@123> @everyone"
DULL = "Dull `Band`"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fan_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """Alice likes every song by one artist, with whom everybody plays, and nothing else."""
    folder = tmp_path_factory.mktemp("fans")
    demo = open_catalogue(folder)
    songs = demo.table(range(0, len(demo), 30))
    names = [HOSTILE if row % 2 else DULL for row in range(len(songs))]
    guests = ["; A Guest" if row % 4 > 1 else "" for row in range(len(songs))]
    artists = [name + guest for name, guest in zip(names, guests, strict=True)]
    write_table(songs.assign(artists=artists), folder / "songs.parquet")
    import_songs(folder / "data", [folder / "songs.parquet"])
    async with (
        open_services(data_dir=folder / "data", worker_processes=1) as services,
        town_of(services) as town,
    ):
        await rate(services, town.alice, 40)
        await services.training.idle()
        yield town
    shutil.rmtree(folder)


async def rate(services: Services, member: Any, n: int) -> None:
    for song in services.songs.suggest("", limit=n):
        at = datetime.now(UTC)
        value = LabelValue.LIKE if song.main_artist == HOSTILE else LabelValue.DISLIKE
        listener = ListenerId(member.id)
        key = f"behind:{song.id}"
        await services.labels.press(listener, song.id, value, at=at, event_key=key)


def unrated(town: Town, artist: str, *, n_artists: int) -> Track:
    return next(
        song
        for song in town.services.songs.suggest("", limit=130)[40:]
        if song.main_artist == artist and len(song.artists) == n_artists
    )


async def test_an_artist_is_a_reason_and_cannot_ping_or_format(fan_town: Town):
    song = unrated(fan_town, HOSTILE, n_artists=2)
    result = await fan_town.alice.slash(fan_town.channel, "predict", song=song.id)
    said = words(result.response)
    assert "by \\*\\*Evil\\*\\* \\<@\u200b123\\> @\u200beveryone" in said
    assert "@everyone" not in said
    assert "<@123" not in said


async def test_the_only_artist_goes_without_a_name(fan_town: Town):
    song = unrated(fan_town, DULL, n_artists=1)
    result = await fan_town.alice.slash(fan_town.channel, "predict", song=song.id)
    assert "**Against:** " in words(result.response)
    assert "you liked 0 of " in words(result.response)
    assert " by this artist" in words(result.response)


async def test_recommendations_name_their_artists_too(fan_town: Town):
    result = await fan_town.alice.slash(fan_town.channel, "recommend", n=2, share=True)
    said = words(result.followups[0])
    assert "you liked " in said
    assert "@everyone" not in said
