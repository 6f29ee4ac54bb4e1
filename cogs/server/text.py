"""What the settings answer, and what a digest says."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from cogs._format import count, safe, song_name
from cogs._quiet import hours_words
from musicrec.domain.ids import TrackId
from musicrec.domain.quiet import QuietHours
from musicrec.domain.server_post import (
    FEWEST_PEOPLE,
    Cadence,
    DigestTallies,
    PlannedPost,
    ServerPlan,
    ServerPostKind,
    SongTally,
)
from musicrec.domain.track import Track
from musicrec.services import PlanStarted

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WHAT: Final = {ServerPostKind.SONG: "a song to rate", ServerPostKind.DIGEST: "the week's digest"}
_COMMAND: Final = {ServerPostKind.SONG: "songs", ServerPostKind.DIGEST: "digest"}
_COUNTED: Final = (
    f"It counts only what is said on the public cards of this server, tells of no song that fewer "
    f"than {FEWEST_PEOPLE} people rated, and names the first to like a song only if they agreed "
    "with /share on to be compared. In a week without such a song there is none."
)
QUIET_ENDED: Final = "There are no quiet hours here any more."
NEVER_QUIET: Final = "There are no quiet hours here. Say when they `begin` and `end`."
_GONE: Final = "a song that I do not have any more"


def started(begun: PlanStarted) -> str:
    """Say what is posted from now on, and when first."""
    kind = begun.plan.kind
    more = f" {_COUNTED}" if kind is ServerPostKind.DIGEST else " No song comes twice."
    return (
        f"From now on I post {_plan_words(begun.plan)}, first "
        f"<t:{int(begun.first_at.timestamp())}:F>.{more} `/settings {_COMMAND[kind]}` without a "
        "channel ends it."
    )


def ended(kind: ServerPostKind, *, was_on: bool) -> str:
    """Say that nothing is posted."""
    what = _WHAT[kind]
    return f"I do not post {what} any more." if was_on else f"I did not post {what} anyway."


def settings_text(plans: Sequence[ServerPlan], quiet: QuietHours | None) -> str:
    """Say what is posted by the clock, and when nothing is."""
    hours = [f"- Quiet hours: {hours_words(quiet)}"] if quiet else []
    lines = [f"- {_plan_words(plan)}" for plan in plans if plan.is_on]
    if not lines:
        nothing = "I post nothing here by the clock. See /settings songs and /settings digest."
        return "\n".join((nothing, *hours))
    return "\n".join(("### What I post here", *lines, *hours))


def quiet_from_now(hours: QuietHours) -> str:
    """Confirm a server's quiet hours."""
    return (
        f"Every day from {hours_words(hours)} I post nothing here by the clock: songs, the digest "
        "and weekly lists come afterwards. Answers to commands come at once, as ever. "
        "`/settings quiet` without hours ends that."
    )


def trouble_text(plan: ServerPlan) -> str:
    """Say why something was turned off, and what to do."""
    return (
        f"⚠ I stopped posting {_WHAT[plan.kind]}: {safe(plan.trouble, 300)} Choose a channel with "
        f"`/settings {_COMMAND[plan.kind]}`."
    )


def song_headline(post: PlannedPost) -> str:
    """Head a song to rate; by it the message is found again."""
    return f"### A song to rate · {_day(post.local_date)}"


def digest_headline(post: PlannedPost) -> str:
    """Head a digest; by it the message is found again."""
    return f"### The week of this server · {_day(post.local_date)}"


def digest_text(
    told: DigestTallies, tracks: Mapping[TrackId, Track], first_liker: str | None
) -> str:
    """Tell a server's week.

    Args:
        told: The numbers.
        tracks: Songs that are still known.
        first_liker: A name in markdown; None where nobody is to be named.
    """
    verdicts, people = count(told.n_verdicts, "verdict"), count(told.n_people, "person", "people")
    lines = [f"{verdicts} by {people} on the cards here."]
    if told.liked:
        lines.append("**Most liked**")
        lines += [f"{place}. {_song(one, tracks)}" for place, one in enumerate(told.liked, start=1)]
    if told.liked and first_liker is not None:
        lines.append(f"First to like the first of them: {first_liker}.")
    if told.divisive is not None:
        lines.append(f"**Most divisive**\n{_song(told.divisive, tracks)}")
    lines.append("-# /settings digest says what is counted. Press 👍 or 👎 on a card to be part.")
    return "\n".join(lines)


def _song(one: SongTally, tracks: Mapping[TrackId, Track]) -> str:
    track = tracks.get(one.track_id)
    return f"{song_name(track) if track else _GONE}: {one.likes} 👍, {one.dislikes} 👎"


def _plan_words(plan: ServerPlan) -> str:
    days = {
        Cadence.DAILY: "every day",
        Cadence.WEEKDAYS: "Monday to Friday",
        Cadence.WEEKLY: f"every {_DAYS[plan.weekday]}",
    }[plan.cadence]
    at = f"{plan.minute // 60}:{plan.minute % 60:02}"
    return f"{_WHAT[plan.kind]} in <#{plan.channel_id}>, {days} at {at} ({safe(plan.zone, 60)})"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
