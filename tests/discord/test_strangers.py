"""Whoever is not meant by a button or a command learns nothing of its owner and changes nothing.

Everything that the bot answers is walked: what is new fails here until it has an example.
"""

import contextlib
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.domain.model import StoredModel
from tests.discord.everything import EXAMPLES, MORE, OPTIONS, WINDOWS, item_of, options_of
from tests.discord.owner_town import (
    MARK,
    OTHER_MARK,
    Owner,
    owner_of_everything,
    rows_of,
)
from tests.discord.strangers import (
    Seen,
    command,
    complete,
    components,
    expecting_no_bugs,
    ids_for,
    leaves,
    press,
    submit,
)
from tests.discord.town import Member, Town, town_of, unlimited

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLACES: Final = ("neighbour", "outsider", "stranger")
"""A member of the owner's server, one of another server, and somebody in direct messages."""
_numbers = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    small_catalogue: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("strangers")
    shutil.copytree(small_catalogue, folder, dirs_exist_ok=True)
    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        town_of(services, unlimited(services, reads_messages=True)) as running,
    ):
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def owner(town: Town, taste: StoredModel) -> Owner:
    return await owner_of_everything(town, town.alice, taste)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def other(town: Town, taste: StoredModel) -> Owner:
    return await owner_of_everything(town, town.bob, taste, OTHER_MARK)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def elsewhere(town: Town) -> Any:
    """Return another server and its channel."""
    guild = town.env.create_guild("Elsewhere")
    return guild, guild.create_text_channel("lobby")


@pytest.fixture
def somebody(town: Town, elsewhere: Any, place: str) -> tuple[Member, Any]:
    """Return somebody whom the bot has never met, and where they are."""
    user = town.env.create_user(f"somebody{next(_numbers)}")
    if place == "stranger":
        return user, user.dm_channel
    guild, channel = (town.guild, town.channel) if place == "neighbour" else elsewhere
    return guild.add_member(user), channel


async def test_every_component_and_command_has_an_example(town: Town):
    found = components(town.env.bot)
    assert set(EXAMPLES) == set(found)
    assert set(MORE) <= set(found)
    with_options = {name for name, one in leaves(town.env.bot).items() if one.parameters}
    assert set(OPTIONS) == with_options


async def test_the_owner_has_something_in_every_table(town: Town, owner: Owner):
    rows = await rows_of(town, owner.id)
    assert [name for name, found in rows.items() if not found] == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", sorted(EXAMPLES))
async def test_a_component_tells_and_changes_nothing_of_somebody_else(
    town: Town,
    owner: Owner,
    somebody: tuple[Member, Any],
    name: str,
    caplog: pytest.LogCaptureFixture,
):
    template, _ = components(town.env.bot)[name]
    numbers = owner.numbers | {"track": owner.track}
    async with untouched(town, owner, caplog):
        for example in (EXAMPLES[name], *MORE.get(name, [])):
            for custom_id in ids_for(example, template, numbers):
                seen = await press(town, *somebody, item_of(town, name, custom_id, owner))
                _reveals_nothing(seen, custom_id)


@pytest.mark.parametrize("name", ["BlendPageButton", "EditPageButton", "MadePageButton"])
async def test_own_numbers_open_nothing_of_somebody_else(
    town: Town, owner: Owner, other: Owner, name: str, caplog: pytest.LogCaptureFixture
):
    template, _ = components(town.env.bot)[name]
    own = False
    async with untouched(town, owner, caplog):
        for custom_id in ids_for(EXAMPLES[name], template, owner.numbers, other.numbers):
            item = item_of(town, name, custom_id, owner)
            seen = await press(town, other.member, town.channel, item)
            _reveals_nothing(seen, custom_id)
            own = own or OTHER_MARK in seen.text
    assert own, "what is theirs must be shown, or this test sees nothing at all"


@pytest.mark.parametrize("place", PLACES)
async def test_a_command_tells_and_changes_nothing_of_somebody_else(
    town: Town, owner: Owner, somebody: tuple[Member, Any], caplog: pytest.LogCaptureFixture
):
    async with untouched(town, owner, caplog):
        for name in leaves(town.env.bot):
            options = options_of(town, owner, name)
            seen = await command(town, *somebody, name, options)
            _reveals_nothing(seen, f"/{name}", echoed=MARK in str(options))


@pytest.mark.parametrize("place", ["neighbour"])
async def test_what_completes_itself_tells_nothing_of_somebody_else(
    town: Town, owner: Owner, somebody: tuple[Member, Any]
):
    asked = 0
    for name, leaf in leaves(town.env.bot).items():
        if name.startswith("settings"):
            continue
        for parameter in leaf.parameters:
            if parameter.autocomplete:
                for typed in ("", MARK[:5]):
                    found = await complete(*somebody, name, parameter.display_name, typed)
                    assert MARK not in found.text
                    asked += 1
    assert asked > 20
    assert owner.numbers["kept"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("window", sorted(WINDOWS))
async def test_a_window_tells_and_changes_nothing_of_somebody_else(
    town: Town,
    owner: Owner,
    somebody: tuple[Member, Any],
    window: str,
    caplog: pytest.LogCaptureFixture,
):
    async with untouched(town, owner, caplog):
        _reveals_nothing(await submit(*somebody, window, WINDOWS[window]), window)


def _reveals_nothing(seen: Seen, what: str, *, echoed: bool = False) -> None:
    assert seen.text.strip(), f"{what} was not answered"
    assert echoed or MARK not in seen.text, f"{what} showed {seen.text[:1_000]}"
    assert "I had said" not in seen.text, f"{what} told the owner's guess"
    assert "(id " not in seen.text, f"{what} was an incident: {seen.text[:1_000]}"


@contextlib.asynccontextmanager
async def untouched(
    town: Town, owner: Owner, caplog: pytest.LogCaptureFixture
) -> AsyncGenerator[None]:
    """Fail when anything about the owner changes, or a bug shows."""
    before = await rows_of(town, owner.id)
    with expecting_no_bugs(town, caplog):
        yield
        await town.services.training.idle()
    assert await rows_of(town, owner.id) == before
