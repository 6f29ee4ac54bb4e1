"""Everything that people do together on a server, wired together."""

from dataclasses import dataclass

from musicrec.catalogue import CurrentCatalogue
from musicrec.services.blends import BlendService
from musicrec.services.comparing import ComparingService
from musicrec.services.corrections import CorrectionService
from musicrec.services.playlist_making import PlaylistMaking
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.services.rankings import RankingStore
from musicrec.services.server_plans import ServerPlanService
from musicrec.services.server_posts import ServerPostService
from musicrec.services.song_posts import SongChoice
from musicrec.services.training import TrainingService
from musicrec.storage import Database
from musicrec.workers import Workers


@dataclass(frozen=True, slots=True)
class SocialServices:
    """One of each service for several people."""

    comparing: ComparingService
    blends: BlendService
    server_plans: ServerPlanService
    server_posts: ServerPostService


def build_social(
    database: Database,
    catalogue: CurrentCatalogue,
    workers: Workers,
    training: TrainingService,
    rankings: RankingStore,
    *,
    making: PlaylistMaking,
    places: PlaylistPlaces,
    corrections: CorrectionService,
) -> SocialServices:
    """Wire the services."""
    comparing = ComparingService(
        database, catalogue, workers, training, rankings, corrections=corrections
    )
    blends = BlendService(database, workers, comparing, making, places)
    songs = SongChoice(database, catalogue, workers)
    return SocialServices(
        comparing=comparing,
        blends=blends,
        server_plans=ServerPlanService(database),
        server_posts=ServerPostService(database, catalogue, songs),
    )
