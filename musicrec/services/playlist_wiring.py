"""Everything about playlists, wired together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.services.corrections import CorrectionService
from musicrec.services.edit_runs import EditRuns
from musicrec.services.here_home import HereHome
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.services.playlist_making import PlaylistMaking
from musicrec.services.playlist_places import Homes, PlaylistPlaces
from musicrec.services.playlists import PlaylistService
from musicrec.services.rankings import RankingStore
from musicrec.services.training import TrainingService
from musicrec.storage import Database
from musicrec.workers import Workers


@dataclass(frozen=True, slots=True)
class PlaylistServices:
    """One of each service of playlists."""

    places: PlaylistPlaces
    runs: EditRuns
    edits: PlaylistEdits
    playlists: PlaylistService
    making: PlaylistMaking


def build_playlists(
    database: Database,
    catalogue: CurrentCatalogue,
    workers: Workers,
    training: TrainingService,
    rankings: RankingStore,
    *,
    homes: Homes,
    clock: Callable[[], datetime],
) -> PlaylistServices:
    """Wire the services; playlists that are kept here are one more home."""

    def here(listener_id: ListenerId) -> HereHome:
        return HereHome(listener_id, database, clock)

    places = PlaylistPlaces({PlaceKind.HERE: here, **homes}, workers, clock)
    runs = EditRuns(database, places, clock)
    edits = PlaylistEdits(database, workers, places, runs, clock)
    playlists = PlaylistService(database, catalogue, workers, training, edits, clock=clock)
    making = PlaylistMaking(
        database,
        catalogue,
        workers,
        rankings,
        playlists,
        corrections=CorrectionService(database, catalogue),
        places=places,
        clock=clock,
    )
    return PlaylistServices(places, runs, edits, playlists, making)
