"""Which shards of Discord's gateway this process serves."""

from dataclasses import dataclass
from typing import Final

from bot.failures import StartError
from bot.settings import Settings
from musicrec.storage import ANY_COUNT

_REQUESTS_A_S: Final = 45
"""Of all processes together. Discord takes 50 a second of one token, answers to interactions aside.

Source: discord.com/developers/docs/topics/rate-limits.
"""


@dataclass(frozen=True, slots=True)
class Shards:
    """Some of a number of shards.

    Attributes:
        ids: Served by this process, ascending; ``(0,)`` where the number is not known yet.
        count: Of all processes together; ``ANY_COUNT`` for as many as Discord recommends.
    """

    ids: tuple[int, ...] = (0,)
    count: int = ANY_COUNT

    @property
    def are_all(self) -> bool:
        """Whether there is no other process."""
        return self.count in {ANY_COUNT, len(self.ids)}

    @property
    def are_first(self) -> bool:
        """Whether this process does what one does for all, such as publishing the commands."""
        return 0 in self.ids

    @property
    def request_interval_s(self) -> float:
        """Seconds between two requests, so that all processes together keep Discord's limit."""
        return 0.0 if self.are_all else self.count / (len(self.ids) * _REQUESTS_A_S)

    def __str__(self) -> str:
        """Say which, in words."""
        if self.count == ANY_COUNT:
            return "all shards"
        return f"{named(self.ids)} of {self.count}"


def named(ids: tuple[int, ...]) -> str:
    """Name shards."""
    words = ", ".join(map(str, ids))
    return f"shard {words}" if len(ids) == 1 else f"shards {words}"


def shards_of(settings: Settings) -> Shards:
    """Return what the settings say.

    Raises:
        StartError: They contradict each other.
    """
    if settings.shards is None:
        if settings.shard_ids is not None:
            msg = "SHARD_IDS says which shards, but not of how many: set SHARDS too."
            raise StartError(msg)
        return Shards()
    everything = range(settings.shards)
    ids = _ids_in(settings.shard_ids, settings.shards) if settings.shard_ids else tuple(everything)
    shards = Shards(ids, settings.shards)
    if not shards.are_all and not _is_postgresql(settings):
        msg = (
            "SHARD_IDS leaves shards to other processes, which SQLite cannot serve: "
            "set DATABASE_URL to a PostgreSQL database, or leave SHARD_IDS empty."
        )
        raise StartError(msg)
    return shards


def _ids_in(text: str, count: int) -> tuple[int, ...]:
    ids: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        some = range(int(first), int(last or first) + 1)
        if not some or some[-1] >= count:
            msg = (
                f"SHARD_IDS has {part.strip()}, but SHARDS={count} numbers them 0 to {count - 1}, "
                "and a range begins with its smaller end."
            )
            raise StartError(msg)
        ids.update(some)
    return tuple(sorted(ids))


def _is_postgresql(settings: Settings) -> bool:
    return (settings.database_address or "").startswith("postgres")
