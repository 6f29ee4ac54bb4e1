"""What listeners said about recommended songs, beside their verdicts."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.correction import Correction, CorrectionId, CorrectionKind
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.storage.correction_tables import CorrectionRow
from musicrec.storage.repositories.dialects import insert_into


class CorrectionRepository:
    """The table ``corrections``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, correction: Correction) -> Correction | None:
        """Store a tap; the listener must be known (``ListenerRepository.lock``).

        Returns:
            It with its id; None where the same tap is stored already, even if it was taken back.
        """
        insert = insert_into(self._session, CorrectionRow).values(
            listener_id=correction.listener_id,
            track_id=correction.track_id,
            kind=correction.kind,
            said_at=correction.said_at,
            title=correction.title,
            artist=correction.artist,
            genre=correction.genre,
            features=dict(correction.features),
            event_key=correction.event_key,
        )
        row = await self._session.scalar(insert.on_conflict_do_nothing().returning(CorrectionRow))
        return None if row is None else _correction(row)

    async def standing(self, listener_id: ListenerId) -> list[Correction]:
        """Return what a listener said and did not take back, oldest first."""
        rows = await self._session.scalars(_standing(listener_id).order_by(CorrectionRow.id))
        return [_correction(row) for row in rows]

    async def standing_of(
        self, listener_id: ListenerId, track_id: TrackId, kind: CorrectionKind
    ) -> Correction | None:
        """Return what a listener said of this kind about a song, if it stands."""
        statement = _standing(listener_id).where(
            CorrectionRow.track_id == track_id, CorrectionRow.kind == kind
        )
        row = await self._session.scalar(statement.order_by(CorrectionRow.id).limit(1))
        return None if row is None else _correction(row)

    async def known_track_ids(self, listener_id: ListenerId) -> set[TrackId]:
        """Return the songs that a listener said to know already."""
        statement = _standing(listener_id).where(CorrectionRow.kind == CorrectionKind.KNOWN_ALREADY)
        return {row.track_id for row in await self._session.scalars(statement)}

    async def take_back(
        self, listener_id: ListenerId, correction_id: CorrectionId, at: datetime
    ) -> Correction | None:
        """Take one back; None where the listener has none of that id that stands."""
        taken = await self._take_back(listener_id, at, CorrectionRow.id == correction_id)
        return taken[0] if taken else None

    async def take_back_said(
        self, listener_id: ListenerId, event_key: str, at: datetime
    ) -> list[Correction]:
        """Take back all that one tap said and that still stands."""
        return await self._take_back(listener_id, at, CorrectionRow.event_key == event_key)

    async def _take_back(
        self, listener_id: ListenerId, at: datetime, which: ColumnElement[bool]
    ) -> list[Correction]:
        statement = (
            update(CorrectionRow)
            .where(CorrectionRow.listener_id == listener_id, which)
            .where(CorrectionRow.taken_back_at.is_(None))
            .values(taken_back_at=at)
            .returning(CorrectionRow)
        )
        rows = (await self._session.scalars(statement)).all()
        return [_correction(row) for row in sorted(rows, key=lambda row: row.id)]


def _standing(listener_id: ListenerId) -> Select[CorrectionRow]:
    return select(CorrectionRow).where(
        CorrectionRow.listener_id == listener_id, CorrectionRow.taken_back_at.is_(None)
    )


def _correction(row: CorrectionRow) -> Correction:
    return Correction(
        listener_id=row.listener_id,
        track_id=row.track_id,
        kind=row.kind,
        said_at=row.said_at,
        title=row.title,
        artist=row.artist,
        genre=row.genre,
        features=row.features,
        event_key=row.event_key,
        taken_back_at=row.taken_back_at,
        id=CorrectionId(row.id),
    )
