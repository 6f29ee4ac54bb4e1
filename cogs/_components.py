"""What every message of ours is made of: guarded, persistent buttons and selects."""

import re
from typing import Any, Self, TypeVar

import discord

from cogs._bot import BotInteraction
from cogs._errors import report
from cogs._watch import Kind, Outcome

Component = TypeVar("Component", bound=discord.ui.Item[Any])


class PersistentItem(discord.ui.DynamicItem[Component], template=r"(?!)"):
    """The handler of every component whose custom id matches the template.

    All state is in the custom id, so components outlive the process; ``cogs._buttons`` and
    ``cogs._picks`` make them. discord.py logs and drops whatever a dynamic item's callback raises,
    and whoever used it would read "This interaction failed"; therefore subclasses implement
    ``on_click`` instead.
    """

    def __init__(self, item: Component, fields: re.Match[str]) -> None:
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
        """Wrap the component; nothing here can fail, because an error would be swallowed."""
        return cls(item, match)  # pyright: ignore[reportArgumentType] - a template matches one kind

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Run ``on_click`` and answer whatever goes wrong."""
        watch, outcome = interaction.client.watch, Outcome.INTERRUPTED
        if not watch.begin(interaction):
            return
        try:
            await self.on_click(interaction)
            outcome = Outcome.DONE
        except Exception as error:  # noqa: BLE001 - the sink of every component; report() logs bugs
            outcome = await report(interaction, error)
        finally:
            watch.end(interaction, Kind.PRESS, type(self).__name__, outcome)

    async def on_click(self, interaction: BotInteraction) -> None:
        """Act on the click or the choice; may raise."""
        raise NotImplementedError


class PersistentButton(PersistentItem[discord.ui.Button[discord.ui.LayoutView]], template=r"(?!)"):
    """The click handler of a button."""


class PersistentSelect(PersistentItem[discord.ui.Select[discord.ui.LayoutView]], template=r"(?!)"):
    """The handler of a choice in a select."""

    @property
    def values(self) -> list[str]:
        """What was chosen."""
        return self.item.values
