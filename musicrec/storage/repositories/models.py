"""The last few fitted models of every listener."""

from collections.abc import Collection

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from musicrec.domain.ids import ListenerId, ModelId
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.domain.report import Report
from musicrec.storage.tables import ModelRow


class ModelRepository:
    """The table ``models``."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, model: StoredModel, *, keep: int = 3) -> ModelId:
        """Store a model and drop all but the listener's newest ``keep`` (at least 1).

        The listener must be known (``ListenerRepository.lock``).
        """
        summary = model.summary
        statement = (
            insert(ModelRow)
            .values(
                listener_id=summary.listener_id,
                fitted_at=summary.fitted_at,
                algorithm=summary.algorithm,
                n_labels=summary.n_labels,
                feature_names=list(summary.feature_names),
                content_hash=summary.content_hash,
                trained_through=summary.trained_through,
                report=summary.report.to_json(),
                blob=model.blob,
            )
            .returning(ModelRow.id)
        )
        model_id = (await self._session.scalars(statement)).one()
        await self._drop_all_but(keep, summary.listener_id)
        return model_id

    async def latest(self, listener_id: ListenerId) -> StoredModel | None:
        """Return the newest model with its bytes."""
        statement = _newest_first(listener_id).options(undefer(ModelRow.blob)).limit(1)
        row = await self._session.scalar(statement)
        return None if row is None else StoredModel(_summary(row), row.blob)

    async def latest_summary(self, listener_id: ListenerId) -> ModelSummary | None:
        """Return what is known about the newest model without reading its bytes."""
        row = await self._session.scalar(_newest_first(listener_id).limit(1))
        return None if row is None else _summary(row)

    async def content_hashes(self, listener_id: ListenerId) -> list[str]:
        """Return the hashes of every kept model."""
        statement = select(ModelRow.content_hash).where(ModelRow.listener_id == listener_id)
        return list((await self._session.scalars(statement)).all())

    async def known_hashes(self, content_hashes: Collection[str]) -> set[str]:
        """Return those of some hundred hashes of which a model is kept, whosever."""
        statement = select(ModelRow.content_hash).where(ModelRow.content_hash.in_(content_hashes))
        return set(await self._session.scalars(statement))

    async def count_listeners(self) -> int:
        """Count the listeners who have a model."""
        statement = select(func.count(ModelRow.listener_id.distinct()))
        return await self._session.scalar(statement) or 0

    async def delete_all(self, listener_id: ListenerId) -> int:
        """Delete the listener's models and return how many there were."""
        statement = (
            delete(ModelRow).where(ModelRow.listener_id == listener_id).returning(ModelRow.id)
        )
        return len((await self._session.scalars(statement)).all())

    async def _drop_all_but(self, keep: int, listener_id: ListenerId) -> None:
        newest = (
            select(ModelRow.id)
            .where(ModelRow.listener_id == listener_id)
            .order_by(ModelRow.id.desc())
            .limit(keep)
        )
        await self._session.execute(
            delete(ModelRow).where(ModelRow.listener_id == listener_id, ModelRow.id.not_in(newest))
        )


def _newest_first(listener_id: ListenerId) -> Select[ModelRow]:
    return select(ModelRow).where(ModelRow.listener_id == listener_id).order_by(ModelRow.id.desc())


def _summary(row: ModelRow) -> ModelSummary:
    return ModelSummary(
        listener_id=row.listener_id,
        fitted_at=row.fitted_at,
        algorithm=row.algorithm,
        n_labels=row.n_labels,
        feature_names=tuple(row.feature_names),
        content_hash=row.content_hash,
        trained_through=row.trained_through,
        report=Report.from_json(row.report),
        id=row.id,
    )
