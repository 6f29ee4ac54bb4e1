"""Whose each table is: of listeners, of servers, or of nobody.

Everything that is shown, exported and deleted follows from this list, and a test fails while a
table is not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Table, literal, select

from musicrec.domain.ids import ListenerId
from musicrec.storage.account_tables import AccountRow, HintRow, PendingLinkRow
from musicrec.storage.correction_tables import CorrectionRow
from musicrec.storage.playlist_tables import KeptPlaylistRow, PlaylistCopyRow, PlaylistEditRow
from musicrec.storage.process_tables import HeardEventRow, ServiceTurnRow
from musicrec.storage.quiet_tables import QuietHoursRow, QuietServerRow
from musicrec.storage.social_tables import ComparableTasteRow, PlannedPostRow, ServerPlanRow
from musicrec.storage.tables import (
    Base,
    CardRow,
    GuessRow,
    LabelEventRow,
    LearnedSongRow,
    LinkChannelRow,
    ListenerRow,
    ModelRow,
    RecallAuditRow,
    SharedTasteRow,
    ShortlistEntryRow,
    ShortlistRow,
    SourceAnswerRow,
    SourceClosureRow,
)
from musicrec.storage.weekly_tables import WeeklyPlanRow, WeekPreviewRow, WeekRow

_KEYS: Final = "encrypted keys to an account, of use only to whoever finds the file"


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table whose rows are about listeners and go with them, by foreign keys that cascade.

    Attributes:
        row: The table.
        packed: Columns of compressed JSON, which are exported as what is in them.
        kept_back: Columns that are not exported, each with why.
        is_consent: Its rows let others make something of a listener's taste on a server.
    """

    row: type[Base]
    packed: tuple[str, ...] = ()
    kept_back: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    is_consent: bool = False

    @property
    def table(self) -> Table:
        """Columns and keys."""
        return table_of(self.row)


PERSONAL: Final = (
    PersonalTable(ListenerRow),
    PersonalTable(LabelEventRow),
    PersonalTable(CorrectionRow),
    PersonalTable(ShortlistRow),
    PersonalTable(ShortlistEntryRow),
    PersonalTable(GuessRow),
    PersonalTable(
        ModelRow, kept_back={"blob": "only this program can read it; its report is told"}
    ),
    PersonalTable(WeeklyPlanRow),
    PersonalTable(WeekRow),
    PersonalTable(WeekPreviewRow),
    PersonalTable(QuietHoursRow),
    PersonalTable(KeptPlaylistRow, packed=("playlist",)),
    PersonalTable(PlaylistCopyRow),
    PersonalTable(PlaylistEditRow, packed=("edited",)),
    PersonalTable(AccountRow, kept_back={"sealed": _KEYS}),
    PersonalTable(PendingLinkRow, kept_back={"sealed": _KEYS}),
    PersonalTable(HintRow),
    PersonalTable(SharedTasteRow, is_consent=True),
    PersonalTable(ComparableTasteRow, is_consent=True),
)
"""Tables about listeners, in the order in which they are told."""

OF_SERVERS: Final = (
    SharedTasteRow,
    ComparableTasteRow,
    LinkChannelRow,
    ServerPlanRow,
    PlannedPostRow,
    QuietServerRow,
    CardRow,
)
"""Tables whose rows go with the server in their column ``guild_id``."""

NAMES_NOBODY: Final[Mapping[type[Base], str]] = {
    CardRow: "which message shows which song",
    LinkChannelRow: "the channel of a server where links become cards",
    ServerPlanRow: "what is posted in a server, and when",
    PlannedPostRow: "what was posted in a server: a song, or numbers that are counted anew",
    QuietServerRow: "when nothing is posted in a server",
    LearnedSongRow: "what was learned about a song, and not by whom it was asked for",
    SourceAnswerRow: "what an outside service knows of a song",
    SourceClosureRow: "until when an outside service is closed",
    ServiceTurnRow: "when an outside service may be called next",
    HeardEventRow: "which events of Discord a process took, by their own ids",
    RecallAuditRow: "how well a list was found, and not whose",
}
"""Tables about no listener, each with what is in it instead."""


def table_of(row: type[Base]) -> Table:
    """Return columns and keys of a table."""
    return Base.metadata.tables[row.__tablename__]


def is_of(table: Table, listener_id: ListenerId) -> ColumnElement[bool]:
    """Meet the rows of a personal table that are a listener's.

    Raises:
        ValueError: Nothing in the table leads to a listener.
    """
    if table.name == ListenerRow.__tablename__:
        return table.c.id == literal(listener_id, BigInteger)
    if "listener_id" in table.c:
        return table.c.listener_id == literal(listener_id, BigInteger)
    for key in table.foreign_keys:
        if key.ondelete == "CASCADE":
            owner = key.column.table
            return key.parent.in_(select(key.column).where(is_of(owner, listener_id)))
    msg = f"nothing in the table {table.name} leads to a listener"
    raise ValueError(msg)
