"""Acting as somebody whom a button or a command was not meant for, and reading all they get."""

import contextlib
import io
import logging
import re
import zipfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import discord
import pytest
import simcord.actors
from discord import app_commands
from discord.ext import commands
from simcord import interactions

from cogs._errors import SENTENCES
from cogs._layout import sentence
from tests.discord.town import Member, Town, words

_EXTREMES = ("0", "1", "99999")
_EXPECTED = (*SENTENCES, app_commands.AppCommandError, discord.DiscordException)
_ODD = {"track": "song:ffff", "genre": "ffffff", "country": "ZZ"}


@dataclass
class Seen:
    """What somebody got: every word, name and byte of it."""

    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.parts)


def ids_for(example: str, template: re.Pattern[str], *numbers: Mapping[str, str]) -> list[str]:
    """Return custom ids of a template with other people's numbers in every mixture, and odd ones.

    Args:
        example: Any custom id of the template.
        template: Its grammar.
        numbers: Whose, by the names of the template's groups.
    """
    match = template.fullmatch(example)
    assert match is not None, f"{example} is no id of {template.pattern}"
    choices = [_choices(name, match, numbers) for name in template.groupindex]
    return list(dict.fromkeys(_filled(match, chosen) for chosen in product(*choices)))


def _choices(name: str, match: re.Match[str], people: Sequence[Mapping[str, str]]) -> list[str]:
    """Return what may stand in a group's place: people's numbers, and the least and most."""
    found = [one[name] for one in people if name in one] or [match[name]]
    if not match[name].isdecimal():
        odd = _ODD.get(name, match[name])
        return list(dict.fromkeys([*found, odd]))
    longest = next(n for n in range(20, 0, -1) if _fits(match, name, "9" * n))
    return list(dict.fromkeys([*found, *_EXTREMES[: 1 + (longest > 1)], "9" * longest]))


def _fits(match: re.Match[str], name: str, value: str) -> bool:
    return match.re.fullmatch(_with(match, {name: value})) is not None


def _filled(match: re.Match[str], chosen: Sequence[str]) -> str:
    return _with(match, dict(zip(match.re.groupindex, chosen, strict=True)))


def _with(match: re.Match[str], values: Mapping[str, str]) -> str:
    text, shift = match.string, 0
    for name in sorted(values, key=match.start):
        start, end = match.span(name)
        text = text[: start + shift] + values[name] + text[end + shift :]
        shift += len(values[name]) - (end - start)
    return text


async def press(town: Town, member: Member, channel: Any, item: discord.ui.Item[Any]) -> Seen:
    """Have the bot post a component, and let somebody use it."""
    with town.env._bot_scope():
        place = town.env.bot.get_channel(channel.id)
        if not isinstance(place, discord.abc.Messageable):
            place = await town.env.bot.create_dm(discord.Object(member.id))
        message = await place.send(view=sentence("Press.", item))
    await town.env.settle()
    if isinstance(item, discord.ui.Select):
        chosen = [option.value for option in item.options]
        result = await member.select(town.look(message), chosen)
    else:
        result = await member.click(town.look(message), custom_id=item.custom_id)  # pyright: ignore[reportAttributeAccessIssue] - a button
    seen = await _seen(result)
    seen.parts += await _parts(town.look(message))
    return seen


async def submit(member: Member, channel: Any, window: str, typed: str) -> Seen:
    """Send a window off that may never have been opened."""
    line = {"type": 4, "custom_id": "line", "value": typed}
    data = {"custom_id": window, "components": [{"type": 18, "component": line}]}
    result = await simcord.actors._dispatch_actor_interaction(member, 5, channel, data)
    return await _seen(result)


async def command(
    town: Town, member: Member, channel: Any, name: str, options: Mapping[str, Any]
) -> Seen:
    """Use a command, also one that Discord would not show to this member here."""
    root, *path = name.split()
    spec = town.env.backend.find_command(root, None, type=1)
    assert spec is not None
    leaf, nesting = interactions.walk_to_subcommand(spec, path)
    built, resolved = interactions.build_options(
        member, name, leaf, dict(options), channel_id=channel.id
    )
    data: dict[str, Any] = {"id": spec["id"], "name": spec["name"], "type": 1}
    data["options"] = interactions.nest_options(spec, nesting, built)
    if resolved:
        data["resolved"] = resolved
    return await _seen(await simcord.actors._dispatch_actor_interaction(member, 2, channel, data))


async def complete(member: Member, channel: Any, name: str, option: str, typed: str) -> Seen:
    """Type into an option that completes itself."""
    found = await member.autocomplete(channel, name, option, typed)
    return Seen([str(one) for one in found])


async def _seen(result: Any) -> Seen:
    messages = [*([result.response] if result.response else []), *result.followups]
    seen = Seen([str(result.modal)] if result.modal else [])
    for message in messages:
        seen.parts += await _parts(message)
    return seen


async def _parts(message: Any) -> list[str]:
    parts = [words(message), str(message.components)]
    for attachment in message.attachments:
        parts += [attachment.filename, *_texts(await attachment.read())]
    return parts


def _texts(data: bytes) -> Iterator[str]:
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name).decode() for name in archive.namelist())
    else:
        yield data.decode("utf-8", errors="replace")


def leaves(bot: discord.Client) -> dict[str, app_commands.Command[Any, ..., Any]]:
    """Return every command that can be used, by its whole name."""
    assert isinstance(bot, commands.Bot)
    return {
        one.qualified_name: one
        for one in bot.tree.walk_commands()
        if isinstance(one, app_commands.Command)
    }


def components(bot: discord.Client) -> dict[str, tuple[re.Pattern[str], type[Any]]]:
    """Return the template and class of every component that the bot answers, by class."""
    items = bot._connection._view_store._dynamic_items
    return {one.__name__: (template, one) for template, one in items.items()}


@contextlib.contextmanager
def expecting_no_bugs(town: Town, caplog: pytest.LogCaptureFixture) -> Generator[None]:
    """Fail on incidents in the log, and on errors that no sentence is made for."""
    n_before = len(town.env.errors)
    yield
    incidents = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    errors = [getattr(one, "original", one) for one in town.env.errors[n_before:]]
    bugs = [repr(one) for one in errors if not isinstance(one, _EXPECTED)]
    assert [*incidents, *bugs] == []
