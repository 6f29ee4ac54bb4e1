"""👍 and 👎 as native reactions on cards; they count quietly."""

import time

import discord
from discord.ext import commands

from cogs._bot import ServiceBot, now
from cogs._errors import log_failure
from cogs._watch import Answered, Kind, Outcome
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelValue

_VERDICTS = {"👍": LabelValue.LIKE, "👎": LabelValue.DISLIKE}
_DECORATIONS = dict.fromkeys([0xFE0F, *range(0x1F3FB, 0x1F400)])
"""Code points that vary an emoji: the variation selector and the five skin tones."""


class Reactions(commands.Cog):
    """Turns reactions on cards into labels."""

    def __init__(self, bot: ServiceBot) -> None:
        self._bot = bot

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Set the label that the emoji stands for."""
        await self._label(payload, added=True)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Take the label back, if it is still the one that the emoji stands for."""
        await self._label(payload, added=False)

    async def _label(self, payload: discord.RawReactionActionEvent, *, added: bool) -> None:
        verdict = _VERDICTS.get(payload.emoji.name.translate(_DECORATIONS))
        if verdict is None or self._is_foreign(payload):
            return
        begun_at, outcome = time.perf_counter(), Outcome.INTERRUPTED
        try:
            await self._bot.services.labels.react(
                ListenerId(payload.user_id),
                payload.message_id,
                verdict,
                added=added,
                at=now(),
                heard_as=_name(payload) if self._bot.is_doubled else None,
            )
            outcome = Outcome.DONE
        except Exception as error:  # noqa: BLE001 - nobody can be answered; the log gets it
            log_failure(error, "a reaction")
            outcome = Outcome.FAILED
        finally:
            seconds = time.perf_counter() - begun_at
            self._bot.watch.count(Answered(Kind.REACTION, verdict.value, outcome, seconds))

    def _is_foreign(self, payload: discord.RawReactionActionEvent) -> bool:
        """Tell reactions of bots and on other people's messages, as far as the event says."""
        me = self._bot.user.id if self._bot.user else None
        is_bot = payload.user_id == me or (payload.member is not None and payload.member.bot)
        return is_bot or payload.message_author_id not in {None, me}


def _name(payload: discord.RawReactionActionEvent) -> str:
    return f"{payload.message_id}:{payload.user_id}:{payload.emoji.name}"
