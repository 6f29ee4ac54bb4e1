"""The buttons below a weekly list."""

from typing import Any

import discord

from cogs._bot import BotInteraction, listener_of, now
from cogs._buttons import WEEK_KEEP, WEEK_LOOK, WEEK_PAGE
from cogs._components import PersistentButton
from cogs._layout import Layout, sentence, text
from cogs._made import made_buttons
from cogs.weekly.render import preview_page, week_page
from cogs.weekly.text import GONE, LOOKED_AGAIN, kept_text
from musicrec.domain.week import PreviewId, WeekId


class WeekPageButton(PersistentButton, template=WEEK_PAGE):
    """Turn to another page, or show a week of the history."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Turn the page; on a list that all see, only its listener does that.

        Everybody else gets a copy that nobody but them sees, and turns its pages as they like.
        """
        week = await interaction.client.services.weekly.shown_to(
            listener_of(interaction), WeekId(int(self.fields["week"])), interaction.channel_id
        )
        if week is None or week.content is None:
            await interaction.response.send_message(view=sentence(GONE), ephemeral=True)
            return
        is_theirs = week.listener_id == listener_of(interaction)
        is_copy = interaction.message is not None and interaction.message.flags.ephemeral
        is_seen_by_others = interaction.guild_id is not None and not is_copy
        layout, files = week_page(
            week,
            week.content,
            int(self.fields["page"]),
            listed_for=None if is_theirs and not is_seen_by_others else week.listener_id,
        )
        if is_theirs or is_copy:
            await interaction.response.edit_message(view=layout, attachments=files)
        else:
            await interaction.response.send_message(view=layout, files=files, ephemeral=True)


class WeekLookButton(PersistentButton, template=WEEK_LOOK):
    """Turn to another page of a list that was only looked at before its time."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Turn the page, as long as no later look took the place of this one."""
        preview = await interaction.client.services.weekly.previewed(
            listener_of(interaction), PreviewId(int(self.fields["preview"]))
        )
        if preview is None:
            await interaction.response.send_message(view=sentence(LOOKED_AGAIN), ephemeral=True)
            return
        layout, files = preview_page(preview, int(self.fields["page"]))
        await interaction.response.edit_message(view=layout, attachments=files)


class WeekKeepButton(PersistentButton, template=WEEK_KEEP):
    """Keep a list as a playlist, and offer to copy it to the listener's accounts."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Answer the listener alone, with what can be done with the playlist."""
        services, listener_id = interaction.client.services, listener_of(interaction)
        week_id = WeekId(int(self.fields["week"]))
        kept = await services.week_keeping.keep(listener_id, week_id, at=now())
        accounts = await services.copies.accounts(listener_id)
        buttons = made_buttons(kept.kept_id, kept.shortlist_id, accounts)
        layout = Layout(text(kept_text(kept.title)), discord.ui.ActionRow[Any](*buttons))
        await interaction.response.send_message(view=layout, ephemeral=True)
