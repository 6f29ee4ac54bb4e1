"""The bot's typed face towards cogs, so that no cog imports ``bot``."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import discord
from discord.ext import commands

from cogs._limits import Limits
from cogs._watch import Watch
from musicrec.domain.ids import ListenerId
from musicrec.services import Services


@dataclass(frozen=True, slots=True)
class OperatorPages:
    """Addresses of what the operator says about data and terms; empty where there are none."""

    privacy: str = ""
    terms: str = ""


class ServiceBot(commands.Bot):
    """A Discord bot that carries the services; everything a cog may call hangs on them."""

    def __init__(
        self,
        services: Services,
        *,
        intents: discord.Intents,
        watch: Watch | None = None,
        limits: Limits | None = None,
        pages: OperatorPages | None = None,
        **options: Any,
    ) -> None:
        # A mention is the only prefix that needs no message-content intent; there are no commands.
        super().__init__(commands.when_mentioned, intents=intents, help_command=None, **options)
        self.services = services
        self.watch = watch or Watch()
        self.limits = limits or Limits()
        self.pages = pages or OperatorPages()

    @property
    def is_connected(self) -> bool:
        """Whether Discord's gateway is connected now."""
        return self.is_ready() and not self.is_closed() and bool(self.ws) and self.ws.open

    @property
    def is_doubled(self) -> bool:
        """Whether another process may hear the same events now."""
        return False


BotInteraction: TypeAlias = discord.Interaction[ServiceBot]


def listener_of(interaction: BotInteraction) -> ListenerId:
    """Return who clicked or typed."""
    return ListenerId(interaction.user.id)


def now() -> datetime:
    """Return the real time, aware UTC, that services record."""
    return datetime.now(UTC)
