"""Listeners for the service tests, who press buttons as people do."""

from datetime import UTC, datetime, timedelta

from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.track import Track
from musicrec.services import LabelOutcome, Services

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Presser:
    """Presses buttons a minute apart, each press with an id of its own."""

    def __init__(self, services: Services, listener_id: int) -> None:
        self.services = services
        self.id = ListenerId(listener_id)
        self.now = NOON
        self.presses = 0

    async def press(
        self, track_id: TrackId, value: LabelValue, *, seconds_later: float = 60
    ) -> LabelOutcome:
        self.presses += 1
        self.now += timedelta(seconds=seconds_later)
        return await self.services.labels.press(
            self.id,
            track_id,
            value,
            at=self.now,
            event_key=f"interaction:{self.id}:{self.presses}",
        )

    async def rate(self, n: int) -> list[Track]:
        """Rate ``n`` songs as the bot suggests them; likes are the calm ones."""
        rated: list[Track] = []
        for _ in range(n):
            suggestion = await self.services.rating.next_song(self.id, at=self.now)
            likes = suggestion.track.features["energy"] < 0.7
            value = LabelValue.LIKE if likes else LabelValue.DISLIKE
            await self.press(suggestion.track.id, value)
            rated.append(suggestion.track)
        return rated
