"""What every message of ours is made of: a stateless layout and guarded, persistent buttons."""

import re
from typing import Any, Self

import discord

from cogs._bot import BotInteraction
from cogs._errors import report
from cogs._watch import Kind, Outcome


class PersistentButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.LayoutView]], template=r"(?!)"
):
    """The click handler of every button whose custom id matches the template.

    All state is in the custom id, so buttons outlive the process; ``cogs._buttons`` makes them.
    discord.py logs and drops whatever a dynamic item's callback raises, and the clicker would
    read "This interaction failed"; therefore subclasses implement ``on_click`` instead.
    """

    def __init__(
        self, item: discord.ui.Button[discord.ui.LayoutView], fields: re.Match[str]
    ) -> None:
        super().__init__(item)
        self.fields = fields

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Wrap the clicked button; nothing here can fail, because an error would be swallowed."""
        return cls(item, match)  # pyright: ignore[reportArgumentType] - templates match buttons only

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run ``on_click`` and answer whatever goes wrong."""
        watch, outcome = interaction.client.watch, Outcome.INTERRUPTED
        watch.begin(interaction)
        try:
            await self.on_click(interaction)
            outcome = Outcome.DONE
        except Exception as error:  # noqa: BLE001 - the sink of every button; report() logs bugs
            outcome = await report(interaction, error)
        finally:
            watch.end(interaction, Kind.PRESS, type(self).__name__, outcome)

    async def on_click(self, interaction: BotInteraction) -> None:
        """Act on the click; may raise."""
        raise NotImplementedError
