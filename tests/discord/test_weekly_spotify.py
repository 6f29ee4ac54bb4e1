"""Weekly lists that are also kept on the listener's account on Spotify."""

import simcord

from bot.stand_in.service import Spotify
from musicrec.domain.errors import NotLinkedError
from musicrec.domain.ids import ListenerId
from musicrec.domain.weekly_plan import SpotifyCopy
from tests.discord.test_hints import is_on, link, services, spotify
from tests.discord.town import Town, words

__all__ = ["is_on", "services", "spotify"]


async def turned_on(town: Town, copy: str | None = None) -> str:
    options = {"time_zone": "UTC"} | ({} if copy is None else {"spotify": copy})
    result = await town.alice.slash(town.channel, "weekly on", **options)
    return words(result.response)


async def test_a_copy_needs_a_linked_account_and_stays_until_it_is_declined(
    town: Town, spotify: Spotify
) -> None:
    said = await turned_on(town, "same")
    assert "You have linked no Spotify account. /link spotify does it" in said
    simcord.assert_error(town.env, NotLinkedError)
    assert await town.services.weekly.plan(ListenerId(town.alice.id)) is None

    await link(town, spotify, town.alice)
    assert "one playlist of yours there is overwritten every week" in await turned_on(town, "same")
    assert "a new playlist of yours there every week" in await turned_on(town, "new")
    assert "a new playlist of yours there every week" in await turned_on(town)
    assert "On Spotify" not in await turned_on(town, "none")
    plan = await town.services.weekly.plan(ListenerId(town.alice.id))
    assert plan is not None
    assert plan.spotify is SpotifyCopy.NONE
