"""Wires all services: what they share first, then each group."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from musicrec.accounts.opening import Accounts
from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.services.accounts import AccountService
from musicrec.services.adding import SongAdding
from musicrec.services.auditor import Auditor
from musicrec.services.audits import AuditService
from musicrec.services.cards import CardService
from musicrec.services.corrections import CorrectionService
from musicrec.services.duels import DuelService
from musicrec.services.edit_runs import EditRuns
from musicrec.services.exploring import ExploringService
from musicrec.services.foundation import Foundation
from musicrec.services.hints import HintService
from musicrec.services.history import HistoryService
from musicrec.services.labels import LabelService
from musicrec.services.learning import SongLearning
from musicrec.services.links import LinkService
from musicrec.services.listenbrainz import ListenBrainzService
from musicrec.services.listening import FileListening
from musicrec.services.passport import PassportService
from musicrec.services.pictures import PictureService
from musicrec.services.playlist_copies import PlaylistCopies
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.services.playlist_making import PlaylistMaking
from musicrec.services.playlist_places import Homes, PlaylistPlaces
from musicrec.services.playlist_wiring import build_playlists
from musicrec.services.playlists import PlaylistService
from musicrec.services.predictions import PredictionService
from musicrec.services.privacy import PrivacyService
from musicrec.services.quiet import QuietService
from musicrec.services.rating import RatingService
from musicrec.services.recommendations import RecommendationService
from musicrec.services.scoreboard import ScoreboardService
from musicrec.services.sharing import SharingService
from musicrec.services.social_wiring import SocialServices, build_social
from musicrec.services.songs import SongService
from musicrec.services.status import StatusService
from musicrec.services.taste import TasteService
from musicrec.services.training import TrainingService
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.week_keeping import WeekKeeping
from musicrec.services.week_wiring import WeeklyServices, build_weekly
from musicrec.services.weekly import WeeklyService
from musicrec.sources import SongLookup
from musicrec.storage import Database
from musicrec.workers import Workers


@dataclass(frozen=True)
class TasteServices:
    """What is learned from verdicts."""

    corrections: CorrectionService
    duels: DuelService
    history: HistoryService
    labels: LabelService
    pictures: PictureService
    predictions: PredictionService
    rating: RatingService
    recommendations: RecommendationService
    scoreboard: ScoreboardService
    sharing: SharingService
    taste: TasteService
    training: TrainingService


@dataclass(frozen=True)
class SongServices:
    """What is known of songs."""

    adding: SongAdding
    audits: AuditService
    cards: CardService
    learning: SongLearning
    links: LinkService
    songs: SongService
    status: StatusService


@dataclass(frozen=True)
class AccountServices:
    """What listeners have, here and elsewhere."""

    accounts: AccountService
    copies: PlaylistCopies
    edit_runs: EditRuns
    edits: PlaylistEdits
    hints: HintService
    listenbrainz: ListenBrainzService
    making: PlaylistMaking
    places: PlaylistPlaces
    playlists: PlaylistService
    privacy: PrivacyService


@dataclass(frozen=True)
class DiscoveryServices:
    """What finds music by itself."""

    exploring: ExploringService
    passport: PassportService
    quiet: QuietService
    social: SocialServices
    week_delivery: WeekDelivery
    week_keeping: WeekKeeping
    weekly: WeeklyService


@dataclass(frozen=True)
class Services(TasteServices, SongServices, AccountServices, DiscoveryServices):
    """One of each service, sharing a database, a catalogue and the workers."""


def build_services(
    database: Database,
    catalogue: CurrentCatalogue,
    workers: Workers,
    lookup: SongLookup,
    clock: Callable[[], datetime],
    *,
    accounts: Accounts | None = None,
    homes: Homes = MappingProxyType({}),
) -> Services:
    """Wire the services; ``clock`` tells aware UTC for work that nobody asked for."""
    shared = Foundation(database, catalogue, workers, accounts or Accounts(), clock)
    taste = _taste(shared)
    own = _accounts(shared, taste, homes)
    return Services(
        **vars(taste),
        **vars(_songs(shared, lookup)),
        **vars(own),
        **vars(_discovery(shared, own)),
    )


def _taste(shared: Foundation) -> TasteServices:
    database, catalogue, workers = shared.database, shared.catalogue, shared.workers
    training, borrowing, corrections = shared.training, shared.borrowing, shared.corrections
    return TasteServices(
        corrections=corrections,
        duels=DuelService(database, catalogue, training),
        history=HistoryService(database, catalogue, training),
        labels=LabelService(database, catalogue, training),
        pictures=PictureService(database, catalogue, workers, training),
        predictions=PredictionService(database, catalogue, workers, borrowing, corrections),
        rating=RatingService(database, catalogue, shared.scores, borrowing, corrections),
        recommendations=RecommendationService(
            database, catalogue, workers, borrowing, shared.rankings, corrections=corrections
        ),
        scoreboard=ScoreboardService(database, workers),
        sharing=SharingService(database),
        taste=TasteService(database, catalogue, workers),
        training=training,
    )


def _songs(shared: Foundation, lookup: SongLookup) -> SongServices:
    database, catalogue, workers = shared.database, shared.catalogue, shared.workers
    learning = SongLearning(database, catalogue)
    adding = SongAdding(catalogue, learning, lookup, FileListening(catalogue.data_dir))
    auditor = Auditor(workers, shared.rankings)
    return SongServices(
        adding=adding,
        audits=AuditService(database, catalogue, auditor, clock=shared.clock),
        cards=CardService(database, catalogue),
        learning=learning,
        links=LinkService(database, adding),
        songs=SongService(database, catalogue),
        status=StatusService(database, catalogue, workers, lambda: lookup.states),
    )


def _accounts(shared: Foundation, taste: TasteServices, homes: Homes) -> AccountServices:
    database, catalogue, workers = shared.database, shared.catalogue, shared.workers
    training, linkable = shared.training, shared.linkable
    own = AccountService(database, linkable, training.forget_hints)
    lists = build_playlists(
        database,
        catalogue,
        workers,
        training,
        shared.rankings,
        corrections=shared.corrections,
        homes=_homes(own, homes),
        clock=shared.clock,
    )
    listenbrainz = ListenBrainzService(database, catalogue, training, linkable)
    return AccountServices(
        accounts=own,
        copies=PlaylistCopies(database, catalogue, lists.places, listenbrainz, shared.clock),
        edit_runs=lists.runs,
        edits=lists.edits,
        hints=HintService(database, catalogue, training, own, linkable),
        listenbrainz=listenbrainz,
        making=lists.making,
        places=lists.places,
        playlists=lists.playlists,
        privacy=PrivacyService(
            database, catalogue, shared.rankings, (shared.scores, taste.labels, taste.rating)
        ),
    )


def _discovery(shared: Foundation, own: AccountServices) -> DiscoveryServices:
    database, catalogue, workers = shared.database, shared.catalogue, shared.workers
    weekly = _weekly(shared, own.places)
    return DiscoveryServices(
        exploring=ExploringService(
            database,
            catalogue,
            workers,
            shared.training,
            shared.rankings,
            corrections=shared.corrections,
        ),
        passport=PassportService(database, catalogue, workers),
        quiet=QuietService(database),
        social=build_social(
            database,
            catalogue,
            workers,
            shared.training,
            shared.rankings,
            making=own.making,
            places=own.places,
            corrections=shared.corrections,
        ),
        week_delivery=weekly.delivery,
        week_keeping=WeekKeeping(database),
        weekly=weekly.weekly,
    )


def _weekly(shared: Foundation, places: PlaylistPlaces) -> WeeklyServices:
    return build_weekly(
        shared.database,
        shared.catalogue,
        shared.workers,
        shared.training,
        shared.rankings,
        places=places,
        clock=shared.clock,
        corrections=shared.corrections,
    )


def _homes(accounts: AccountService, others: Homes) -> Homes:
    """Return where linked accounts have playlists, and others."""
    own = {PlaceKind.SPOTIFY: accounts.playlists_of} if accounts.has_spotify else {}
    return {**own, **others}
