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


@dataclass(frozen=True, slots=True)
class Leaning:
    """Where a prediction comes from that leans on others.

    Attributes:
        n_labels: The listener's own labels.
        n_people: How many others on the server it leans on, at least two.
        own_weight: How much is due to the own labels, in [0, 1].
        labels_to_go: How many more labels until the own ones speak alone.
        invites: The listener does not share on this server and was not asked before.
    """

    n_labels: int
    n_people: int
    own_weight: float
    labels_to_go: int
    invites: bool = False
