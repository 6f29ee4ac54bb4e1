"""A listener says 👍 or 👎: store it once, and tell what was learned."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.ids import ListenerId, ShortlistId, TrackId
from musicrec.domain.label import LabelCounts, LabelEvent, LabelSource, LabelValue
from musicrec.domain.track import Track
from musicrec.services.taste import lean_words
from musicrec.services.training import ModelFate, TrainingService, missing_labels
from musicrec.storage import Database, UnitOfWork

DOUBLE_CLICK = timedelta(seconds=1.5)
"""A second press of a button within this time is the first one's echo, not a change of mind."""

PATIENCE_S = 2.0
"""For writers before a press. Discord waits three seconds for the first sign, and whoever reads
there that it failed presses again: by then it must be known that nothing was stored."""


class LabelChange(StrEnum):
    """What a press did to the current label."""

    SET = "set"
    CHANGED = "changed"
    TAKEN_BACK = "taken back"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class LabelOutcome:
    """The answer to a press.

    Attributes:
        change: What happened; ``REPEATED`` means nothing did.
        value: The verdict pressed.
        track: The song.
        told: The probability of liking that the bot had told before the song's first verdict;
            None where it had told none.
        counts: Current labels after it.
        missing_labels: How many more are needed before anything can be learned; 0 if enough.
        accuracy: Cross-validated share of right guesses of the latest model, if there is one.
        baseline_accuracy: The same for always guessing the majority.
        lean_words: What stands out in the listener's taste, e.g. ``("acoustic",)``.
        model: What becomes of the model.
    """

    change: LabelChange
    value: LabelValue
    track: Track
    told: float | None
    counts: LabelCounts
    missing_labels: int
    accuracy: float | None
    baseline_accuracy: float | None
    lean_words: tuple[str, ...]
    model: ModelFate


class LabelService:
    """Turns presses and reactions into events of the label log."""

    def __init__(
        self, database: Database, catalogue: CurrentCatalogue, training: TrainingService
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._training = training

    async def press(
        self,
        listener_id: ListenerId,
        track_id: TrackId,
        value: LabelValue,
        *,
        at: datetime,
        event_key: str,
        card_message_id: int | None = None,
        shortlist_id: ShortlistId | None = None,
    ) -> LabelOutcome:
        """Apply a button: set the label, change it, or take the same one back.

        Args:
            listener_id: Who pressed.
            track_id: On which song.
            value: ``LIKE`` or ``DISLIKE``.
            at: Now, aware UTC.
            event_key: Identity of the press; delivered twice, it counts once.
            card_message_id: The message of the card, if any.
            shortlist_id: The shortlist that showed the song, if any.

        Raises:
            TrackNotFoundError: The song has left the catalogue.
        """
        track = self._catalogue.now.require(track_id)
        event = LabelEvent(
            listener_id,
            track.id,
            value,
            at,
            LabelSource.BUTTON,
            card_message_id,
            shortlist_id,
            event_key,
        )
        async with self._database.writing(patience_s=PATIENCE_S) as uow:
            await uow.listeners.lock(listener_id, at)
            change = await _apply_press(uow, event)
            outcome = await self._outcome(uow, event, change, track)
        return self._answer(listener_id, outcome)

    async def undo(
        self, listener_id: ListenerId, track_id: TrackId, *, at: datetime, event_key: str
    ) -> LabelOutcome:
        """Take the current label of a song back, whatever it is and was before.

        Raises:
            TrackNotFoundError: The song has left the catalogue.
        """
        track = self._catalogue.now.require(track_id)
        event = LabelEvent(
            listener_id,
            track.id,
            LabelValue.WITHDRAWN,
            at,
            LabelSource.UNDO,
            event_key=event_key,
        )
        async with self._database.writing(patience_s=PATIENCE_S) as uow:
            await uow.listeners.lock_known(listener_id)
            change = LabelChange.REPEATED
            if await _current(uow, event) is not None and await uow.labels.append(event):
                change = LabelChange.TAKEN_BACK
            outcome = await self._outcome(uow, event, change, track)
        return self._answer(listener_id, outcome)

    async def react(
        self,
        listener_id: ListenerId,
        message_id: int,
        value: LabelValue,
        *,
        added: bool,
        at: datetime,
    ) -> LabelOutcome | None:
        """Apply a reaction that was added to or removed from a message.

        Removing a reaction takes back only the verdict it stands for.

        Returns:
            None where the message is no card of ours or nothing changed.
        """
        # Most reactions of a server are on other people's messages: look before locking.
        async with self._database.reading() as uow:
            card = await uow.cards.by_message(message_id)
        track = self._catalogue.now.get(card.track_id) if card else None
        if track is None:
            return None
        async with self._database.writing(patience_s=PATIENCE_S) as uow:
            if added:
                await uow.listeners.lock(listener_id, at)
            else:  # nobody becomes known by taking something away
                await uow.listeners.lock_known(listener_id)
            event = LabelEvent(listener_id, track.id, value, at, LabelSource.REACTION, message_id)
            change = await _apply_reaction(uow, event, added=added)
            if change is LabelChange.REPEATED:
                return None
            outcome = await self._outcome(uow, event, change, track)
        return self._answer(listener_id, outcome)

    def _answer(self, listener_id: ListenerId, outcome: LabelOutcome) -> LabelOutcome:
        if outcome.model is ModelFate.DUE:
            self._training.retrain_soon(listener_id)
        return outcome

    async def _outcome(
        self, uow: UnitOfWork, event: LabelEvent, change: LabelChange, track: Track
    ) -> LabelOutcome:
        is_new = change is not LabelChange.REPEATED
        fate = await self._training.review(uow, event.listener_id) if is_new else ModelFate.KEPT
        guess = await uow.guesses.counting_of(event.listener_id, track.id)
        counts = await uow.labels.counts(event.listener_id)
        summary = await uow.models.latest_summary(event.listener_id)
        return LabelOutcome(
            change=change,
            value=event.value,
            track=track,
            told=guess.p_like if guess else None,
            counts=counts,
            missing_labels=missing_labels(counts),
            accuracy=summary.report.best.metrics.accuracy if summary else None,
            baseline_accuracy=summary.report.baseline.accuracy if summary else None,
            lean_words=lean_words(self._catalogue.now, await uow.labels.current(event.listener_id)),
            model=fate,
        )


async def _current(uow: UnitOfWork, event: LabelEvent) -> LabelValue | None:
    last = await uow.labels.latest(event.listener_id, event.track_id)
    return None if last is None or last.value is LabelValue.WITHDRAWN else last.value


async def _apply_press(uow: UnitOfWork, press: LabelEvent) -> LabelChange:
    last_two = await uow.labels.recent(press.listener_id, press.track_id, n=2)
    if _is_echo(press, last_two):
        return LabelChange.REPEATED
    current = last_two[0].value if last_two else LabelValue.WITHDRAWN
    if current is press.value:
        change, value = LabelChange.TAKEN_BACK, LabelValue.WITHDRAWN
    elif current is LabelValue.WITHDRAWN:
        change, value = LabelChange.SET, press.value
    else:
        change, value = LabelChange.CHANGED, press.value
    stored = await uow.labels.append(replace(press, value=value))
    return change if stored else LabelChange.REPEATED


def _is_echo(press: LabelEvent, last_two: list[LabelEvent]) -> bool:
    """Tell whether the same button was pressed a moment ago."""
    # A clock that was set back must not make an echo of what comes before it catches up.
    if not last_two or abs(press.labelled_at - last_two[0].labelled_at) > DOUBLE_CLICK:
        return False
    pressed = last_two[-1] if last_two[0].value is LabelValue.WITHDRAWN else last_two[0]
    return last_two[0].source is LabelSource.BUTTON and pressed.value is press.value


async def _apply_reaction(uow: UnitOfWork, reaction: LabelEvent, *, added: bool) -> LabelChange:
    current = await _current(uow, reaction)
    if added == (current is reaction.value):
        return LabelChange.REPEATED
    if not added:
        await uow.labels.append(replace(reaction, value=LabelValue.WITHDRAWN))
        return LabelChange.TAKEN_BACK
    await uow.labels.append(reaction)
    return LabelChange.SET if current is None else LabelChange.CHANGED
