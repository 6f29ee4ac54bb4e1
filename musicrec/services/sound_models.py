"""Models that may be asked on behalf of somebody else."""

from musicrec.domain.ids import ListenerId
from musicrec.domain.model import ModelSummary
from musicrec.storage import UnitOfWork


async def sound_model(uow: UnitOfWork, listener_id: ListenerId) -> ModelSummary | None:
    """Return somebody's model unless it still says what they took back."""
    summary = await uow.models.latest_summary(listener_id)
    if summary is None or await uow.labels.took_back_since(listener_id, summary.trained_through):
        return None
    return summary
