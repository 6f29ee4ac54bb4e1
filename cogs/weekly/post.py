"""Brings weekly lists to Discord, each once."""

import contextlib
from collections.abc import Generator, Iterator
from typing import Final, TypeAlias

import discord

from cogs._bot import ServiceBot
from cogs._breaks import FAILURES
from cogs._buttons import LABEL, WEEK_PAGE
from cogs._refusals import Refusal, refusal_of
from cogs._servers import server_of
from cogs.weekly.render import week_page
from cogs.weekly.rooms import Room, room_of, why_closed
from musicrec.domain.week import Week
from musicrec.domain.week_errors import PlaceClosedError, PlaceGoneError, PostingFailedError
from musicrec.domain.weekly_plan import PlaceOfWeek, WeeklyPlan
from musicrec.services import Sent, week_nonce

_Place: TypeAlias = Room | discord.DMChannel

_LOOK_BACK: Final = 100
"""Messages among which a list is looked for: what Discord gives at once."""

_CLOSED_DMS: Final = (
    "Discord does not let me write to you: your direct messages are closed to me, or we share no"
    " server any more."
)
_CLOSED_ROOM: Final = "Discord does not let me write in the channel that you chose."
_FILTERED: Final = "A filter of the server (AutoMod) does not let your list through."
_GONE_ROOM: Final = "The channel that you chose is deleted, or you left its server."
_UNKNOWN_USER: Final = "Discord does not know your account any more."


class DiscordWeekPost:
    """Sends a list as one message, and finds it again."""

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot

    async def send(self, plan: WeeklyPlan, week: Week) -> Sent:
        """Send a composed list; twice within minutes is one message, because of its nonce.

        Raises:
            PlaceClosedError: The bot or the listener may not write there.
            PlaceGoneError: The channel is deleted, or the listener left.
            PostingFailedError: It failed, and may have arrived all the same.
        """
        if week.id is None or week.content is None:
            msg = "The list is not composed yet."
            raise PostingFailedError(msg)
        is_dm = plan.place is PlaceOfWeek.DM
        listed_for = None if is_dm else plan.listener_id
        layout, files = week_page(week, week.content, listed_for=listed_for)
        with _said(plan):
            place = await self._place(plan)
            message = await place.send(
                view=layout,
                files=files,
                nonce=week_nonce(week.id),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        return Sent(channel_id=place.id, message_id=message.id)

    async def find(self, plan: WeeklyPlan, week: Week) -> Sent | None:
        """Look for a list among the last messages of its place, by what its buttons name.

        Raises:
            PlaceClosedError, PlaceGoneError, PostingFailedError: As for ``send``.
        """
        me = self._bot.user
        with _said(plan):
            place = await self._place(plan)
            async for message in place.history(limit=_LOOK_BACK):
                if me is not None and message.author.id == me.id and _is_of(message, week):
                    return Sent(channel_id=place.id, message_id=message.id)
        return None

    async def _place(self, plan: WeeklyPlan) -> _Place:
        if plan.place is PlaceOfWeek.DM:
            return await self._bot.create_dm(discord.Object(plan.listener_id))
        try:
            guild = await server_of(self._bot, plan.guild_id or 0)
        except (discord.NotFound, discord.Forbidden) as error:
            msg = "I am no member of that server any more."
            raise PlaceGoneError(msg) from error
        room = await room_of(guild, plan.channel_id or 0)
        member = await guild.fetch_member(plan.listener_id)
        if room is None:
            msg = "The channel takes no messages any more."
            raise PlaceGoneError(msg)
        if problem := why_closed(room, member):
            raise PlaceClosedError(problem)
        return room


@contextlib.contextmanager
def _said(plan: WeeklyPlan) -> Generator[None]:
    """Say in our words what Discord refuses."""
    try:
        yield
    except FAILURES as error:
        raise _failure(error, plan) from error


def _failure(
    error: Exception, plan: WeeklyPlan
) -> PlaceClosedError | PlaceGoneError | PostingFailedError:
    is_dm = plan.place is PlaceOfWeek.DM
    refusal = refusal_of(error)
    if refusal is Refusal.GONE:
        return PlaceGoneError(_UNKNOWN_USER if is_dm else _GONE_ROOM)
    if refusal is Refusal.CLOSED:
        return PlaceClosedError(_CLOSED_DMS if is_dm else _CLOSED_ROOM)
    if refusal is Refusal.FILTERED:
        return PlaceClosedError(_FILTERED)
    return PostingFailedError(f"Discord did not take the list: {error}.")


def _is_of(message: discord.Message, week: Week) -> bool:
    return any(_names(custom_id, week) for custom_id in _custom_ids(message))


def _custom_ids(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        if isinstance(row, discord.ActionRow):
            yield from (child.custom_id for child in row.children if child.custom_id)


def _names(custom_id: str, week: Week) -> bool:
    if match := WEEK_PAGE.fullmatch(custom_id):
        return int(match["week"]) == week.id
    match = LABEL.fullmatch(custom_id)
    return match is not None and int(match["shortlist"]) == week.shortlist_id
