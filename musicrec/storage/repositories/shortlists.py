"""Shortlists as they were shown."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ScalarSelect, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId, ModelId, ShortlistId, TrackId
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.storage.tables import ModelRow, ShortlistEntryRow, ShortlistRow


class ShortlistRepository:
    """The tables ``shortlists`` and ``shortlist_entries``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, shortlist: Shortlist) -> ShortlistId:
        """Store a shortlist; the listener must be known (``ListenerRepository.lock``).

        A model that was replaced meanwhile is stored as None.
        """
        statement = (
            insert(ShortlistRow)
            .values(
                listener_id=shortlist.listener_id,
                kind=shortlist.kind,
                created_at=shortlist.created_at,
                catalogue_version=shortlist.catalogue_version,
                seed=shortlist.seed,
                model_id=_existing_model(shortlist.model_id),
            )
            .returning(ShortlistRow.id)
        )
        shortlist_id = (await self._session.scalars(statement)).one()
        if shortlist.entries:
            rows = [_entry_values(shortlist_id, entry) for entry in shortlist.entries]
            await self._session.execute(insert(ShortlistEntryRow), rows)
        return shortlist_id

    async def get(self, shortlist_id: ShortlistId) -> Shortlist | None:
        """Return one shortlist with its entries in their order."""
        row = await self._session.scalar(
            select(ShortlistRow).where(ShortlistRow.id == shortlist_id)
        )
        if row is None:
            return None
        entries = await self._session.scalars(
            select(ShortlistEntryRow)
            .where(ShortlistEntryRow.shortlist_id == shortlist_id)
            .order_by(ShortlistEntryRow.position)
        )
        return _shortlist(row, [_entry(entry) for entry in entries])

    async def shown_track_ids(self, listener_id: ListenerId, *kinds: ShortlistKind) -> set[TrackId]:
        """Return every track that any shortlist of these kinds showed the listener."""
        statement = (
            select(ShortlistEntryRow.track_id)
            .join(ShortlistRow, ShortlistRow.id == ShortlistEntryRow.shortlist_id)
            .where(ShortlistRow.listener_id == listener_id, ShortlistRow.kind.in_(kinds))
        )
        return set(await self._session.scalars(statement))

    async def shown_since(
        self, listener_id: ListenerId, kinds: Collection[ShortlistKind], since: datetime
    ) -> set[TrackId]:
        """Return every track that shortlists of these kinds showed the listener since then."""
        statement = (
            select(ShortlistEntryRow.track_id)
            .join(ShortlistRow, ShortlistRow.id == ShortlistEntryRow.shortlist_id)
            .where(
                ShortlistRow.listener_id == listener_id,
                ShortlistRow.kind.in_(kinds),
                ShortlistRow.created_at >= since,
            )
        )
        return set(await self._session.scalars(statement))

    async def delete(self, shortlist_id: ShortlistId) -> None:
        """Delete one shortlist; labels that came by it stay."""
        await self._session.execute(delete(ShortlistRow).where(ShortlistRow.id == shortlist_id))


def _existing_model(model_id: ModelId | None) -> ScalarSelect[int] | None:
    if model_id is None:
        return None
    return select(ModelRow.id).where(ModelRow.id == model_id).scalar_subquery()


def _entry_values(shortlist_id: ShortlistId, entry: ShortlistEntry) -> dict[str, object]:
    return {
        "shortlist_id": shortlist_id,
        "position": entry.position,
        "track_id": entry.track_id,
        "p_like": entry.p_like,
        "reason": entry.reason,
    }


def _entry(row: ShortlistEntryRow) -> ShortlistEntry:
    return ShortlistEntry(
        position=row.position, track_id=row.track_id, p_like=row.p_like, reason=row.reason
    )


def _shortlist(row: ShortlistRow, entries: list[ShortlistEntry]) -> Shortlist:
    return Shortlist(
        listener_id=row.listener_id,
        kind=row.kind,
        created_at=row.created_at,
        catalogue_version=row.catalogue_version,
        seed=row.seed,
        entries=tuple(entries),
        model_id=row.model_id,
        id=row.id,
    )
