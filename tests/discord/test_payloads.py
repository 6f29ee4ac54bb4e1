"""The guard over all other tests here: Discord's description is really applied."""

import pytest
from simcord.types import HttpLogEntry

from musicrec.domain.track import Track
from tests.discord.openapi import SPEC, problems
from tests.discord.town import LIKE, Town

pytestmark = pytest.mark.skipif(not SPEC.exists(), reason=f"{SPEC.name} is not beside the project")


def _post(path: str, body: dict[str, object]) -> list[HttpLogEntry]:
    return [HttpLogEntry("POST", path, {}, body, None)]


def test_a_custom_id_that_is_too_long_is_found():
    button = {"type": 2, "style": 1, "label": "x", "custom_id": "x" * 101}
    body: dict[str, object] = {"components": [{"type": 1, "components": [button]}], "flags": 32768}
    assert list(problems(_post("/channels/1/messages", body)))
    button["custom_id"] = "x" * 100
    assert list(problems(_post("/channels/1/messages", body))) == []


def test_an_operation_that_does_not_exist_is_found():
    assert list(problems(_post("/no/such/path", {"a": 1})))


async def test_cards_answers_and_commands_are_all_among_what_is_checked(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    await town.alice.slash(town.channel, "rate")
    with_bodies = {(r.method, r.path.split("/")[1]) for r in town.env.http_requests if r.json}
    assert {("PUT", "applications"), ("POST", "channels")} <= with_bodies
    assert {("POST", "interactions"), ("PATCH", "webhooks")} <= with_bodies
