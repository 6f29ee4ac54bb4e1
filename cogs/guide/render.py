"""The welcome and the status."""

import math
from collections.abc import Sequence
from typing import Final

from discord.utils import format_dt

from cogs._buttons import start_rating_button
from cogs._format import count, safe
from cogs._last_hour import HourTally
from cogs._layout import Layout, sentence
from cogs.guide.text import WELCOME
from musicrec.domain.source_answer import SourceClosure, SourceState
from musicrec.services import MOST_COUNTED, Status

_HOUR: Final = 60


def welcome_layout() -> Layout:
    """Lay out the first message in a new place: three lines and a button that starts."""
    return sentence(WELCOME, start_rating_button())


def status_text(status: Status, answers: HourTally) -> str:
    """Say how every part is doing.

    Args:
        status: Of the database, the songs, the workers and the sources.
        answers: What became of the bot's answers lately.
    """
    well = "answers" if status.database_ok else "**does not answer**"
    age = f"<t:{int(status.catalogue_built_at.timestamp())}:R>"
    size = f"{status.catalogue_bytes / 1e6:,.0f} MB"
    build = (
        f"{safe(status.catalogue_name)} (build {safe(status.catalogue_version, 16)}, {size}, "
        f"from {age})"
    )
    lines = [
        f"### musicrec {status.version}",
        f"- {count(status.n_songs, 'song')} from {build}",
        f"- The database ({status.database}) {well}",
    ]
    if status.n_labels is not None and status.n_models is not None:
        lines.append(
            f"- {_ratings(status.n_labels)}; {count(status.n_models, 'listener')} with a model"
        )
    if status.recall is not None:
        # Rounded down: what is not everything must not read 100 %.
        percent = math.floor(round(1000 * status.recall.mean, 6)) / 10
        lines.append(
            f"- Lists hold {percent:g} % of the best songs"
            f" ({count(status.recall.n_lists, 'check')} this week)"
        )
    lines += sources_lines(status.sources, status.closures)
    lines.append(f"- Work: {status.jobs_running} running, {status.jobs_waiting} waiting")
    lines.append(answers_line(answers))
    return "\n".join(lines)


def _ratings(n_labels: int) -> str:
    about = "about " if n_labels >= MOST_COUNTED else ""
    return f"{about}{count(n_labels, 'rating')}"


def sources_lines(sources: Sequence[SourceState], closures: Sequence[SourceClosure]) -> list[str]:
    """Say which outside services answer, and of each other one why not."""
    shut = {closure.source for closure in closures}
    open_ones = [each for each in sources if each.source not in shut]
    up = [safe(each.source, 40) for each in open_ones if each.heard_at and not each.problem]
    unasked = [safe(each.source, 40) for each in open_ones if each.heard_at is None]
    lines: list[str] = []
    if up:
        lines.append(f"- Answered when I asked last: {', '.join(up)}")
    if unasked:
        lines.append(f"- Not asked since I started: {', '.join(unasked)}")
    lines += [
        f"- {safe(each.source, 40)} failed {format_dt(each.heard_at, 'R')}:"
        f" {safe(each.problem, 100)}"
        for each in open_ones
        if each.heard_at and each.problem
    ]
    lines += [
        f"- {safe(closure.source, 40)} is closed until"
        f" {format_dt(closure.closed_until, 'f')}: {safe(closure.reason, 100)}"
        for closure in closures
    ]
    return lines


def answers_line(answers: HourTally) -> str:
    """Say how many answers failed by my fault, and over which time that was counted."""
    is_young = answers.minutes < _HOUR
    when = f"Since I started {count(answers.minutes, 'minute')} ago" if is_young else "Last hour"
    if not answers.n:
        return f"- {when}: nobody has asked me anything yet"
    share = math.ceil(1000 * answers.n_failed / answers.n) / 10
    failed = f"{share:g} % failed ({answers.n_failed:,})" if answers.n_failed else "none failed"
    return f"- {when}: {count(answers.n, 'answer')}, {failed}"
