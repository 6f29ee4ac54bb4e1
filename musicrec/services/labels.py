"""A listener says 👍 or 👎: store it once, and tell what was learned."""

from dataclasses import replace
from datetime import datetime

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.ids import ListenerId, ShortlistId, TrackId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.track import Track
from musicrec.services.label_outcome import LabelChange, LabelOutcome
from musicrec.services.lean_words import LeanWords
from musicrec.services.presses import PATIENCE_S, Press, PressStore, Stored
from musicrec.services.training import ModelFate, TrainingService, missing_labels
from musicrec.storage import Database, UnitOfWork


class LabelService:
    """Turns presses and reactions into events of the label log."""

    def __init__(
        self, database: Database, catalogue: CurrentCatalogue, training: TrainingService
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._training = training
        self._presses = PressStore(database, training)
        self._lean_words = LeanWords(database, catalogue)

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
        return await self._answer(await self._presses.store(Press(event, track)))

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
        return await self._answer(outcome)

    async def react(
        self,
        listener_id: ListenerId,
        message_id: int,
        value: LabelValue,
        *,
        added: bool,
        at: datetime,
        heard_as: str | None = None,
    ) -> LabelOutcome | None:
        """Apply a reaction that was added to or removed from a message.

        Removing a reaction takes back only the verdict it stands for.

        Args:
            listener_id: Whose reaction.
            message_id: To which message.
            value: ``LIKE`` or ``DISLIKE``.
            added: Or else removed.
            at: Now, aware UTC.
            heard_as: What every process calls this reaction, while several hear of it; each of its
                changes is then taken by one of them.

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
            if heard_as and not await uow.heard_events.switch(heard_as, on=added, at=at):
                return None
            event = LabelEvent(listener_id, track.id, value, at, LabelSource.REACTION, message_id)
            change = await _apply_reaction(uow, event, added=added)
            if change is LabelChange.REPEATED:
                return None
            outcome = await self._outcome(uow, event, change, track)
        return await self._answer(outcome)

    def forget(self, listener_id: ListenerId) -> None:
        """Drop what is remembered of a listener."""
        self._presses.forget(listener_id)
        self._lean_words.forget(listener_id)

    async def close(self) -> None:
        """Wait until every press is stored."""
        await self._presses.close()

    async def _answer(self, stored: Stored) -> LabelOutcome:
        """Say what became of an event, after it was stored."""
        event, model = stored.event, stored.model
        if stored.fate is ModelFate.DUE:
            self._training.retrain_soon(event.listener_id)
        return LabelOutcome(
            change=stored.change,
            value=event.value,
            track=stored.track,
            told=stored.told,
            counts=stored.counts,
            missing_labels=missing_labels(stored.counts),
            accuracy=model.accuracy if model else None,
            baseline_accuracy=model.baseline_accuracy if model else None,
            lean_words=(
                await self._lean_words.of(event.listener_id, model.content_hash) if model else ()
            ),
            model=stored.fate,
        )

    async def _outcome(
        self, uow: UnitOfWork, event: LabelEvent, change: LabelChange, track: Track
    ) -> Stored:
        is_new = change is not LabelChange.REPEATED
        fate = await self._training.review(uow, event.listener_id) if is_new else ModelFate.KEPT
        guess = await uow.guesses.counting_of(event.listener_id, track.id)
        summary = await uow.models.latest_summary(event.listener_id)
        return Stored(
            event=event,
            track=track,
            change=change,
            told=guess.p_like if guess else None,
            counts=await uow.labels.counts(event.listener_id),
            model=summary.brief if summary else None,
            fate=fate,
        )


async def _current(uow: UnitOfWork, event: LabelEvent) -> LabelValue | None:
    last = await uow.labels.latest(event.listener_id, event.track_id)
    return None if last is None or last.value is LabelValue.WITHDRAWN else last.value


async def _apply_reaction(uow: UnitOfWork, reaction: LabelEvent, *, added: bool) -> LabelChange:
    current = await _current(uow, reaction)
    if added == (current is reaction.value):
        return LabelChange.REPEATED
    if not added:
        await uow.labels.append(replace(reaction, value=LabelValue.WITHDRAWN))
        return LabelChange.TAKEN_BACK
    await uow.labels.append(reaction)
    return LabelChange.SET if current is None else LabelChange.CHANGED
