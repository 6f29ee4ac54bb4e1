"""Presses of 👍 and 👎: those that come at the same moment are stored in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from musicrec.domain.guess import Guess
from musicrec.domain.ids import EventId, ListenerId
from musicrec.domain.label import LabelCounts, LabelEvent, LabelSource, LabelValue
from musicrec.domain.model import ModelBrief
from musicrec.domain.track import Track
from musicrec.services.grouping import Grouped
from musicrec.services.label_outcome import LabelChange
from musicrec.services.standings import Standing, Standings
from musicrec.services.training import ModelFate, TrainingService
from musicrec.storage import Database, Song, UnitOfWork

DOUBLE_CLICK: Final = timedelta(seconds=1.5)
"""A second press of a button within this time is the first one's echo, not a change of mind."""


PATIENCE_S: Final = 2.0
"""For writers before a press. Discord waits three seconds for the first sign, and whoever reads
there that it failed presses again: by then it must be known that nothing was stored."""


@dataclass(frozen=True, slots=True)
class Press:
    """A verdict by button that is to be stored; its event has a key."""

    event: LabelEvent
    track: Track

    @property
    def song(self) -> Song:
        """Whose, and which."""
        return self.event.listener_id, self.event.track_id


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of an event; ``event`` is what was asked for, ``told`` as in ``LabelOutcome``."""

    event: LabelEvent
    track: Track
    change: LabelChange
    told: float | None
    counts: LabelCounts
    model: ModelBrief | None
    fate: ModelFate


class PressStore:
    """Stores presses; whoever is answered is stored."""

    def __init__(self, database: Database, training: TrainingService) -> None:
        self._database = database
        self._training = training
        self._standings = Standings()
        self._group = Grouped[Press, Stored](self._store, key=lambda press: press.event.listener_id)

    async def store(self, press: Press) -> Stored:
        """Set the label, change it, or take the same one back."""
        return await self._group.ask(press)

    def forget(self, listener_id: ListenerId) -> None:
        """Drop what is remembered of a listener."""
        self._standings.forget(listener_id)

    async def close(self) -> None:
        """Wait until all is stored."""
        await self._group.close()

    async def _store(self, presses: Sequence[Press]) -> list[Stored]:
        """Store presses of different listeners."""
        async with self._database.writing(patience_s=PATIENCE_S) as uow:
            await uow.groups.lock({one.event.listener_id: one.event.labelled_at for one in presses})
            cases = await self._cases(uow, presses)
            wanted = [case.event for case in cases if case.event is not None]
            ids = await uow.groups.append(wanted)
            ended = [case.ended(ids) for case in cases]
            for case in ended:
                if case.event is not None and case.standing.fate is ModelFate.DROPPED:
                    await self._training.review(uow, case.press.event.listener_id)
        for case in ended:
            self._standings.put(case.press.event.listener_id, case.standing)
        return [case.stored for case in ended]

    async def _cases(self, uow: UnitOfWork, presses: Sequence[Press]) -> list["_Case"]:
        songs = [press.song for press in presses]
        marks = await uow.groups.marks([listener_id for listener_id, _ in songs])
        said = await uow.groups.events(songs)
        guesses = await uow.groups.guesses(songs)
        return [
            _Case(
                press=press,
                standing=await self._standings.of(uow, press.song[0], marks[press.song[0]]),
                said=said[press.song],
                guesses=guesses[press.song],
                event=_event(press.event, said[press.song]),
            )
            for press in presses
        ]


@dataclass(frozen=True, slots=True)
class _Case:
    """A press and what is known of its listener and song.

    Attributes:
        press: As it came.
        standing: Of the listener, before the event or after it.
        said: Of the song, before the event.
        guesses: Told of the song.
        event: What is to be stored, or with its id what was; None where nothing is.
    """

    press: Press
    standing: Standing
    said: list[LabelEvent]
    guesses: list[Guess]
    event: LabelEvent | None

    def ended(self, ids: Mapping[str | None, EventId]) -> "_Case":
        """Return how it stands after the events with these ids were stored."""
        if self.event is None or self.event.event_key not in ids:
            return replace(self, event=None)
        event = replace(self.event, id=ids[self.event.event_key])
        return replace(self, event=event, standing=self.standing.after(event, self.said))

    @property
    def stored(self) -> Stored:
        """What became of it."""
        standing = self.standing
        fate = standing.fate if self.event else ModelFate.KEPT
        said = [*self.said, self.event] if self.event else self.said
        return Stored(
            event=self.press.event,
            track=self.press.track,
            change=_change(self.event, self.said),
            told=_told(self.guesses, said),
            counts=standing.counts,
            model=None if fate is ModelFate.DROPPED else standing.model,
            fate=fate,
        )


def _event(press: LabelEvent, said: list[LabelEvent]) -> LabelEvent | None:
    """Return what a press means; None for an echo."""
    if _is_echo(press, said):
        return None
    takes_back = bool(said) and said[-1].value is press.value
    return replace(press, value=LabelValue.WITHDRAWN) if takes_back else press


def _is_echo(press: LabelEvent, said: list[LabelEvent]) -> bool:
    """Tell whether the same button was pressed a moment ago."""
    # A clock that was set back must not make an echo of what comes before it catches up.
    if not said or abs(press.labelled_at - said[-1].labelled_at) > DOUBLE_CLICK:
        return False
    last_two = said[-2:]
    pressed = last_two[0] if last_two[-1].value is LabelValue.WITHDRAWN else last_two[-1]
    return last_two[-1].source is LabelSource.BUTTON and pressed.value is press.value


def _change(event: LabelEvent | None, said: list[LabelEvent]) -> LabelChange:
    if event is None:
        return LabelChange.REPEATED
    if event.value is LabelValue.WITHDRAWN:
        return LabelChange.TAKEN_BACK
    has_verdict = bool(said) and said[-1].value is not LabelValue.WITHDRAWN
    return LabelChange.CHANGED if has_verdict else LabelChange.SET


def _told(guesses: list[Guess], said: list[LabelEvent]) -> float | None:
    """Return the last probability that was told before the first verdict."""
    verdicts = [e.labelled_at for e in said if e.value is not LabelValue.WITHDRAWN]
    first = min(verdicts, default=None)
    in_time = [one.p_like for one in guesses if first is None or one.guessed_at <= first]
    return in_time[-1] if in_time else None
