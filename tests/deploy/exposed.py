"""The names of all figures that the bot tells, taken from the bot."""

from datetime import UTC, datetime

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import Metrics
from bot.vitals import Vitals
from cogs._watch import Answered, Kind, Outcome
from musicrec.domain.source_answer import SourceClosure
from musicrec.services import Pulse
from musicrec.workers import JobOutcome, JobRun


def vitals(*, database_ok: bool = True, schedule_lag_s: float | None = 7.0) -> Vitals:
    until = datetime(2026, 11, 24, tzinfo=UTC)
    closure = SourceClosure("Deezer", "search", until, "quota")
    pulse = Pulse(database_ok, (closure,), jobs_waiting=2, jobs_running=1, is_full=False)
    return Vitals(
        pulse,
        is_connected=True,
        latency_s=0.04,
        n_guilds=3,
        n_open=1,
        n_retrainings=4,
        schedule_lag_s=schedule_lag_s,
    )


def families() -> list[Metric]:
    """Return the figures of a bot that did one of each."""
    metrics = Metrics()
    metrics.answered(Answered(Kind.COMMAND, "train", Outcome.DONE, 0.3))
    metrics.acknowledged(Kind.COMMAND, 0.02)
    metrics.job_ended(JobRun("train_and_score", JobOutcome.LOST, 2.0))
    return list(text_string_to_metric_families(metrics.text(vitals()).decode()))


def told() -> dict[str, dict[tuple[str, ...], float]]:
    """Return their samples: values by labels by name."""
    samples: dict[str, dict[tuple[str, ...], float]] = {}
    for family in families():
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            samples.setdefault(sample.name, {})[labels] = sample.value
    return samples
