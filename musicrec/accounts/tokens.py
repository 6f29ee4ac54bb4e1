"""The tokens of one account, and how they are kept."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from musicrec.accounts.keys import TokenKeys


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a service handed out to act for a listener.

    Attributes:
        access: Sent with every call.
        refresh: Buys the next ``access``.
        ends_at: When ``access`` ends, aware UTC.
        scopes: What the listener allowed.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    ends_at: datetime
    scopes: tuple[str, ...]

    def sealed(self, keys: TokenKeys) -> bytes:
        """Encrypt them."""
        words = {
            "access": self.access,
            "refresh": self.refresh,
            "ends_at": self.ends_at.timestamp(),
            "scopes": list(self.scopes),
        }
        return keys.seal(json.dumps(words))

    @classmethod
    def opened(cls, sealed: bytes, keys: TokenKeys) -> Self:
        """Decrypt them.

        Raises:
            SealedError: No key opens them.
        """
        words: dict[str, Any] = json.loads(keys.open(sealed))
        ends_at = datetime.fromtimestamp(words["ends_at"], UTC)
        return cls(words["access"], words["refresh"], ends_at, tuple(words["scopes"]))
