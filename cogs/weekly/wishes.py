"""From what was typed to a plan; what was left out stays as it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import discord

from cogs._bot import BotInteraction, listener_of
from cogs._servers import server_of
from cogs.weekly.hours import minute_of
from cogs.weekly.rooms import room_of, why_closed
from musicrec.domain.account import AccountKind
from musicrec.domain.errors import BadInputError, NotLinkedError
from musicrec.domain.weekly_plan import PlaceOfWeek, SpotifyCopy, WeeklyPlan
from musicrec.services import likely_zone

HERE: Final = "here"
DM: Final = "dm"

_USUAL_DAY: Final = 4
"""Friday."""
_USUAL_MINUTE: Final = 18 * 60


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of ``/weekly on``; None where left out."""

    day: int | None = None
    hour: str | None = None
    zone: str | None = None
    where: str | None = None
    channel_id: int | None = None
    size: int | None = None
    adventure: int | None = None
    spotify: str | None = None


async def planned(
    interaction: BotInteraction, wishes: Wishes, before: WeeklyPlan | None, *, at: datetime
) -> WeeklyPlan:
    """Return the plan that is wished; its zone is named as people do.

    Args:
        interaction: Whose command it is.
        wishes: What was typed.
        before: The listener's plan until now, on or off.
        at: Now.

    Raises:
        BadInputError: There is no such time, or no list may be posted there.
        NotLinkedError, LinkingOffError: A copy on Spotify needs an account there.
    """
    plan = before or WeeklyPlan(
        listener_of(interaction), _USUAL_DAY, _USUAL_MINUTE, "", PlaceOfWeek.DM, at
    )
    plan = replace(
        plan,
        weekday=plan.weekday if wishes.day is None else wishes.day,
        minute=plan.minute if wishes.hour is None else minute_of(wishes.hour),
        zone=wishes.zone or plan.zone or likely_zone(interaction.locale.value),
        n_songs=wishes.size or plan.n_songs,
        adventure=plan.adventure if wishes.adventure is None else wishes.adventure / 100,
    )
    plan = await _placed(interaction, wishes, plan)
    return await _copied(interaction, wishes, plan)


async def _placed(interaction: BotInteraction, wishes: Wishes, before: WeeklyPlan) -> WeeklyPlan:
    """Return the plan with its place, which is looked at also where it stays the same."""
    if wishes.where == DM and wishes.channel_id is not None:
        msg = "direct messages and a channel are two places; choose one of them."
        raise BadInputError(msg)
    stays = wishes.where is None and wishes.channel_id is None
    if wishes.where == DM or (stays and before.place is PlaceOfWeek.DM):
        return replace(before, place=PlaceOfWeek.DM, channel_id=None, guild_id=None)
    if stays:
        channel_id, guild_id = before.channel_id, before.guild_id
    else:
        channel_id, guild_id = wishes.channel_id or interaction.channel_id, interaction.guild_id
    if channel_id is None or guild_id is None:
        msg = "there is no channel of a server here; choose direct messages under where."
        raise BadInputError(msg)
    await _require_open(interaction, channel_id, guild_id)
    return replace(before, place=PlaceOfWeek.CHANNEL, channel_id=channel_id, guild_id=guild_id)


async def _require_open(interaction: BotInteraction, channel_id: int, guild_id: int) -> None:
    """Refuse a place where no list may be posted.

    Raises:
        BadInputError: It is gone, or the bot or the member may not write there.
    """
    try:
        guild = await server_of(interaction.client, guild_id)
    except (discord.NotFound, discord.Forbidden) as error:
        msg = (
            "I am no member of that server and cannot post there by myself. Choose direct "
            "messages under where, or have me added to the server."
        )
        raise BadInputError(msg) from error
    try:
        room = await room_of(guild, channel_id)
        member = await _member(interaction, guild)
    except discord.NotFound as error:
        msg = "that channel is gone, or you left its server. Choose another place under where."
        raise BadInputError(msg) from error
    except discord.Forbidden as error:
        msg = "I do not see that channel. Let me in, or choose another place under where."
        raise BadInputError(msg) from error
    problem = "that is no place for messages." if room is None else why_closed(room, member)
    if problem:
        msg = f"{problem} Choose another place under where or channel."
        raise BadInputError(msg)


async def _member(interaction: BotInteraction, guild: discord.Guild) -> discord.Member:
    user = interaction.user
    if isinstance(user, discord.Member) and user.guild.id == guild.id:
        return user
    return await guild.fetch_member(user.id)


async def _copied(interaction: BotInteraction, wishes: Wishes, plan: WeeklyPlan) -> WeeklyPlan:
    if wishes.spotify is None:
        return plan
    copy = SpotifyCopy(wishes.spotify)
    if copy is not SpotifyCopy.NONE:
        accounts = interaction.client.services.accounts
        accounts.playlists_of(plan.listener_id)
        linked = await accounts.linked(plan.listener_id)
        if all(account.kind is not AccountKind.SPOTIFY for account in linked):
            raise NotLinkedError(AccountKind.SPOTIFY)
    return replace(plan, spotify=copy)
