"""The buttons below a weekly list."""

from cogs._bot import BotInteraction, listener_of
from cogs._buttons import WEEK_PAGE
from cogs._components import PersistentButton
from cogs._layout import sentence
from cogs.weekly.render import week_page
from cogs.weekly.text import GONE
from musicrec.domain.week import WeekId


class WeekPageButton(PersistentButton, template=WEEK_PAGE):
    """Turn to another page, or show a week of the history."""

    async def on_click(self, interaction: BotInteraction) -> None:
        """Turn the page; on a list that all see, only its listener does that.

        Everybody else gets a copy that nobody but them sees, and turns its pages as they like.
        """
        week_id = WeekId(int(self.fields["week"]))
        week = await interaction.client.services.weekly.get(week_id)
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
