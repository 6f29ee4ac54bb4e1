"""Lists that were held against scoring every song."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Final

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import ListenerId
from musicrec.domain.recall import RecallAudit
from musicrec.domain.shortlist import ShortlistKind
from musicrec.storage.tables import ModelRow, RecallAuditRow, ShortlistRow

KEPT: Final = 3_000
"""Audited lists, those of some ten months; older ones are of catalogues that are long replaced."""

_COLUMNS: Final = tuple(field.name for field in fields(RecallAudit))


class AuditRepository:
    """The table ``recall_audits``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, *audits: RecallAudit, keep: int = KEPT) -> None:
        """Store audits and drop all but the newest ``keep``."""
        if not audits:
            return
        await self._session.execute(insert(RecallAuditRow), [asdict(audit) for audit in audits])
        newest_first = select(RecallAuditRow.id).order_by(RecallAuditRow.id.desc())
        too_old = newest_first.offset(keep).limit(1).scalar_subquery()
        await self._session.execute(delete(RecallAuditRow).where(RecallAuditRow.id <= too_old))

    async def list_all(self, *, since: datetime | None = None) -> list[RecallAudit]:
        """Return the audits that are kept, or those since an instant, oldest first."""
        statement = select(RecallAuditRow).order_by(RecallAuditRow.id)
        if since is not None:
            statement = statement.where(RecallAuditRow.at >= since)
        rows = await self._session.scalars(statement)
        return [RecallAudit(**{name: getattr(row, name) for name in _COLUMNS}) for row in rows]

    async def last_at(self) -> datetime | None:
        """Return when the last audit was."""
        return await self._session.scalar(select(func.max(RecallAuditRow.at)))

    async def candidates(self, since: datetime) -> list[ListenerId]:
        """Return the listeners with a model fitted since then and a recommendation, ascending."""
        recommended = exists().where(
            ShortlistRow.listener_id == ModelRow.listener_id,
            ShortlistRow.kind == ShortlistKind.RECOMMEND,
        )
        statement = (
            select(ModelRow.listener_id)
            .where(ModelRow.fitted_at >= since, recommended)
            .distinct()
            .order_by(ModelRow.listener_id)
        )
        return list((await self._session.scalars(statement)).all())
