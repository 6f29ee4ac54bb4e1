"""Everything about weekly lists, wired together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from musicrec.catalogue import CurrentCatalogue
from musicrec.services.corrections import CorrectionService
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.services.rankings import RankingStore
from musicrec.services.training import TrainingService
from musicrec.services.week_composing import PersonalComposer
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
    corrections: CorrectionService,
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
        corrections: What listeners said about songs beside verdicts.
    """
    composer = PersonalComposer(
        database, catalogue, workers, training, rankings, corrections=corrections
    )
    copying = SpotifyCopies(database, catalogue, places)
    delivery = WeekDelivery(database, composer, clock, copying=copying)
    return WeeklyServices(WeeklyService(database, composer), delivery)
