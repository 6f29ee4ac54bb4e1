"""The next questions of listeners, found ahead of time and asked one after the other.

Finding questions costs more than all else at a press; the next ones are known as soon as the first
one is. Whatever could make them worse than newly found ones throws them away.
"""

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from musicrec.domain.correction import CorrectionId
from musicrec.domain.ids import ListenerId, ModelId, ShortlistId, TrackId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.services.grouping import Grouped
from musicrec.storage import Database, Mark, UnitOfWork
from musicrec.taste.borrow import LET_GO

_MOST_KEPT: Final = 10_000
FEWEST_LENDERS: Final = 2
"""Where so many let others lean on them, few labels are not all there is to predict from."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What questions were found from.

    Attributes:
        catalogue_version: Of the songs.
        genre: That the flow stays in.
        model_id: Of the latest model.
        corrections: Those that stood.
        n_labels: Current ones.
    """

    catalogue_version: str
    genre: str | None
    model_id: ModelId | None
    corrections: frozenset[CorrectionId]
    n_labels: int


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask a listener next.

    Attributes:
        ground: Found from.
        seed: Of the choice.
        songs: The next ones, with the probabilities that are told with them.
        last: The question before them; None where there was none.
    """

    ground: Ground
    seed: int
    songs: tuple[tuple[TrackId, float | None], ...]
    last: ShortlistId | None

    def shortlist(self, listener_id: ListenerId, at: datetime) -> Shortlist:
        """Return the next question as it is stored."""
        return Shortlist(
            listener_id=listener_id,
            kind=ShortlistKind.RATE,
            created_at=at,
            catalogue_version=self.ground.catalogue_version,
            seed=self.seed,
            entries=(ShortlistEntry(1, *self.songs[0]),),
            model_id=self.ground.model_id,
        )


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody is to be asked the next of some questions; attributes as of ``Ground``."""

    listener_id: ListenerId
    catalogue_version: str
    genre: str | None
    guild_id: int | None
    at: datetime

    def fits(self, questions: Questions | None) -> bool:
        """Tell whether these questions are of the kind."""
        if questions is None:
            return False
        ground = questions.ground
        return (ground.catalogue_version, ground.genre) == (self.catalogue_version, self.genre)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was found ahead and is stored as shown."""

    track_id: TrackId
    p_like: float | None
    shortlist_id: ShortlistId


class QuestionsAhead:
    """Keeps questions in memory; lost ones are found again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[ListenerId, Questions] = OrderedDict()
        self._group = Grouped[Asking, Asked | None](
            self._ask, key=lambda asking: asking.listener_id
        )

    def put(self, listener_id: ListenerId, questions: Questions) -> None:
        """Keep what was found."""
        self._kept[listener_id] = questions
        self._kept.move_to_end(listener_id)
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)

    async def next(self, asking: Asking) -> Asked | None:
        """Store the next question as shown; None where it has to be found anew."""
        if not asking.fits(self._kept.get(asking.listener_id)):
            return None
        return await self._group.ask(asking)

    def forget(self, listener_id: ListenerId) -> None:
        """Drop the questions of a listener."""
        self._kept.pop(listener_id, None)

    async def close(self) -> None:
        """Wait until all is stored."""
        await self._group.close()

    async def _ask(self, group: Sequence[Asking]) -> list[Asked | None]:
        # Looked for now: those before may have been asked since.
        found = [(asking, self._kept.get(asking.listener_id)) for asking in group]
        pairs = [(asking, ahead) for asking, ahead in found if ahead and asking.fits(ahead)]
        if not pairs:
            return [None] * len(group)
        async with self._database.writing() as uow:
            await uow.groups.lock({asking.listener_id: asking.at for asking, _ in pairs})
            usable = await _usable(uow, pairs)
            lists = [ahead.shortlist(asking.listener_id, asking.at) for asking, ahead in usable]
            ids = await uow.groups.show(lists) if lists else {}
        asked = {
            asking.listener_id: self._asked(asking, ahead, ids[asking.listener_id])
            for asking, ahead in usable
        }
        for asking, _ in pairs:
            if asking.listener_id not in asked:
                self._kept.pop(asking.listener_id, None)
        return [asked.get(asking.listener_id) for asking in group]

    def _asked(self, asking: Asking, questions: Questions, shortlist_id: ShortlistId) -> Asked:
        song, *left = questions.songs
        self._kept.pop(asking.listener_id, None)
        if left:
            rest = replace(questions, songs=tuple(left), last=shortlist_id)
            self.put(asking.listener_id, rest)
        return Asked(*song, shortlist_id)


async def _usable(
    uow: UnitOfWork, pairs: Sequence[tuple[Asking, Questions]]
) -> list[tuple[Asking, Questions]]:
    """Leave out questions that are not as good as new ones any more."""
    listener_ids = [asking.listener_id for asking, _ in pairs]
    marks = await uow.groups.marks(listener_ids)
    songs = [(asking.listener_id, ahead.songs[0][0]) for asking, ahead in pairs]
    said = await uow.groups.events(songs)
    corrections = await uow.groups.corrections(listener_ids)
    guilds = {asking.guild_id for asking, _ in pairs if asking.guild_id is not None}
    lenders = await uow.groups.lenders(guilds) if guilds else Counter[int]()
    return [
        (asking, ahead)
        for (asking, ahead), song in zip(pairs, songs, strict=True)
        if _is_true(ahead, marks[asking.listener_id])
        and ahead.ground.corrections == corrections[asking.listener_id]
        and not _is_labelled(said[song])
        and not _may_lean(ahead, lenders[asking.guild_id or 0])
    ]


def _is_true(questions: Questions, mark: Mark) -> bool:
    return questions.ground.model_id == mark.model_id and questions.last == mark.last_question


def _is_labelled(said: Sequence[LabelEvent]) -> bool:
    return bool(said) and said[-1].value is not LabelValue.WITHDRAWN


def _may_lean(questions: Questions, n_lenders: int) -> bool:
    return n_lenders >= FEWEST_LENDERS and questions.ground.n_labels < LET_GO
