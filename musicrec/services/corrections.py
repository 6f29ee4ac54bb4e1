"""A listener corrects a recommended song: stored once, undone any time, read by every ranking."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.discovery import Corrections, has_effect
from musicrec.domain.correction import Correction, CorrectionId, CorrectionKind
from musicrec.domain.features import GENRE
from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.track import Track
from musicrec.services.presses import PATIENCE_S
from musicrec.storage import Database, UnitOfWork


class SaidChange(StrEnum):
    """What a tap changed."""

    NEW = "new"
    REPEATED = "repeated"
    """It was said before; nothing changed."""
    UNKNOWN = "unknown"
    """Too little is known about the song, so that nothing was stored."""


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to a tap.

    Attributes:
        correction: As it is stored; without an id where it is not.
        change: What happened.
        points: What a song just like this one gains or, below 0, loses of 50 % from now on.
        points_before: The same before the tap.
        n_likes: Songs that the listener likes of the genre, which weigh against ``NOT_THIS_GENRE``.
    """

    correction: Correction
    change: SaidChange
    points: float = 0.0
    points_before: float = 0.0
    n_likes: int = 0


@dataclass(frozen=True, slots=True)
class StandingCorrection:
    """One that stands, and ``points`` as in ``Said``."""

    correction: Correction
    points: float


class CorrectionService:
    """Keeps what listeners say about recommended songs beside their verdicts."""

    def __init__(self, database: Database, catalogue: CurrentCatalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def say(
        self,
        listener_id: ListenerId,
        track_id: TrackId,
        kind: CorrectionKind,
        *,
        at: datetime,
        event_key: str,
    ) -> Said:
        """Store one tap; the same kind said twice of a song stands once.

        Args:
            listener_id: Who tapped, whoever the list was for.
            track_id: On which song.
            kind: What was said.
            at: Now, aware UTC.
            event_key: Identity of the tap; delivered twice, it counts once, even if it was taken
                back in between.

        Raises:
            TrackNotFoundError: The song has left the catalogue.
        """
        catalogue = self._catalogue.now
        correction = _correction(listener_id, catalogue.require(track_id), kind, at, event_key)
        if not has_effect(correction, _usual(catalogue)):
            return Said(correction, SaidChange.UNKNOWN)
        async with self._database.writing(patience_s=PATIENCE_S) as uow:
            await uow.listeners.lock(listener_id, at)
            before = await _read(uow, catalogue, listener_id, also=kind)
            stands = await uow.corrections.standing_of(listener_id, correction.track_id, kind)
            stored = None if stands else await uow.corrections.add(correction)
        after = replace(before, standing=(*before.standing, stored)) if stored else before
        return Said(
            stored or stands or correction,
            SaidChange.NEW if stored else SaidChange.REPEATED,
            points=after.points(correction),
            points_before=before.points(correction),
            n_likes=after.likes.get(fold(correction.genre or ""), 0),
        )

    async def take_back(
        self, listener_id: ListenerId, correction_id: CorrectionId, *, at: datetime
    ) -> Correction | None:
        """Take one correction back; None where the listener has none of that id that stands."""
        async with self._database.writing(patience_s=PATIENCE_S) as uow:
            if not await uow.listeners.lock_known(listener_id):
                return None
            return await uow.corrections.take_back(listener_id, correction_id, at)

    async def take_back_said(
        self, listener_id: ListenerId, event_key: str, *, at: datetime
    ) -> list[Correction]:
        """Take back everything that one tap said and that still stands."""
        async with self._database.writing(patience_s=PATIENCE_S) as uow:
            if not await uow.listeners.lock_known(listener_id):
                return []
            return await uow.corrections.take_back_said(listener_id, event_key, at)

    async def of(self, listener_id: ListenerId) -> Corrections:
        """Return all that stands, ready to be applied to songs."""
        async with self._database.reading() as uow:
            return await _read(uow, self._catalogue.now, listener_id)

    async def standing(self, listener_id: ListenerId) -> list[StandingCorrection]:
        """Return all that stands with what it does, the latest first."""
        corrections = await self.of(listener_id)
        return [
            StandingCorrection(one, corrections.points(one))
            for one in reversed(corrections.standing)
        ]


async def _read(
    uow: UnitOfWork,
    catalogue: Catalogue,
    listener_id: ListenerId,
    *,
    also: CorrectionKind | None = None,
) -> Corrections:
    """Read what stands, and the likes where a genre is unwanted or about to be."""
    standing = await uow.corrections.standing(listener_id)
    kinds = {also, *(one.kind for one in standing)}
    asks_likes = CorrectionKind.NOT_THIS_GENRE in kinds
    labels = await uow.labels.current(listener_id) if asks_likes else []
    return Corrections(tuple(standing), _usual(catalogue), _likes_by_genre(catalogue, labels))


def _likes_by_genre(catalogue: Catalogue, labels: Iterable[LabelEvent]) -> Counter[str]:
    liked = [label.track_id for label in labels if label.value is LabelValue.LIKE]
    rows = catalogue.rows_of(liked)
    if not len(rows):
        return Counter()
    genres = catalogue.features(rows, (GENRE,))[GENRE].dropna()
    return Counter(fold(str(genre)) for genre in genres)


def _usual(catalogue: Catalogue) -> Mapping[str, tuple[float, float]]:
    return {name: (found.mean, found.sd) for name, found in catalogue.statistics.items()}


def _correction(
    listener_id: ListenerId, track: Track, kind: CorrectionKind, at: datetime, event_key: str
) -> Correction:
    return Correction(
        listener_id=listener_id,
        track_id=track.id,
        kind=kind,
        said_at=at,
        title=track.title,
        artist=track.main_artist or None,
        genre=track.genre,
        features=track.features,
        event_key=event_key,
    )
