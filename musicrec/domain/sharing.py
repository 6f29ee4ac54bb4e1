"""Who lets others on a server lean on their taste."""

from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.ids import ListenerId


@dataclass(frozen=True, slots=True)
class SharedTaste:
    """One listener's consent on one server; nothing is shared without one.

    Attributes:
        guild_id: The Discord server.
        listener_id: Whose ratings others' predictions may lean on there.
        since: When they agreed, aware UTC.
    """

    guild_id: int
    listener_id: ListenerId
    since: datetime
