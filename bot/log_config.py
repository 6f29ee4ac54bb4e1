"""Where log lines go and how they look: standard error, no secrets.

In a terminal a line is for people. Elsewhere each is one JSON object, whose fields a log server can
search: ``at``, ``level``, ``logger``, ``event``; with failures ``exception``; with those that
somebody was told of ``incident``, the id in their answer, and ``where``.
"""

import logging
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.settings import LogFormat
from cogs._refusals import Refusal, refusal_of

SECRETS: Final = re.compile(
    r"[\w-]{20,}\.[\w-]{5,8}\.[\w-]{20,}"  # a bot token
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # user and password of an address
    r"|(?<=[?&]state=)[\w-]+|(?<=[?&]code=)[\w-]+"  # what links an account
    r"|(?P<route>/(?:webhooks|interactions)/\d+/)[^/\s?]+"  # answers to an interaction
    r"|(?P<scheme>\b(?:Bearer|Basic|Bot|Token) )[\w.~+/=-]{16,}"  # a header that lets in
    r"|(?P<field>\b(?:access_token|refresh_token|client_secret|code_verifier|TOKEN_KEYS)"
    r"[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,}]+"
)
CHATTY: Final = ("discord", "aiosqlite", "apscheduler", "matplotlib", "PIL", "asyncio", "alembic")
REPLACEMENT: Final = "[secret]"

IRRELEVANT: Final = re.compile(
    r"^(PyNaCl|davey) is not installed, voice"  # the bot never speaks
    r"|^Guilds intent seems to be disabled"  # of a client that simcord makes only to look at it
)
_SUGGESTING: Final = "discord.app_commands.tree"
_SHORTEST: Final = 6
"""Characters below which a setting is no secret but a word that lines may hold."""


def configure_logging(
    level: str, log_format: LogFormat = "auto", *, secrets: Iterable[str] = ()
) -> None:
    """Send what is logged from ``level`` up to standard error.

    INFO is for our own lines; libraries that tell much there are heard from WARNING up.

    Args:
        level: The lowest one.
        log_format: ``"text"``, ``"json"``, or ``"auto"``: text in a terminal only.
        secrets: What must never be in a line, whatever it looks like.
    """
    handler = logging.StreamHandler(sys.stderr)
    is_text = log_format == "text" or (log_format == "auto" and sys.stderr.isatty())
    handler.setFormatter(formatter(as_text if is_text else _as_json, secrets=secrets))
    handler.addFilter(is_relevant)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level == "INFO":
        for name in CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)


def is_relevant(record: logging.LogRecord) -> bool:
    """Tell whether a line says anything; libraries also complain of what is usual.

    Who types on while suggestions are under way needs them no more, and Discord refuses them.
    """
    if IRRELEVANT.match(record.getMessage()):
        return False
    error = record.exc_info[1] if record.exc_info else None
    is_about_suggestions = record.name == _SUGGESTING
    return not (is_about_suggestions and error and refusal_of(error) is Refusal.LATE)


def formatter(renderer: Processor, *, secrets: Iterable[str] = ()) -> logging.Formatter:
    """Return what makes lines of log records, with everything secret replaced.

    The core logs with the standard library; the fields of ``extra`` come along.

    Args:
        renderer: Writes the fields as a line.
        secrets: Beside what looks like one.
    """
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.StackInfoRenderer(),
            # Before the renderer, whose quoting could hide a secret or be taken for part of one.
            _Redaction(secrets),
            renderer,
        ],
    )


def as_text(_: WrappedLogger, __: str, fields: EventDict) -> str:
    """Write a line for people, and a failure below it."""
    clock = str(fields["at"])[len("2026-01-01T") :][: len("12:00:00")]
    line = f"{clock} {fields['level'].upper():<7} {fields['logger']}: {fields['event']}"
    return "\n".join([line, *(fields[name] for name in ("exception", "stack") if fields.get(name))])


_as_json: Final = structlog.processors.JSONRenderer(ensure_ascii=False)


class _Redaction:
    """Replaces secrets in all values, however deep."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({each for each in secrets if len(each) >= _SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _: WrappedLogger, __: str, fields: EventDict) -> EventDict:
        return {name: self._clean(value) for name, value in fields.items()}

    def _clean(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, Mapping):
            pairs = cast("Mapping[Any, Any]", value).items()
            return {str(key): self._clean(inner) for key, inner in pairs}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(inner) for inner in cast("Iterable[Any]", value)]
        text = str(value)
        if self._known is not None:
            text = self._known.sub(REPLACEMENT, text)
        return SECRETS.sub(_replaced, text)


def _replaced(found: re.Match[str]) -> str:
    return next(filter(None, found.groups()), "") + REPLACEMENT
