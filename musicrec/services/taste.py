"""Show a listener their own taste."""

import asyncio
from dataclasses import dataclass

import pandas as pd

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.features import LIKED
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.picture import Picture
from musicrec.domain.taste_profile import TasteProfile, TasteRadar
from musicrec.services.jobs import draw_map, draw_profile, draw_taste_radar
from musicrec.storage import Database
from musicrec.taste import (
    build_map,
    build_profile,
    build_radar,
    liked_percentiles,
    mean_of_others,
)
from musicrec.workers import Workers

_MOST_OTHERS = 50


@dataclass(frozen=True, slots=True)
class TasteView:
    """A profile, its drawing, and how well the latest model guesses.

    ``picture`` is None before there is a label, ``accuracy`` and ``baseline_accuracy`` before
    there is a model. ``n_hints`` counts songs without a label that are probably liked.
    """

    profile: TasteProfile
    picture: Picture | None
    accuracy: float | None
    baseline_accuracy: float | None
    n_labels: int
    n_hints: int = 0


class TasteService:
    """Describes what the labels say."""

    def __init__(self, database: Database, catalogue: CurrentCatalogue, workers: Workers) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers

    async def show(self, listener_id: ListenerId) -> TasteView:
        """Return the listener's profile; with no labels it is empty, not an error."""
        async with self._database.reading() as uow:
            events = await uow.labels.current(listener_id)
            summary = await uow.models.latest_summary(listener_id)
            hints = await uow.hints.list_all(listener_id)
        profile = build_profile(
            labelled_songs(self._catalogue.now, events), self._catalogue.now.sample
        )
        return TasteView(
            profile=profile,
            picture=await self._workers.run(draw_profile, profile) if events else None,
            accuracy=summary.report.best.metrics.accuracy if summary else None,
            baseline_accuracy=summary.report.baseline.accuracy if summary else None,
            n_labels=len(events),
            n_hints=len({hint.track_id for hint in hints} - {event.track_id for event in events}),
        )

    async def radar(self, listener_id: ListenerId, guild_id: int | None = None) -> Picture | None:
        """Draw the liked songs against the mean of others on the server who share their taste.

        Where fewer than three others share, or in direct messages, against all songs. None before
        there is a label.

        Raises:
            WorkersBusyError, WorkerLostError: The picture could not be drawn now.
        """
        songs = await self._labelled(listener_id)
        if songs is None:
            return None
        others = [] if guild_id is None else await self._others(listener_id, guild_id)
        radar = await asyncio.to_thread(_radar, songs, others, self._catalogue.now.sample)
        return await self._workers.run(draw_taste_radar, radar)

    async def map(self, listener_id: ListenerId) -> Picture | None:
        """Draw likes and dislikes by tempo and energy; None before there is a label.

        Raises:
            WorkersBusyError, WorkerLostError: The picture could not be drawn now.
        """
        songs = await self._labelled(listener_id)
        return None if songs is None else await self._workers.run(draw_map, build_map(songs))

    async def _others(self, listener_id: ListenerId, guild_id: int) -> list[pd.DataFrame]:
        async with self._database.reading() as uow:
            people = await uow.sharing.neighbours(guild_id, listener_id, most=_MOST_OTHERS)
            labels = [await uow.labels.current(who) for who in people]
        return [labelled_songs(self._catalogue.now, events) for events in labels if events]

    async def _labelled(self, listener_id: ListenerId) -> pd.DataFrame | None:
        async with self._database.reading() as uow:
            events = await uow.labels.current(listener_id)
        return labelled_songs(self._catalogue.now, events) if events else None


def _radar(songs: pd.DataFrame, others: list[pd.DataFrame], catalogue: pd.DataFrame) -> TasteRadar:
    """Rank among all songs, which takes longer the more of them there are."""
    server = mean_of_others([liked_percentiles(labelled, catalogue) for labelled in others])
    return build_radar(songs, catalogue, server)


def labelled_songs(catalogue: Catalogue, events: list[LabelEvent]) -> pd.DataFrame:
    """Join current labels and catalogue; songs that left the catalogue are passed over."""
    known = [event for event in events if catalogue.row_of(event.track_id) is not None]
    table = catalogue.table_of([event.track_id for event in known])
    return table.assign(**{LIKED: [event.value is LabelValue.LIKE for event in known]})


def lean_words(catalogue: Catalogue, events: list[LabelEvent]) -> tuple[str, ...]:
    """Say in words what stands out among the labels."""
    known = [event for event in events if catalogue.row_of(event.track_id) is not None]
    features = catalogue.features(catalogue.rows_of([event.track_id for event in known]))
    liked = [event.value is LabelValue.LIKE for event in known]
    return build_profile(features.assign(**{LIKED: liked}), catalogue.sample).lean_words
