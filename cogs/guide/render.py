"""The welcome and the status."""

import math

from cogs._buttons import start_rating_button
from cogs._format import count, safe
from cogs._layout import Layout, sentence
from cogs.guide.text import WELCOME
from musicrec.services import Status


def welcome_layout() -> Layout:
    """Lay out the first message in a new place: three lines and a button that starts."""
    return sentence(WELCOME, start_rating_button())


def status_text(status: Status) -> str:
    """Say how every part is doing."""
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
            f"- {count(status.n_labels, 'rating')}; "
            f"{count(status.n_models, 'listener')} with a model"
        )
    if status.recall is not None:
        # Rounded down: what is not everything must not read 100 %.
        percent = math.floor(round(1000 * status.recall.mean, 6)) / 10
        lines.append(
            f"- Lists hold {percent:g} % of the best songs"
            f" ({count(status.recall.n_lists, 'check')} this week)"
        )
    lines += [
        f"- {safe(closure.source, 40)} is closed until"
        f" <t:{int(closure.closed_until.timestamp())}:f>: {safe(closure.reason, 100)}"
        for closure in status.closures
    ]
    lines.append(f"- Work: {status.jobs_running} running, {status.jobs_waiting} waiting")
    return "\n".join(lines)
