"""When quiet hours are, whatever the clocks do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import ListenerId
from musicrec.domain.quiet import QuietHours
from musicrec.services import Services
from musicrec.services.quiet import quiet_until
from tests.musicrec.services.people import Presser

MINUTE = timedelta(minutes=1)
NIGHT = QuietHours(22 * 60, 8 * 60, "Europe/Berlin")
NOON = QuietHours(12 * 60, 13 * 60 + 30, "UTC")


def berlin(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Europe/Berlin"))


def test_a_night_begins_on_one_day_and_ends_on_the_next():
    begins, ends = berlin(2026, 11, 23, 22), berlin(2026, 11, 24, 8)
    assert quiet_until(NIGHT, begins - MINUTE) is None
    assert quiet_until(NIGHT, begins) == ends
    assert quiet_until(NIGHT, berlin(2026, 11, 24, 3)) == ends
    assert quiet_until(NIGHT, ends - MINUTE) == ends
    assert quiet_until(NIGHT, ends) is None


def test_hours_of_one_day_end_on_that_day():
    at = datetime(2026, 11, 23, 13, tzinfo=UTC)
    assert quiet_until(NOON, at) == at + 30 * MINUTE
    assert quiet_until(NOON, at + 30 * MINUTE) is None
    assert quiet_until(NOON, at + timedelta(hours=12)) is None


def test_hours_are_by_the_local_clock_also_when_it_changes():
    # Clocks go back on 25 October: that night is an hour longer.
    begins, ends = berlin(2026, 10, 24, 22), berlin(2026, 10, 25, 8)
    assert ends.astimezone(UTC) - begins.astimezone(UTC) == timedelta(hours=11)
    found = quiet_until(NIGHT, begins)
    assert found is not None
    assert found.astimezone(UTC) == ends.astimezone(UTC)


def test_an_end_that_the_clocks_skip_comes_with_the_next_minute_that_there_is():
    # At 2:00 on 29 March it is 3:00.
    hours = QuietHours(22 * 60, 2 * 60 + 30, "Europe/Berlin")
    assert quiet_until(hours, berlin(2026, 3, 29, 1)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_without_hours_or_with_a_zone_that_is_gone_nothing_is_held_back():
    assert quiet_until(None, berlin(2026, 11, 23, 23)) is None
    gone = QuietHours(0, 60, "Europe/Atlantis")
    assert quiet_until(gone, datetime(2026, 11, 23, 0, 30, tzinfo=UTC)) is None


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("begins", "ends", "zone"),
    [(0, 0, "UTC"), (0, 721, "UTC"), (-1, 60, "UTC"), (0, 1440, "UTC"), (0, 60, "Atlantis")],
)
async def test_hours_that_are_none_are_refused(
    services: Services, begins: int, ends: int, zone: str
):
    hours = QuietHours(begins, ends, zone)
    with pytest.raises(BadInputError):
        await services.quiet.keep(ListenerId(2**61), hours, at=datetime.now(UTC))
    with pytest.raises(BadInputError):
        await services.quiet.keep_for_server(2**61, hours)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_listeners_hours_are_shown_exported_and_deleted(services: Services, anna: Presser):
    kept = await services.quiet.keep(
        anna.id, QuietHours(1320, 480, "europe/berlin"), at=datetime.now(UTC)
    )
    assert kept == NIGHT
    assert await services.quiet.of(anna.id) == NIGHT
    assert (await services.privacy.show(anna.id)).held["quiet_hours"] == 1
    assert any(b"everything.json" in one for one in await services.privacy.export(anna.id))
    assert (await services.privacy.delete(anna.id)).held["quiet_hours"] == 1
    assert await services.quiet.of(anna.id) is None
    assert not await services.quiet.end(anna.id)
