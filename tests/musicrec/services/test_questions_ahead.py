"""Questions are found before they are asked for, and are what they would be if found then."""

import asyncio

import pytest

from musicrec.domain.label import LabelValue
from musicrec.domain.track import Track
from musicrec.services import Services
from tests.musicrec.services.people import NOON, Presser
from tests.musicrec.storage.statements import recorded_statements

pytestmark = pytest.mark.asyncio(loop_scope="module")

OF_ONE_SEARCH = 16


async def answered(services: Services, who: Presser, n: int) -> list[Track]:
    asked: list[Track] = []
    for _ in range(n):
        suggestion = await services.rating.next_song(who.id, at=who.now)
        await who.press(suggestion.track.id, LabelValue.LIKE)
        asked.append(suggestion.track)
    return asked


async def searched_later(services: Services) -> None:
    """Let what is looked for in the background be found."""
    await services.rating._flights.land()


def is_search(sql: str) -> bool:
    """Tell what every search for questions reads, and nothing else at a press does."""
    return sql.startswith("SELECT shortlist_entries.track_id")


async def test_nobody_waits_for_a_search_but_for_the_first_question(
    services: Services, anna: Presser
):
    with recorded_statements(services.rating._database) as recorded:
        asked = await answered(services, anna, OF_ONE_SEARCH - 2)
        await searched_later(services)
    assert len([one.sql for one in recorded if is_search(one.sql)]) == 2
    with recorded_statements(services.rating._database) as recorded:
        asked += await answered(services, anna, 8)
    assert not [one.sql for one in recorded if is_search(one.sql)]
    assert len({track.id for track in asked}) == len(asked)


async def test_further_questions_do_not_repeat_those_before_them(services: Services, anna: Presser):
    shown = []
    for _ in range(3 * OF_ONE_SEARCH):
        shown.append((await services.rating.next_song(anna.id, at=NOON)).track.id)
        await searched_later(services)
    assert len(set(shown)) == len(shown)


async def test_who_deletes_everything_meanwhile_is_asked_anew(services: Services, anna: Presser):
    await answered(services, anna, OF_ONE_SEARCH - 5)
    looking = asyncio.create_task(searched_later(services))
    await services.privacy.delete(anna.id)
    await looking
    assert not services.rating._ahead.running_out(anna.id)
    assert anna.id not in services.rating._ahead._kept
