"""Wires what weekly lists need."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.errors import NoModelError
from musicrec.domain.week import Week, WeekList
from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.weekly import WeeklyService
from musicrec.storage import Database


@dataclass(frozen=True, slots=True)
class Weekly:
    """What listeners ask, and what brings them their lists."""

    lists: WeeklyService
    delivery: WeekDelivery


def build_weekly(database: Database, clock: Callable[[], datetime]) -> Weekly:
    """Wire both with one composer; ``clock`` tells aware UTC."""
    composer = Unwired()
    return Weekly(
        WeeklyService(database, composer),
        WeekDelivery(database, composer, clock),
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
