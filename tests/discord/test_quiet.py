"""/weekly quiet and /settings quiet."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import simcord

from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import ListenerId
from musicrec.domain.quiet import QuietHours
from musicrec.services import Services
from tests.discord.test_links import _manager
from tests.discord.town import Town, town_of, words
from tests.discord.weekly_town import with_weekly

NIGHT = QuietHours(1320, 480, "Europe/Berlin")


@pytest.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with town_of(with_weekly(services)) as running:
        yield running


@pytest.fixture
def mia(town: Town) -> Any:
    """Who manages the server."""
    return _manager(town)


async def said(member: Any, town: Town, command: str, **options: Any) -> str:
    result = await member.slash(town.channel, command, **options)
    assert result.response.ephemeral
    return words(result.response)


async def test_quiet_hours_are_kept_told_and_ended(town: Town):
    listener_id = ListenerId(town.alice.id)
    answer = await said(
        town.alice, town, "weekly quiet", begin="10pm", end="8", time_zone="Europe/Berlin"
    )
    assert "Your quiet hours: 22:00 to 8:00 (Europe/Berlin)" in answer
    assert await town.services.quiet.of(listener_id) == NIGHT
    assert "22:00 to 8:00" in await said(town.alice, town, "weekly when")
    # Without a zone it stays the one that was said.
    assert "23:00 to 7:30 (Europe/Berlin)" in await said(
        town.alice, town, "weekly quiet", begin="23", end="7:30"
    )
    assert "no quiet hours any more" in await said(town.alice, town, "weekly quiet")
    assert "You have no quiet hours." in await said(town.alice, town, "weekly quiet")
    assert await town.services.quiet.of(listener_id) is None


async def test_a_list_that_is_due_in_quiet_hours_is_told_to_come_later(town: Town):
    await said(town.alice, town, "weekly on", hour="23", time_zone="Europe/Berlin")
    await said(town.alice, town, "weekly quiet", begin="22", end="8")
    due_at = await town.services.weekly.next_due(ListenerId(town.alice.id))
    assert due_at is not None
    answer = await said(town.alice, town, "weekly when")
    later = next(line for line in answer.split("\n") if "It is quiet then" in line)
    assert f"<t:{int(due_at.timestamp()) + 9 * 3600}" in later


@pytest.mark.parametrize("options", [{"begin": "22"}, {"begin": "9", "end": "23"}])
async def test_hours_without_an_end_or_too_long_ones_are_refused(
    town: Town, options: dict[str, str]
):
    assert "I cannot use that" in await said(town.alice, town, "weekly quiet", **options)
    simcord.assert_error(town.env, BadInputError)


async def test_a_server_has_quiet_hours_until_its_managers_end_them(town: Town, mia: Any):
    answer = await said(mia, town, "settings quiet", begin=22, end=8, zone="Europe/Berlin")
    assert "22:00 to 8:00 (Europe/Berlin) I post nothing here" in answer
    assert "Quiet hours: 22:00 to 8:00" in await said(mia, town, "settings show")
    assert await town.services.quiet.of_server(town.guild.id) == NIGHT
    assert "no quiet hours here any more" in await said(mia, town, "settings quiet")
    assert "There are no quiet hours here." in await said(mia, town, "settings quiet")
