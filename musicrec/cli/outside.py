"""How commands ask outside services: as whoever runs the program set it."""

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # At run time this would cost every command the time to load the clients.
    from collections.abc import Callable

    from musicrec.sources import SourceSettings

settings_of_sources: "ContextVar[Callable[[], SourceSettings] | None]" = ContextVar(
    "settings_of_sources", default=None
)
"""Set by ``app.run``; None for the real services, without a contact."""
