"""What every interaction passes on its way to a feature: limits, the watch, the error sink."""

import asyncio
from collections.abc import Awaitable, Callable

from cogs._bot import BotInteraction
from cogs._errors import report
from cogs._limits import Cost, Held, answer_held
from cogs._watch import Kind, Outcome
from musicrec.domain.asker import Asker, asking


async def answer(
    interaction: BotInteraction,
    work: Callable[[BotInteraction], Awaitable[None]],
    *,
    kind: Kind,
    name: str,
    cost: Cost,
) -> None:
    """Do what was asked for, unless too much was, and answer whatever goes wrong.

    Args:
        interaction: Anything but a command, which discord.py leads through its tree.
        work: Answers it; may raise.
        kind: How it is counted.
        name: How it is counted; one of few.
        cost: How it is limited.
    """
    watch, outcome = interaction.client.watch, Outcome.INTERRUPTED
    if not watch.begin(interaction):
        return
    try:
        held = admit(interaction, cost)
        if held is None:
            await work(interaction)
            outcome = Outcome.DONE
        else:
            await answer_held(interaction, held)
            outcome = Outcome.HELD
    except Exception as error:  # noqa: BLE001 - the sink of all that is answered; report() logs bugs
        outcome = await report(interaction, error)
    finally:
        watch.end(interaction, kind, name, outcome)


def admit(interaction: BotInteraction, cost: Cost) -> Held | None:
    """Let an interaction in, unless it is one too many; what its task does is its person's work."""
    user_id, guild_id = interaction.user.id, interaction.guild_id
    held = interaction.client.limits.hold(user_id, guild_id, cost)
    if held is None:
        asking.set(Asker(user_id, guild_id))
    return held


def name_of(interaction: BotInteraction) -> str:
    """Return the whole name of a command; of one that we do not know it could be anything."""
    return interaction.command.qualified_name if interaction.command else "unknown"


async def begin_completion(interaction: BotInteraction) -> bool:
    """Begin to complete what somebody types; False where they type too fast.

    discord.py tells nobody how a completion ended; its task ends with it.
    """
    watch, task = interaction.client.watch, asyncio.current_task()
    if not watch.begin(interaction):
        return False
    held = admit(interaction, Cost.TYPING)

    def end(task: asyncio.Task[None]) -> None:
        outcome = Outcome.HELD if held else _completed(interaction, task)
        watch.end(interaction, Kind.COMPLETION, name_of(interaction), outcome)

    if task is not None:
        task.add_done_callback(end)
    if held is not None:
        await answer_held(interaction, held)
    return held is None


def _completed(interaction: BotInteraction, task: asyncio.Task[None]) -> Outcome:
    if task.cancelled():
        return Outcome.INTERRUPTED
    # discord.py logs what was raised. Discord refuses an answer also where more was typed since.
    return Outcome.DONE if interaction.response.is_done() else Outcome.FAILED
