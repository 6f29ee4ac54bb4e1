"""Whoever is not meant by a button or a command learns nothing of its owner and changes nothing.

Everything that the bot answers is walked: what is new fails here until it has an example.
"""

import contextlib
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, Final

import discord
import pytest
import pytest_asyncio

from bot.container import open_services
from cogs._components import PersistentSelect
from musicrec.domain.model import StoredModel
from tests.discord.owner_town import (
    MARK,
    OTHER_MARK,
    Owner,
    owner_of_everything,
    rows_of,
)
from tests.discord.playlist_town import a_file
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

EXAMPLES: Final = {
    "AllowComparingButton": "together:v1:allow:1",
    "BlendPageButton": "blend:v1:page:1:1:0",
    "CorrectionSelect": "correct:v1:song:ffff",
    "CorrectionsPageButton": "corrections:v1:page:0",
    "DeleteDataButton": "privacy:v1:delete",
    "DuelButton": "duel:v1:both:1:-",
    "EditDecideButton": "edit:v1:undo:1",
    "EditPageButton": "edit:v1:page:1:0",
    "EditTickButton": "edit:v1:on:1:0:3",
    "EndSharingButton": "privacy:v1:unshare",
    "EnterTokenButton": "link:v1:listenbrainz",
    "ExchangeVerdictsButton": "listenbrainz:v1:send",
    "HintsButton": "hints:v1:forget",
    "LabelButton": "label:v1:dislike:1:song:ffff",
    "MadeAgainButton": "made:v1:again:1:1:spotify",
    "MadeFileButton": "made:v1:file:1",
    "MadePageButton": "made:v1:page:1:1:0",
    "MadeSendButton": "made:v1:send:1:1:listenbrainz",
    "PasteAddressButton": "link:v1:paste",
    "PlaceButton": "explore:v1:to:-:SE:50",
    "RateButton": "rate:v1:dislike:1:-:song:ffff",
    "RewindButton": "rewind:v1:1",
    "StartRatingButton": "rate:v1:start",
    "TakeBackButton": "uncorrect:v1:one:1:0",
    "TakeBackSaidButton": "uncorrect:v1:said:1",
    "TastePictureButton": "taste:v1:profile:1",
    "TrainPictureButton": "train:v1:report:1",
    "UndoButton": "undo:v1:-:song:ffff",
    "UndoDuelButton": "undo-duel:v1:1:-",
    "WeekKeepButton": "week:v1:keep:1",
    "WeekLookButton": "week:v1:look:1:0",
    "WeekPageButton": "week:v1:page:1:0",
    "WhereButton": "explore:v1:where:new:50",
}
"""A custom id of every component; the numbers of people are put into it."""
MORE: Final = {
    "DeleteDataButton": ["privacy:v1:keep"],
    "EditDecideButton": ["edit:v1:make:1", "edit:v1:drop:1"],
    "EditTickButton": ["edit:v1:off:1:0:all"],
    "ExchangeVerdictsButton": ["listenbrainz:v1:take"],
    "HintsButton": ["hints:v1:take"],
    "LabelButton": ["label:v1:like:1:song:ffff"],
    "RewindButton": ["rewind:v1:keep"],
    "TastePictureButton": ["taste:v1:radar:1", "taste:v1:map:1", "taste:v1:matters:1"],
    "TrainPictureButton": ["train:v1:sure:1", "train:v1:curve:1", "train:v1:matters:1"],
    "WhereButton": ["explore:v1:where:here:50"],
}
"""Other words of a grammar that do something else."""

OWNER: Final = object()
FILE: Final = object()
OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "blend": {"user1": OWNER},
    "bridge": {"first": OWNER, "second": OWNER},
    "explore": {"genre": "rock"},
    "playlist doctor": {"list": "here:{kept}"},
    "playlist export": {"list": "here:{kept}"},
    "playlist make": {"list": "here:{kept}"},
    "playlist prune": {"list": MARK},
    "playlist sort": {"file": FILE},
    "playlist undo": {"edit": "{edit}"},
    "predict": {"song": MARK},
    "rate": {"mode": "duel"},
    "recommend": {"n": 3, "share": True},
    "settings digest": {},
    "settings links": {},
    "settings quiet": {},
    "settings songs": {},
    "share off": {},
    "share on": {},
    "song add": {"song": f"{MARK} - {MARK}"},
    "song post": {"song": MARK},
    "song search": {"text": MARK},
    "taste compare": {"user": OWNER},
    "taste rewind": {"when": 60},
    "unlink": {"account": "Spotify"},
    "weekly history": {"search": MARK},
    "weekly on": {"time_zone": "UTC", "day": 1},
    "weekly quiet": {"begin": "22", "end": "8", "time_zone": "UTC"},
}
"""Options of every command that has any, which ask for what is the owner's."""
WINDOWS: Final = {
    "link:v1:pasted": "http://127.0.0.1/callback?code=x&state=y",
    "link:v1:token": "x",
}

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
            options = {key: _value(town, owner, one) for key, one in OPTIONS.get(name, {}).items()}
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


def item_of(town: Town, name: str, custom_id: str, owner: Owner) -> discord.ui.Item[Any]:
    """Make a component that may be forged."""
    _, kind = components(town.env.bot)[name]
    if not issubclass(kind, PersistentSelect):
        return discord.ui.Button[Any](label="x", custom_id=custom_id)
    values = [f"song:{owner.track}", "say:fast", "say:artist", "say:nonsense"]
    options = [discord.SelectOption(label=value, value=value) for value in values]
    return discord.ui.Select(custom_id=custom_id, options=options, max_values=len(values))


def _value(town: Town, owner: Owner, value: Any) -> Any:
    if value is OWNER:
        return owner.member.user
    if value is FILE:
        return a_file(town)
    return value.format(**owner.numbers) if isinstance(value, str) else value


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
