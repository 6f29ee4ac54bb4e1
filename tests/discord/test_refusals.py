"""Every code with which Discord can refuse a call of ours, at every kind of call."""

import logging
import shutil
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any, Final

import discord
import pytest
import pytest_asyncio
import simcord

from bot.container import open_services
from bot.log_config import is_relevant
from cogs._refusals import CODES, WORDS, Refusal, refusal_of
from musicrec.domain.track import Track
from tests.discord.town import LIKE, Town, town_of, unlimited, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALLBACK, EDIT, FURTHER = "the first answer", "a later change", "a further message"
ROUTES: Final = {
    CALLBACK: ("POST", "/interactions/*/*/callback"),
    EDIT: ("PATCH", "/webhooks/*/*/messages/@original"),
    FURTHER: ("POST", "/webhooks/*/*"),
}
"""Calls for which somebody waits; what is sent by itself has tests of its own."""
FORBIDDEN: Final = frozenset({20009, 40007, 50001, 50007, 50009, 50013, 50178, 50278, 160002})
UNAUTHORISED: Final = frozenset({40001, 50014, 50027})
KNOWN_FOR: Final = {
    "answers to interactions": {10008, 10015, 10062, 40043, 40060, 40094, 50027},
    "messages": {10003, 30046, 40004, 40005, 50001, 50005, 50006, 50008, 50009, 50013, 50021},
    "how many messages": {20016, 20022, 20028, 20029},
    "replies": {50024, 50068, 160002},
    "threads and forums": {40058, 50083, 160005},
    "people": {10013, 20009, 40003, 50003, 50007, 50033, 50178, 50278},
    "members, servers and channels": {10003, 10004, 10007, 40007, 50001},
    "files": {30015, 40005, 50045, 50046},
    "filters": {200000, 200001, 240000},
    "forms": {50006, 50035, 50109},
    "everything": {20026, 40001, 40002, 40006, 40062, 40333, 50014, 50041, 130000},
    "commands at the start": {10002, 10063, 30034, 40041, 50035},
}
"""Codes of the routes that the bot calls, by what they are about; from Discord's list."""
_songs = count()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    small_catalogue: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("refusals")
    shutil.copytree(small_catalogue, folder, dirs_exist_ok=True)
    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        town_of(services, unlimited(services, reads_messages=True)) as running,
    ):
        yield running


@pytest.fixture
def song(town: Town) -> Track:
    """Return a song that nobody has rated."""
    return town.services.songs._catalogue.now.track(next(_songs))


def status_of(code: int) -> int:
    """Return the status that Discord sends along; below 500, for those are asked again."""
    if code in FORBIDDEN:
        return 403
    if code in UNAUTHORISED:
        return 401
    return 404 if str(code).startswith("100") else 400


def refuse(town: Town, route: str, code: int, *, times: int | None = 1) -> None:
    method, path = ROUTES[route]
    town.env.inject_error(method, path, status=status_of(code), code=code, times=times)


def incidents(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [vars(one)["incident"] for one in caplog.records if hasattr(one, "incident")]


async def rate(town: Town, track: Track) -> Any:
    """Press 👍 on a new card; the answer is deferred and then filled."""
    card = await town.post(track)
    return await town.click(town.alice, card, LIKE)


async def test_every_code_of_our_routes_is_known_and_every_known_one_is_of_our_routes():
    assert set.union(*KNOWN_FOR.values()) == set(CODES)
    assert set(WORDS) == set(Refusal) - {Refusal.LATE, Refusal.OURS}


ACKNOWLEDGED = 40060
"""Only the reply to our own first answer was lost: what comes twice is passed over."""


@pytest.mark.parametrize("route", [CALLBACK, EDIT])
@pytest.mark.parametrize("code", sorted(CODES))
async def test_who_waits_is_told_or_the_log_is(
    town: Town, song: Track, caplog: pytest.LogCaptureFixture, code: int, route: str
):
    before = await town.counts(town.alice)
    refuse(town, route, code)
    with caplog.at_level(logging.WARNING):
        # A press is answered by one call, a command by a sign of life and a change of it.
        pressed = route == CALLBACK
        result = await (rate(town, song) if pressed else town.alice.slash(town.channel, "rate"))
    if not pressed:
        simcord.assert_error(town.env, discord.HTTPException)
    town.env.backend.faults.clear()
    said = "\n".join(words(one) for one in (result.response, *result.followups) if one)
    refusal = CODES[code]
    assert (len(incidents(caplog)) == 1) is (refusal is Refusal.OURS)
    if refusal is Refusal.OURS:
        assert f"(id {incidents(caplog)[0]})" in said
    elif code == ACKNOWLEDGED:
        assert "Discord broke off while I answered" in said
    elif refusal is Refusal.LATE:
        where = "button label:v1:like" if pressed else "/rate"
        assert f"Too late to answer {where}" in caplog.text
        assert not said.strip()
    else:
        assert WORDS[refusal] in said
    assert await town.counts(town.alice) == (before[0] + pressed, before[1]), "it is stored"


@pytest.mark.parametrize("code", sorted(CODES))
async def test_a_refusal_of_everything_breaks_nothing(
    town: Town, song: Track, caplog: pytest.LogCaptureFixture, code: int
):
    n_errors = len(town.env.errors)
    for route in ROUTES:
        refuse(town, route, code, times=None)
    with caplog.at_level(logging.WARNING):
        await rate(town, song)
    town.env.backend.faults.clear()
    assert "Too late to answer" in caplog.text or "Could not answer" in caplog.text
    assert len(town.env.errors) == n_errors
    assert words((await town.alice.slash(town.channel, "help")).response)


@pytest.mark.parametrize("code", sorted(code for code in CODES if CODES[code] is Refusal.LATE))
async def test_suggestions_that_come_too_late_are_no_line_in_the_log(
    town: Town, caplog: pytest.LogCaptureFixture, code: int
):
    refuse(town, CALLBACK, code)
    await town.alice.autocomplete(town.channel, "predict", "song", "love")
    (record,) = [one for one in caplog.records if "autocomplete" in one.getMessage()]
    assert not is_relevant(record)
    refuse(town, CALLBACK, 50035)
    caplog.clear()
    await town.alice.autocomplete(town.channel, "predict", "song", "love")
    (record,) = [one for one in caplog.records if "autocomplete" in one.getMessage()]
    assert is_relevant(record)


async def test_other_failures_are_none_of_discords():
    assert refusal_of(ValueError()) is None
    assert refusal_of(OSError()) is None
