"""The song card: what it shows, and posting it for everybody in a channel."""

from datetime import datetime
from typing import Any

import discord

from cogs._buttons import Button, label_buttons, listen_buttons
from cogs._format import artists_of, facts_of, title_of
from cogs._layout import ACCENT, Layout, text
from musicrec.domain.track import Track
from musicrec.services import Services


def song_container(
    track: Track, buttons: list[Button], *, note: str = ""
) -> discord.ui.Container[Any]:
    """Show one song with its buttons and, on personal cards, a note."""
    facts = facts_of(track)
    lines = [f"### {title_of(track)}", artists_of(track)]
    lines += [f"-# {line}" for line in (facts, note) if line]
    row = discord.ui.ActionRow[Any](*buttons, *listen_buttons(track))
    return discord.ui.Container(text("\n".join(lines)), row, accent_colour=ACCENT)


def public_card(track: Track) -> Layout:
    """Lay out the card that everybody sees; nothing on it is about one person."""
    return Layout(song_container(track, label_buttons(track.id)))


async def post_card(
    channel: discord.abc.Messageable, track: Track, services: Services, at: datetime
) -> discord.Message:
    """Send a public card and record it, so that reactions on it count.

    Raises:
        discord.Forbidden: The bot may not write there.
    """
    message = await channel.send(view=public_card(track))
    guild_id = message.guild.id if message.guild else None
    await services.cards.record(message.id, message.channel.id, track.id, guild_id=guild_id, at=at)
    return message
