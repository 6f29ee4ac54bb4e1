"""What is said about a plan: when, where, and how daring the next list is."""

from datetime import datetime
from enum import Enum, auto
from typing import Final

from cogs._format import safe
from cogs._zones import offset_words
from cogs.weekly.hours import clock
from cogs.weekly.text import DAYS, mix_words, slot_words, stamp
from musicrec.domain.week_kinds import songs_of_kinds
from musicrec.domain.weekly_plan import PlaceOfWeek, SpotifyCopy, WeeklyPlan

OFF: Final = (
    "Weekly lists are off; nothing is sent to you. Those that you got stay in **/weekly history**,"
    " and **/weekly on** starts them again as they were."
)
NEVER_ON: Final = "You get no weekly lists. **/weekly on** starts them, **/weekly now** shows one."

_COPIES: Final = {
    SpotifyCopy.SAME: "- On Spotify: one playlist of yours there is overwritten every week",
    SpotifyCopy.NEW: "- On Spotify: a new playlist of yours there every week",
}
_FEW: Final = 10
"""Ratings below which lists are of well-known songs."""


class Assumed(Enum):
    """Whether a zone was guessed, because nobody said one."""

    NOT = auto()
    SURELY = auto()
    UNSURELY = auto()


def turned_on(
    plan: WeeklyPlan,
    before: WeeklyPlan | None,
    due_at: datetime | None,
    *,
    at: datetime,
    assumed: Assumed,
    n_labels: int,
) -> str:
    """Confirm a plan by the listener's own clock, with what it changes.

    Args:
        plan: As it is kept.
        before: As it was; None for the first one.
        due_at: The next slot in the plan's zone, aware.
        at: Now.
        assumed: Whether the zone was guessed from Discord's language.
        n_labels: The listener's ratings.
    """
    lines = ["### Your weekly list is on", *_facts(plan, due_at, at=at)]
    if assumed is not Assumed.NOT:
        sure = ", which is spoken in other zones too" if assumed is Assumed.UNSURELY else ""
        lines.append(
            f"I took {plan.zone} because of the language of your Discord{sure}. If your clock says"
            " something else, tell me with **/weekly on** `time_zone`."
        )
    if before is not None and _dial(before) != _dial(plan):
        lines.append(f"As it was set before, a list would have been {_mix(before)}.")
    if n_labels < _FEW:
        lines.append(
            f"So far you rated {n_labels}. Until I can learn from your ratings, the list is of"
            " well-known songs of many kinds, and says so; **/rate** gets us there fastest."
        )
    if plan.place is PlaceOfWeek.CHANNEL:
        lines.append(
            "-# Everybody there sees the list, its reasons, and what you liked of the last one."
            " Their 👍 and 👎 count for themselves."
        )
    return "\n".join(lines)


def told(plan: WeeklyPlan | None, due_at: datetime | None, *, at: datetime) -> str:
    """Answer ``/weekly when``."""
    if plan is None:
        return NEVER_ON
    if not plan.is_on:
        return OFF
    trouble = [trouble_text(plan.trouble)] if plan.trouble else []
    return "\n".join(["### Your weekly list", *trouble, *_facts(plan, due_at, at=at)])


def trouble_text(trouble: str) -> str:
    """Say what went wrong with the last list, and offer another place."""
    return (
        f"⚠️ Something is wrong with your weekly list. {safe(trouble, 400)}\n**/weekly on** `where`"
        " or `channel` chooses another place, `spotify` another copy; then I try again at once, and"
        " else every few hours for three days. I post it nowhere else."
    )


def _facts(plan: WeeklyPlan, due_at: datetime | None, *, at: datetime) -> list[str]:
    lines = [f"- Every **{DAYS[plan.weekday]} at {clock(plan.minute)}**, {_where(plan)}"]
    if due_at is not None:
        here = at.astimezone(due_at.tzinfo)
        lines += [
            f"- Where you are ({plan.zone}, {offset_words(here)}) it is now **{here:%H:%M}**",
            f"- Next: **{slot_words(due_at)}** ({stamp(due_at)}, {stamp(due_at, 'R')})",
        ]
    lines.append(f"- {plan.n_songs} songs, adventure {round(100 * plan.adventure)}: {_mix(plan)}")
    if plan.spotify in _COPIES:
        lines.append(_COPIES[plan.spotify])
    return lines


def _where(plan: WeeklyPlan) -> str:
    return "by direct message" if plan.place is PlaceOfWeek.DM else f"in <#{plan.channel_id}>"


def _dial(plan: WeeklyPlan) -> tuple[int, float]:
    return plan.n_songs, plan.adventure


def _mix(plan: WeeklyPlan) -> str:
    return f"about {mix_words(songs_of_kinds(plan.n_songs, plan.adventure))}"
