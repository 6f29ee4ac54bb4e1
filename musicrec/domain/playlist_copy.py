"""Copies of kept playlists at their listeners' accounts elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from musicrec.domain.account import AccountKind
from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptId


@dataclass(frozen=True, slots=True)
class PlaylistCopy:
    """A copy that was begun, and how far it is known to have come.

    Attributes:
        listener_id: Whose.
        kept_id: Of which list.
        account: Where.
        account_id: At whose account there; empty where the account has no name.
        begun_at: Stored before anything was done there, aware UTC; tells attempts apart.
        list_id: What the copy is called there; empty while nobody knows whether it was made.
        url: A link to it; empty where there is none.
        n_items: Songs in it; None until all of them are.
    """

    listener_id: ListenerId
    kept_id: KeptId
    account: AccountKind
    account_id: str
    begun_at: datetime
    list_id: str = ""
    url: str = ""
    n_items: int | None = None

    @property
    def begun_ms(self) -> int:
        """When it was begun, in milliseconds since 1970."""
        return int(self.begun_at.timestamp() * 1_000)
