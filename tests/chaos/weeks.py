"""Weekly lists are delivered by two processes that are killed; each comes once."""

from datetime import UTC, datetime

from tests.chaos.figures import Figures, Setting
from tests.musicrec.services.weekly_chaos import Scale, chaos

_LISTENERS_A_KILL = 3
"""Each of them has two lists in the time that passes."""


async def weeks(setting: Setting) -> Figures:
    """Let two virtual weeks pass over the end of summer time."""
    scale = Scale(
        n_listeners=_LISTENERS_A_KILL * setting.kills,
        n_kills=setting.kills,
        start=datetime(2026, 10, 19, tzinfo=UTC),
        end=datetime(2026, 11, 3, tzinfo=UTC),
        seed=setting.seed,
    )
    found = await chaos(setting.database, setting.folder, scale)
    return Figures(
        scenario="weeks",
        database=found.database,
        kills=found.kills,
        lost=found.lost,
        duplicated=found.duplicated,
        wrong=found.not_as_stored,
        details={"listeners": found.listeners, "due": found.due, "requests": found.requests},
    )
