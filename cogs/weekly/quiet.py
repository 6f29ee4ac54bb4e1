"""A listener's quiet hours: what they say, and what is said about them."""

from datetime import datetime
from typing import Final

from cogs._bot import BotInteraction, listener_of, now
from cogs._quiet import hours_words
from cogs.weekly.hours import minute_of
from cogs.weekly.text import stamp
from musicrec.domain.errors import BadInputError
from musicrec.domain.quiet import QuietHours
from musicrec.services import likely_zone

ENDED: Final = "You have no quiet hours any more: what is due comes when it is due."
NONE: Final = "You have no quiet hours. **/weekly quiet** `begin` `end` sets them."


async def set_quiet(
    interaction: BotInteraction, begin: str | None, end: str | None, zone: str | None
) -> str:
    """Keep what a listener typed, or end their quiet hours where they typed nothing.

    Returns:
        What to answer.

    Raises:
        BadInputError: There are no such hours or no such zone, or one end of them is missing.
    """
    quiet, listener_id = interaction.client.services.quiet, listener_of(interaction)
    if begin is None and end is None and zone is None:
        return ENDED if await quiet.end(listener_id) else NONE
    if begin is None or end is None:
        msg = "say when your quiet hours begin and when they end, for example 22 and 8."
        raise BadInputError(msg)
    hours = QuietHours(minute_of(begin), minute_of(end), await _zone(interaction, zone))
    kept = await quiet.keep(listener_id, hours, at=now())
    return (
        f"### Your quiet hours: {hours_words(kept)}\n"
        "Every day between these times I send you nothing by myself: your weekly list and "
        "reminders of links that end come afterwards. What you ask for comes at once, as ever.\n"
        "-# **/weekly quiet** without times ends them. Another clock? Use `time_zone`."
    )


async def quiet_lines(interaction: BotInteraction, due_at: datetime | None) -> list[str]:
    """Say which quiet hours a listener has, and when the next list comes because of any."""
    services, listener_id = interaction.client.services, listener_of(interaction)
    hours = await services.quiet.of(listener_id)
    lines = [f"- Your quiet hours: {hours_words(hours)}"] if hours else []
    plan = await services.weekly.plan(listener_id)
    if plan is None or due_at is None:
        return lines
    comes_at = await services.quiet.list_comes_at(plan, due_at)
    if comes_at > due_at:
        lines.append(f"- It is quiet then, so the next list comes {stamp(comes_at)}")
    return lines


async def _zone(interaction: BotInteraction, wished: str | None) -> str:
    """Return the zone that was named, or the one that is known, or the likely one."""
    if wished is not None:
        return wished
    services, listener_id = interaction.client.services, listener_of(interaction)
    if (hours := await services.quiet.of(listener_id)) is not None:
        return hours.zone
    plan = await services.weekly.plan(listener_id)
    return plan.zone if plan is not None else likely_zone(interaction.locale.value)
