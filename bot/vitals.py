"""How the process is doing: Discord's gateway, the database, the workers, the schedule."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from cogs._bot import ServiceBot, now
from musicrec.services import Pulse

_MOST_LAG_S: Final = 15 * 60.0
"""Seconds by which scheduled work may be late."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was found at one moment.

    Attributes:
        pulse: Of the database, the workers and the outside services.
        is_connected: To Discord's gateway.
        latency_s: From a heartbeat to its answer; None before the first one.
        n_guilds: Servers.
        n_open: Interactions that are being answered.
        n_retrainings: Listeners whose quiet retraining waits.
        schedule_lag_s: How late the most overdue scheduled work is; None without a schedule.
    """

    pulse: Pulse
    is_connected: bool
    latency_s: float | None
    n_guilds: int
    n_open: int
    n_retrainings: int
    schedule_lag_s: float | None

    @property
    def ok(self) -> bool:
        """Whether everything is well; outside services may be closed."""
        return all(part["ok"] for part in self.parts().values())

    def parts(self) -> dict[str, dict[str, Any]]:
        """Return each part with whether it is well, and its figures."""
        pulse = self.pulse
        parts: dict[str, dict[str, Any]] = {
            "gateway": {"ok": self.is_connected, "latency_s": self.latency_s},
            "database": {"ok": pulse.database_ok},
            "workers": {
                "ok": not pulse.is_full,
                "running": pulse.jobs_running,
                "waiting": pulse.jobs_waiting,
            },
        }
        if self.schedule_lag_s is not None:
            is_late = self.schedule_lag_s > _MOST_LAG_S
            parts["schedule"] = {"ok": not is_late, "lag_s": self.schedule_lag_s}
        return parts


async def look_at(bot: ServiceBot, schedule_lag: Callable[[], float | None] | None) -> Vitals:
    """Look at every part.

    Args:
        bot: Connected or not.
        schedule_lag: Tells by how many seconds the most overdue scheduled work is late.
    """
    pulse = await bot.services.status.pulse(at=now())
    latency = bot.latency
    return Vitals(
        pulse=pulse,
        is_connected=bot.is_connected,
        latency_s=latency if 0.0 <= latency < float("inf") else None,
        n_guilds=len(bot.guilds),
        n_open=bot.watch.n_open,
        n_retrainings=bot.services.training.n_due,
        schedule_lag_s=schedule_lag() if schedule_lag else None,
    )
