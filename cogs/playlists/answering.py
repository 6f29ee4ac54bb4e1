"""Answers to commands on playlists; what was finished meanwhile is told first, once."""

from collections.abc import Sequence

import discord

from cogs._bot import BotInteraction, listener_of
from cogs._layout import Layout, text
from cogs.playlists.text import news_text


async def answer(
    interaction: BotInteraction, layout: Layout, files: Sequence[discord.File] = ()
) -> None:
    """Answer a deferred command.

    Changes that came to their end after a break, when nobody waited for them, are noted as told
    only after that: whoever misses the line in a crash gets it with the next answer.
    """
    edits, listener_id = interaction.client.services.edits, listener_of(interaction)
    news = await edits.news(listener_id)
    if news:
        layout = Layout(text(news_text(news)), *layout.children)
    await interaction.edit_original_response(view=layout, attachments=list(files))
    if news:
        await edits.told(news)
