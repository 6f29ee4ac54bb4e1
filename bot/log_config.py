"""Where log lines go and how they look: standard error, one human line each, no secrets."""

import logging
import re
import sys

SECRETS = re.compile(
    r"[\w-]{20,}\.[\w-]{5,8}\.[\w-]{20,}"  # a bot token
    r"|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"  # user and password of an address
    r"|(?<=[?&]state=)[\w-]+|(?<=[?&]code=)[\w-]+"  # what links an account
    r"|(?P<route>/(?:webhooks|interactions)/\d+/)[^/\s?]+"  # answers to an interaction
)
CHATTY = ("discord", "aiosqlite", "apscheduler", "matplotlib", "PIL", "asyncio", "alembic")

IRRELEVANT = re.compile(
    r"^(PyNaCl|davey) is not installed, voice"  # the bot never speaks
    r"|^Guilds intent seems to be disabled"  # of a client that simcord makes only to look at it
)


class RedactingFormatter(logging.Formatter):
    """Lines for people, with everything that looks like a secret replaced."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, its stack trace included."""
        return SECRETS.sub(
            lambda found: (found["route"] or "") + "[secret]", super().format(record)
        )


def configure_logging(level: str) -> None:
    """Send what is logged from ``level`` up to standard error.

    INFO is for our own lines; libraries that tell much there are heard from WARNING up.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        RedactingFormatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
    )
    handler.addFilter(lambda record: IRRELEVANT.match(record.getMessage()) is None)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    if level == "INFO":
        for name in CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
