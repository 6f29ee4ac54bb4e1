"""Everything about weekly lists, wired together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from musicrec.catalogue import CurrentCatalogue
from musicrec.discovery import Corrections
from musicrec.domain.ids import ListenerId
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.services.rankings import RankingStore
from musicrec.services.training import TrainingService
from musicrec.services.week_composing import (
    ComposeWeek,
    NewRequest,
    PersonalComposer,
    uncorrected,
)
from musicrec.services.week_copies import SpotifyCopies
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.weekly import WeeklyService
from musicrec.storage import Database
from musicrec.workers import Workers


@dataclass(frozen=True, slots=True)
class WeeklyServices:
    """What listeners ask for, and what brings it; the bot says how (``WeekDelivery.bring_by``)."""

    weekly: WeeklyService
    delivery: WeekDelivery


def build_weekly(
    database: Database,
    catalogue: CurrentCatalogue,
    workers: Workers,
    training: TrainingService,
    rankings: RankingStore,
    *,
    places: PlaylistPlaces,
    clock: Callable[[], datetime],
    compose_week: ComposeWeek,
    new_request: NewRequest,
    corrections: Callable[[ListenerId], Awaitable[Corrections]] = uncorrected,
) -> WeeklyServices:
    """Wire the services.

    Args:
        database: Where everything about listeners is.
        catalogue: The songs.
        workers: Who composes.
        training: Fits first models.
        rankings: By which is chosen.
        places: Homes of playlists, for copies.
        clock: Tells aware UTC.
        compose_week: What a worker does: ``weekly_jobs.compose_week``.
        new_request: What it is asked: ``discovery.week.WeekRequest``.
        corrections: Of a listener: ``CorrectionService.of``.
    """
    composer = PersonalComposer(
        database,
        catalogue,
        workers,
        training,
        rankings,
        compose_week=compose_week,
        new_request=new_request,
        corrections=corrections,
    )
    copying = SpotifyCopies(database, catalogue, places)
    delivery = WeekDelivery(database, composer, clock, copying=copying)
    return WeeklyServices(WeeklyService(database, composer), delivery)
