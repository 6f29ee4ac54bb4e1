"""Weekly lists as long as nobody composes them."""

from collections.abc import Callable
from datetime import datetime

from musicrec.domain.errors import NoModelError
from musicrec.domain.week import Week, WeekList
from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.week_wiring import WeeklyServices
from musicrec.services.weekly import WeeklyService
from musicrec.storage import Database


def build_unwired(database: Database, clock: Callable[[], datetime]) -> WeeklyServices:
    """Wire everything but the composer; ``clock`` tells aware UTC."""
    composer = Unwired()
    return WeeklyServices(
        WeeklyService(database, composer), WeekDelivery(database, composer, clock)
    )


class Unwired:
    """Stands where the composer of weekly lists will be wired."""

    async def compose(self, plan: WeeklyPlan, week: Week, at: datetime) -> WeekList:
        """Refuse.

        Raises:
            NoModelError: Always.
        """
        del plan, week, at
        raise NoModelError
