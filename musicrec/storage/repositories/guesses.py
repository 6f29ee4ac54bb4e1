"""Probabilities that were told, and which of them count."""

from datetime import datetime

from sqlalchemy import Select, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.guess import Guess, GuessPlace
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.storage.tables import GuessRow, LabelEventRow


class GuessRepository:
    """The table ``guesses``.

    One guess of each song counts: the last one told before the song's very first verdict. Later
    ones knew the answer, even if it was taken back since.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, *guesses: Guess) -> None:
        """Store guesses; the listeners must be known (``ListenerRepository.lock``)."""
        if guesses:
            await self._session.execute(insert(GuessRow), [_values(guess) for guess in guesses])

    async def list_all(self, listener_id: ListenerId) -> list[Guess]:
        """Return every guess about a listener, oldest first."""
        statement = select(GuessRow).where(GuessRow.listener_id == listener_id)
        return await self._guesses(statement)

    async def counting(self, listener_id: ListenerId) -> list[Guess]:
        """Return the guess that counts of each song, oldest first.

        Songs without a verdict are among them with their last guess, songs guessed only after
        their first verdict are not.
        """
        return await self._guesses(_counting(listener_id))

    async def counting_of(self, listener_id: ListenerId, track_id: TrackId) -> Guess | None:
        """Return the guess that counts of one song, if there is one."""
        found = await self._guesses(_counting(listener_id, track_id))
        return found[0] if found else None

    async def delete_told(self, listener_id: ListenerId, place: GuessPlace, at: datetime) -> None:
        """Delete what should have been told together at one instant and never was."""
        await self._session.execute(
            delete(GuessRow).where(
                GuessRow.listener_id == listener_id,
                GuessRow.place == place,
                GuessRow.guessed_at == at,
            )
        )

    async def _guesses(self, statement: Select[GuessRow]) -> list[Guess]:
        rows = await self._session.scalars(statement.order_by(GuessRow.id))
        return [_guess(row) for row in rows]


def _counting(listener_id: ListenerId, track_id: TrackId | None = None) -> Select[GuessRow]:
    verdicts = select(LabelEventRow.track_id, func.min(LabelEventRow.labelled_at).label("at"))
    verdicts = verdicts.where(
        LabelEventRow.listener_id == listener_id, LabelEventRow.value != LabelValue.WITHDRAWN
    )
    told = select(func.max(GuessRow.id)).where(GuessRow.listener_id == listener_id)
    if track_id is not None:
        verdicts = verdicts.where(LabelEventRow.track_id == track_id)
        told = told.where(GuessRow.track_id == track_id)
    first = verdicts.group_by(LabelEventRow.track_id).subquery()
    in_time = (
        told.outerjoin(first, first.c.track_id == GuessRow.track_id)
        .where(or_(first.c.at.is_(None), GuessRow.guessed_at <= first.c.at))
        .group_by(GuessRow.track_id)
    )
    return select(GuessRow).where(GuessRow.id.in_(in_time))


def _values(guess: Guess) -> dict[str, object]:
    return {
        "listener_id": guess.listener_id,
        "track_id": guess.track_id,
        "p_like": guess.p_like,
        "guessed_at": guess.guessed_at,
        "place": guess.place,
        "model_id": guess.model_id,
    }


def _guess(row: GuessRow) -> Guess:
    return Guess(
        listener_id=row.listener_id,
        track_id=row.track_id,
        p_like=row.p_like,
        guessed_at=row.guessed_at,
        place=row.place,
        model_id=row.model_id,
        id=row.id,
    )
