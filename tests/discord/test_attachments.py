"""Every command that takes a file refuses what is too much, of the wrong kind, or not there."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import discord
import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.domain.errors import BadInputError
from musicrec.listening import MOST_BYTES as MOST_OF_MUSIC
from musicrec.playlists.formats.limits import MOST_BYTES as MOST_OF_A_LIST
from tests.discord.playlist_town import a_file
from tests.discord.strangers import leaves
from tests.discord.town import Town, town_of, unlimited, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST: Final = {
    "playlist doctor": MOST_OF_A_LIST,
    "playlist export": MOST_OF_A_LIST,
    "playlist make": MOST_OF_A_LIST,
    "playlist prune": MOST_OF_A_LIST,
    "playlist sort": MOST_OF_A_LIST,
    "song add": MOST_OF_MUSIC,
}
"""Every command that takes a file, with the bytes that it takes at most."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    small_catalogue: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("attached")
    shutil.copytree(small_catalogue, folder, dirs_exist_ok=True)
    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        town_of(services, unlimited(services, reads_messages=True)) as running,
    ):
        yield running
        _ = running.env.errors  # what was refused is looked at below


@pytest.fixture
def handing_out(town: Town, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let simcord's store of files hand out something else, or nothing."""

    def hand_out(data: bytes | None) -> None:
        monkeypatch.setattr(type(town.env.backend.cdn), "get", lambda *_: data)

    return hand_out


async def use(town: Town, name: str, data: bytes, *, file: str = "") -> str:
    """Attach a file to a command, and return the answer."""
    named = file or ("song.mp3" if name == "song add" else "mine.csv")
    result = await town.alice.slash(town.channel, name, file=(named, data))
    assert result.response.ephemeral
    assert isinstance(getattr(town.env.errors[-1], "original", None), BadInputError)
    return words(result.response)


async def test_every_command_that_takes_a_file_is_here(town: Town):
    attachment = discord.AppCommandOptionType.attachment
    found = {
        name
        for name, leaf in leaves(town.env.bot).items()
        if any(parameter.type is attachment for parameter in leaf.parameters)
    }
    assert found == set(MOST)


@pytest.mark.parametrize("name", sorted(MOST))
async def test_a_file_that_is_too_large_is_not_even_fetched(
    town: Town, handing_out: Any, name: str
):
    handing_out(None)
    said = await use(town, name, bytes(MOST[name] + 1))
    assert re.search(r"larger than (10|25) MB", said)


@pytest.mark.parametrize("name", sorted(MOST))
async def test_a_file_of_another_kind_is_refused(town: Town, name: str):
    said = await use(town, name, b"\x7fELF\x02\x01\x01" + bytes(5_000), file="x.exe")
    assert said.startswith("I cannot use that: ")


@pytest.mark.parametrize("name", sorted(MOST))
async def test_a_file_that_discord_does_not_hand_out_is_asked_for_again(
    town: Town, handing_out: Any, name: str
):
    handing_out(None)
    said = await use(town, name, a_file(town)[1])
    assert "Discord did not hand me" in said
    assert "attach it again" in said


@pytest.mark.parametrize("name", sorted(MOST))
async def test_a_file_that_is_more_than_discord_said_is_refused(
    town: Town, handing_out: Any, name: str
):
    handing_out(bytes(2_000))
    assert "larger than Discord said" in await use(town, name, bytes(1_000))
