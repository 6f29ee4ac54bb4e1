"""Figures for Prometheus: what is done, how it ends, how long it takes; nothing about anybody."""

import asyncio
import math
from importlib.metadata import version
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from bot.vitals import Vitals
from cogs._watch import Answered, Kind
from musicrec.workers import JobRun

_ANSWER_BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
"""Seconds; Discord waits 3 s for the first sign, and people perhaps 15 for the rest."""
_SIGN_BUCKETS: Final = (0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.0, 3.0)
_JOB_BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_LAG_BUCKETS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_LAG_EVERY_S: Final = 0.5

_STATES: Final = {
    "up": "1 while everything is well, as /healthz says.",
    "gateway_up": "1 while Discord's gateway is connected.",
    "gateway_latency_seconds": "From a heartbeat to Discord's answer.",
    "guilds": "Servers that the bot is in.",
    "database_up": "1 while the database answers.",
    "interactions_open": "Interactions that are being answered.",
    "jobs_waiting": "Jobs that wait for a worker.",
    "jobs_running": "Jobs that a worker does now.",
    "jobs_full": "1 while further jobs are refused.",
    "retrainings_waiting": "Listeners whose quiet retraining waits.",
    "schedule_lag_seconds": "How late the most overdue scheduled work is.",
}


class Metrics:
    """The figures of one process.

    Labels are names of commands, buttons, jobs and services: there are some dozens of each, and
    nothing in them is of a person or a server.
    """

    def __init__(self) -> None:
        """Begin to count."""
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        about = Info("musicrec", "The program.", registry=registry)
        about.info({"version": version("musicrec")})
        self._answers = Counter(
            "musicrec_interactions",
            "Commands, presses, windows, completions and reactions that were answered.",
            ("kind", "name", "outcome"),
            registry=registry,
        )
        self._answer_seconds = Histogram(
            "musicrec_interaction_seconds",
            "From when an interaction came until everything about it was done.",
            ("kind", "name"),
            buckets=_ANSWER_BUCKETS,
            registry=registry,
        )
        self._first_sign_seconds = _first_sign_seconds(registry)
        self._jobs = Counter(
            "musicrec_jobs",
            "Jobs of the workers that ended.",
            ("job", "outcome"),
            registry=registry,
        )
        self._job_seconds = Histogram(
            "musicrec_job_seconds",
            "From when a job was asked for until it ended.",
            ("job",),
            buckets=_JOB_BUCKETS,
            registry=registry,
        )
        self._lag_seconds = Histogram(
            "musicrec_event_loop_lag_seconds",
            "How much later than asked for the event loop came back.",
            buckets=_LAG_BUCKETS,
            registry=registry,
        )
        self._states = {
            name: Gauge(f"musicrec_{name}", about, registry=registry)
            for name, about in _STATES.items()
        }
        self._closed = Gauge(
            "musicrec_source_closed",
            "1 while an outside service may not be asked for something.",
            ("source", "part"),
            registry=registry,
        )

    def answered(self, answer: Answered) -> None:
        """Count an answer."""
        self._answers.labels(answer.kind.value, answer.name, answer.outcome.value).inc()
        self._answer_seconds.labels(answer.kind.value, answer.name).observe(answer.seconds)

    def acknowledged(self, kind: Kind, seconds: float) -> None:
        """Count a first answer."""
        self._first_sign_seconds.labels(kind.value).observe(seconds)

    def job_ended(self, run: JobRun) -> None:
        """Count a job of the workers."""
        self._jobs.labels(run.name, run.outcome.value).inc()
        self._job_seconds.labels(run.name).observe(run.seconds)

    async def watch_event_loop(self) -> None:
        """Measure for ever how late the event loop is."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _LAG_EVERY_S
            await asyncio.sleep(_LAG_EVERY_S)
            self._lag_seconds.observe(max(0.0, loop.time() - due))

    def text(self, vitals: Vitals) -> bytes:
        """Return everything in Prometheus's text format, with the state of things as it is now."""
        pulse = vitals.pulse
        values = {
            "up": vitals.ok,
            "gateway_up": vitals.is_connected,
            "gateway_latency_seconds": math.nan if vitals.latency_s is None else vitals.latency_s,
            "guilds": vitals.n_guilds,
            "database_up": pulse.database_ok,
            "interactions_open": vitals.n_open,
            "jobs_waiting": pulse.jobs_waiting,
            "jobs_running": pulse.jobs_running,
            "jobs_full": pulse.is_full,
            "retrainings_waiting": vitals.n_retrainings,
            "schedule_lag_seconds": vitals.schedule_lag_s or 0.0,
        }
        for name, value in values.items():
            self._states[name].set(value)
        self._closed.clear()
        for closure in pulse.closures:
            self._closed.labels(closure.source, closure.bucket).set(1)
        return generate_latest(self._registry)


def _first_sign_seconds(registry: CollectorRegistry) -> Histogram:
    return Histogram(
        "musicrec_acknowledgement_seconds",
        "From when an interaction's frame came until Discord had taken the first answer.",
        ("kind",),
        buckets=_SIGN_BUCKETS,
        registry=registry,
    )
