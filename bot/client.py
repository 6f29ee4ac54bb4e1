"""The discord.py client: intents, extensions and the one error sink of commands."""

import logging
from typing import Any, Final

import discord
from discord import app_commands

from bot.first_signs import FirstSigns
from cogs._answering import admit, begin_completion, name_of
from cogs._bot import OperatorPages, ServiceBot
from cogs._errors import report
from cogs._limits import Limits, answer_held, cost_of
from cogs._watch import Kind, Outcome, Watch
from musicrec.services import Services

EXTENSIONS: Final = (
    "cogs.accounts",
    "cogs.corrections",
    "cogs.explore",
    "cogs.guide",
    "cogs.labels",
    "cogs.links",
    "cogs.playlists",
    "cogs.predict",
    "cogs.privacy",
    "cogs.rate",
    "cogs.recommend",
    "cogs.server",
    "cogs.sharing",
    "cogs.songs",
    "cogs.taste",
    "cogs.together",
    "cogs.train",
    "cogs.weekly",
)

_log = logging.getLogger(__name__)


class ReportingTree(app_commands.CommandTree[ServiceBot]):
    """Commands whose failures end as one sentence to the one who caused them."""

    async def interaction_check(self, interaction: discord.Interaction[ServiceBot], /) -> bool:
        """Begin to answer a command or a completion, unless too much was asked for."""
        if interaction.type is discord.InteractionType.autocomplete:
            return await begin_completion(interaction)
        if not self.client.watch.begin(interaction):
            return False
        held = admit(interaction, cost_of(name_of(interaction)))
        if held is None:
            return True
        await answer_held(interaction, held)
        _end(interaction, Outcome.HELD)
        return False

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        """Hand every failure to ``cogs._errors``."""
        outcome = Outcome.INTERRUPTED
        try:
            outcome = await report(interaction, error)
        finally:
            _end(interaction, outcome)


class MusicBot(ServiceBot):
    """The bot on Discord; it mentions nobody."""

    def __init__(
        self,
        services: Services,
        *,
        reads_messages: bool = False,
        watch: Watch | None = None,
        limits: Limits | None = None,
        pages: OperatorPages | None = None,
        signs: FirstSigns | None = None,
        publishes: bool = True,
        **options: Any,
    ) -> None:
        """Prepare the bot.

        Args:
            services: What it does.
            reads_messages: Ask for the content of messages in servers, for links of songs. That
                intent is privileged: Discord refuses bots for which it is not switched on.
            watch: Learns of everything that is answered; None for one that tells nobody.
            limits: How fast people and servers may go; None for the usual ones.
            pages: What the operator says about data and terms; None for nothing.
            signs: Learns of everything that comes, and of every answer; None for nobody.
            publishes: Tell Discord at the start which commands there are.
            options: Of the connection, for discord.py.
        """
        self._signs = signs
        super().__init__(
            services,
            watch=watch,
            limits=limits,
            pages=pages,
            intents=discord.Intents(
                guilds=True,
                guild_reactions=True,
                dm_reactions=True,
                guild_messages=reads_messages,
                message_content=reads_messages,
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=True
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
            tree_cls=ReportingTree,
            max_messages=None,
            **options,
        )
        self._publishes = publishes

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Note when an interaction came; discord.py calls this while it reads the frame."""
        if event_name == "interaction" and self._signs is not None:
            self._signs.came(args[0])
        super().dispatch(event_name, *args, **kwargs)

    async def setup_hook(self) -> None:
        """Load every feature and publish the commands; a broken extension stops the start."""
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        if self._publishes:
            await self.tree.sync()

    async def on_message(self, message: discord.Message, /) -> None:
        """Look for no commands in messages: there are none; features listen by themselves."""

    async def on_app_command_completion(
        self, interaction: discord.Interaction[ServiceBot], _: object, /
    ) -> None:
        """Note that a command was answered."""
        _end(interaction, Outcome.DONE)

    async def on_ready(self) -> None:
        """Log that the bot is there."""
        _log.info("Connected as %s in %d servers", self.user, len(self.guilds))


def _end(interaction: discord.Interaction[ServiceBot], outcome: Outcome) -> None:
    interaction.client.watch.end(interaction, Kind.COMMAND, name_of(interaction), outcome)
