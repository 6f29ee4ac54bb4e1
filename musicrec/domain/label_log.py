"""What taking back means in an append-only log.

The events of one song form a chain: every verdict stands on the one that stood before it. Taking
back appends an event (``LabelSource.UNDO``) that names the verdict which stands again
(``LabelEvent.restores``), so that the song is exactly where it was right after that verdict:
taking back once more goes on from there, further into the past, and never to and fro.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from musicrec.domain.ids import EventId, TrackId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue

Standing: TypeAlias = Mapping[TrackId, LabelEvent]
"""The verdict that stands on each song; songs without one, or back at none, are absent."""


class LabelLog:
    """One listener's log, to look up what stands and on what it stands."""

    def __init__(self, events: Iterable[LabelEvent]) -> None:
        """Read stored events, oldest first."""
        self._events = tuple(events)
        self._by_id = {event.id: event for event in self._events}
        self._before: dict[EventId | None, LabelEvent | None] = {}
        self.standing: Standing = self._replay(self._events)

    def last(self) -> LabelEvent | None:
        """Return the latest verdict that was not taken back; None where none is left."""
        return max(self.standing.values(), key=lambda event: event.id or 0, default=None)

    def before(self, event: LabelEvent) -> LabelEvent | None:
        """Return the verdict that a standing one replaced on its song; None for the first."""
        return self._before.get(event.id)

    def standing_at(self, instant: datetime) -> Standing:
        """Return what stood at an aware instant, everything said at that very instant included."""
        return self._replay(event for event in self._events if event.labelled_at <= instant)

    def _replay(self, events: Iterable[LabelEvent]) -> Standing:
        standing: dict[TrackId, LabelEvent | None] = {}
        for event in events:
            if event.source is LabelSource.UNDO:
                standing[event.track_id] = self._by_id.get(event.restores)
            elif event.value is not value_of(before := standing.get(event.track_id)):
                self._before.setdefault(event.id, before)
                standing[event.track_id] = event
        return {track_id: event for track_id, event in standing.items() if event is not None}


def value_of(event: LabelEvent | None) -> LabelValue:
    """Return the label that a standing verdict makes; ``WITHDRAWN`` for none."""
    return LabelValue.WITHDRAWN if event is None else event.value
