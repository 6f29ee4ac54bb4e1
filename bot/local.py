"""Local mode: the same bot on simcord's in-process Discord, shown in a page of the browser.

simcord owns a virtual clock and shows published snapshots of its world. Two small tasks bridge
what a playground needs beyond a test: the clock follows real time, and messages that the bot
sends by itself are published.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncGenerator, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import discord
import simcord
from discord import app_commands
from simcord.preview import Preview

from bot.client import MusicBot
from bot.container import open_services
from bot.demo_account import N_SONGS, DemoAccount, demo_account
from bot.due import doing_what_is_due
from bot.failures import StartError
from bot.outside import account_settings, operator_pages, source_settings
from bot.settings import Settings
from bot.web import serving_browsers, serving_web
from cogs._bot import OperatorPages
from cogs._cards import post_card
from cogs.guide import welcome_layout
from musicrec.domain.errors import MusicRecError
from musicrec.services import Services
from musicrec.sources.clock import SystemClock

ABOUT = (
    "Playground: an in-process Discord in your browser; nothing leaves this machine. "
    "Ctrl-C ends it."
)
TOPIC = "A playground: Discord in miniature, on your machine only. Type / for commands."

PEOPLE_SINCE = datetime(2026, 1, 2, microsecond=500, tzinfo=UTC)
"""When the people join, on simcord's clock (which starts on 1 January 2026).

Ids are made of the time, so the same people have the same ids in every run and find their
labels again.
"""

SETTLE_SECONDS = 60.0
"""How long simcord waits for a command: training takes seconds."""

TICK_SECONDS = 0.25

MESSAGE_ROUTE = re.compile(r"^/channels/\d+/messages")
"""Where the bot sends and edits messages by itself; answers to interactions go elsewhere."""

_log = logging.getLogger(__name__)


async def run_local(settings: Settings) -> None:
    """Serve the playground until cancelled, or until it is ended in the page.

    Raises:
        StartError: The port is taken, or the workers are out of reach.
        MusicRecError: The database or the catalogue cannot be used.
    """
    with _demo_account(settings) as demo:
        await _serve(settings, demo)


async def _serve(settings: Settings, demo: DemoAccount | None) -> None:
    accounts = account_settings(settings, key_folder=settings.data_dir)
    async with (
        open_services(
            data_dir=settings.data_dir,
            database_url=settings.database_address,
            worker_processes=settings.worker_processes,
            scheduler=settings.workers,
            sources=source_settings(settings),
            accounts=replace(accounts, spotify=demo.settings) if demo else accounts,
            warm_up=True,
        ) as services,
        _serving_browsers(settings, demo, services),
        # Around the playground: simcord waits for the timers of whatever begins inside it.
        doing_what_is_due(services, lambda: True),
        playground(services, settings.local_port, operator_pages(settings)) as preview,
    ):
        if demo is not None:
            demo.furnish(services.songs.suggest("", N_SONGS), at=datetime.now(UTC))
        print(f"{ABOUT}\n{preview.url}", flush=True)  # noqa: T201 - the one thing to be read
        await preview.wait_closed()


def _demo_account(settings: Settings) -> contextlib.AbstractContextManager[DemoAccount | None]:
    """Offer one unless the operator has an application on Spotify itself."""
    if settings.spotify_client_id:
        return contextlib.nullcontext()
    return demo_account(SystemClock(lambda: datetime.now(UTC)))


def _serving_browsers(
    settings: Settings, demo: DemoAccount | None, services: Services
) -> contextlib.AbstractAsyncContextManager[int | None]:
    if demo is None:
        return serving_browsers(settings, services.accounts)
    return serving_web(services.accounts, "127.0.0.1", demo.port)


@contextlib.asynccontextmanager
async def playground(
    services: Services, port: int, pages: OperatorPages | None = None
) -> AsyncGenerator[Preview]:
    """Yield the page of a furnished server with the bot in it; port 0 takes any free one.

    Raises:
        StartError: The port is taken.
    """
    bot = MusicBot(services, pages=pages)
    async with simcord.run(bot, settle_timeout=SETTLE_SECONDS, check_errors=False) as env:
        channel, people = await _furnish(env)
        _answer_failures_alone(bot)
        await _rename(bot)
        await _open_channel(bot, channel.id, services)
        await env.settle()
        preview = env.preview(
            channel, viewers=people, layout="channel", timezone=_time_zone(), port=port
        )
        async with (
            _entered(preview, port),
            _in_background(_follow_real_time(env), _publish(env, preview), _log_errors(env)),
        ):
            yield preview


async def _furnish(env: simcord.Env) -> tuple[simcord.ChannelHandle, list[simcord.MemberActor]]:
    """Make the people, their server and #music; leave the clock at the present.

    The first of them owns the server, so that what is for those who manage one can be tried.
    """
    await _advance_to(env, PEOPLE_SINCE)
    users = [env.create_user(name.lower(), global_name=name) for name in ("You", "Friend")]
    guild = env.create_guild("musicrec playground", owner=users[0], description=TOPIC)
    channel = guild.create_text_channel("music", topic=TOPIC)
    people = [guild.add_member(user) for user in users]
    # Ids made from now on must not repeat those of an earlier run, which the database knows.
    await _advance_to(env, datetime.now(UTC))
    return channel, people


async def _advance_to(env: simcord.Env, instant: datetime) -> None:
    await env.advance_time(max(0.0, (instant - env.now()).total_seconds()))


def _answer_failures_alone(bot: MusicBot) -> None:
    """Take simcord's error counter off the commands: the bot answers and logs their failures.

    Otherwise the page would show "too few ratings" as a fault and keep the command in its input.
    """
    vars(bot.tree).pop("on_error", None)


async def _rename(bot: MusicBot) -> None:
    if bot.user is not None:
        await bot.user.edit(username="musicrec")


async def _open_channel(bot: MusicBot, channel_id: int, services: Services) -> None:
    channel = bot.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel):
        msg = "The playground's channel is missing; please report this as a bug."
        raise StartError(msg)
    at = datetime.now(UTC)
    await channel.send(view=welcome_layout())
    await post_card(channel, services.cards.pick_first_song(seed=int(at.timestamp())), services, at)


@contextlib.asynccontextmanager
async def _entered(preview: Preview, port: int) -> AsyncGenerator[None]:
    async with contextlib.AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(preview)
        except simcord.SetupError as error:
            if not isinstance(error.__cause__, OSError):
                raise
            msg = f"Port {port} is taken: set LOCAL_PORT to another one, or to 0 for any free one."
            raise StartError(msg) from error
        yield


@contextlib.asynccontextmanager
async def _in_background(*work: Coroutine[Any, Any, None]) -> AsyncGenerator[None]:
    """Keep the work running inside the block; its failure ends the block."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(coroutine) for coroutine in work]
        yield
        for task in tasks:
            task.cancel()


async def _follow_real_time(env: simcord.Env) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        # Not advance_time(): that is an operation, and one at a time means that it would turn
        # a click away which comes in the same moment.
        behind = (datetime.now(UTC) - env.now()).total_seconds()
        env.backend.advance_clock(max(0.0, behind))


async def _publish(env: simcord.Env, preview: Preview) -> None:
    """Publish messages that answer no interaction to every open page, which looks twice a second.

    simcord itself publishes the outcome of what people do in the page, and nothing else.
    """
    published = len(env.http_requests)
    while True:
        await asyncio.sleep(TICK_SECONDS)
        sent = len(env.http_requests)
        if any(_is_by_itself(request) for request in env.http_requests[published:sent]):
            try:
                await preview.refresh()
            except simcord.SetupError:  # somebody acts just now; look again
                continue
        published = sent


def _is_by_itself(request: simcord.HttpLogEntry) -> bool:
    return request.method != "GET" and MESSAGE_ROUTE.search(request.path) is not None


async def _log_errors(env: simcord.Env) -> None:
    """Log what simcord caught and nobody else logs; the bot answers for its commands itself."""
    seen = 0
    while True:
        await asyncio.sleep(TICK_SECONDS)
        errors = env.errors_since(seen)
        seen += len(errors)
        for error in errors:
            if not isinstance(error, app_commands.AppCommandError | MusicRecError):
                _log.error("The playground caught an error", exc_info=error)


def _time_zone() -> str:
    """Name the machine's zone where its offset is whole hours, as the page needs a name."""
    offset = datetime.now().astimezone().utcoffset()
    hours = offset.total_seconds() / 3600 if offset else 0
    # POSIX signs count westwards.
    return f"Etc/GMT{-int(hours):+d}" if hours == int(hours) else "UTC"
