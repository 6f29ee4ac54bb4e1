"""Everything a cog may call: one class per listener intention."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from musicrec.accounts.opening import Accounts
from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.services.accounts import AccountService
from musicrec.services.adding import AddedSong, SongAdding
from musicrec.services.auditor import Auditor
from musicrec.services.audits import AuditService
from musicrec.services.blends import Blend
from musicrec.services.borrowing import BorrowingService
from musicrec.services.cards import CardService
from musicrec.services.duels import DuelChoice, DuelOutcome, DuelService
from musicrec.services.edit_runs import EditRuns
from musicrec.services.hints import HintService, HintState, TakenHints
from musicrec.services.history import HistoryService, Rewind, UndoOutcome
from musicrec.services.labels import LabelChange, LabelOutcome, LabelService
from musicrec.services.learning import SongLearning
from musicrec.services.linking import LinkOffer
from musicrec.services.links import LinkService
from musicrec.services.listenbrainz import ListenBrainzService, SentBack, TakenOver
from musicrec.services.listening import FileListening
from musicrec.services.pictures import ModelDrawing, ModelPicture, PictureService
from musicrec.services.playlist_edits import EditOutcome, PlaylistEdits
from musicrec.services.playlist_making import MadeList, PlaylistMaking
from musicrec.services.playlist_places import (
    PLACE_NAMES,
    HomeOf,
    Homes,
    ListChoice,
    OpenedList,
    PlaylistPlaces,
)
from musicrec.services.playlist_wiring import build_playlists
from musicrec.services.playlists import PROBABILITY, PlaylistService, SortView
from musicrec.services.predictions import Prediction, PredictionService
from musicrec.services.privacy import DataSummary, DeletionReceipt, PrivacyService
from musicrec.services.rankings import RankingStore
from musicrec.services.rating import Duel, RatingService, Suggestion
from musicrec.services.recommendations import Recommendations, RecommendationService
from musicrec.services.scoreboard import ScoreboardService, ScoreboardView
from musicrec.services.scores import ScoreCache
from musicrec.services.server_plans import PlanStarted
from musicrec.services.server_posts import post_nonce
from musicrec.services.sharing import SharingService
from musicrec.services.social_wiring import SocialServices, build_social
from musicrec.services.songs import SongService
from musicrec.services.status import Status, StatusService
from musicrec.services.taste import TasteService, TasteView
from musicrec.services.training import ModelFate, TrainingOutcome, TrainingService
from musicrec.sources import SongLookup, SourceReport
from musicrec.storage import Database
from musicrec.workers import Workers

__all__ = [
    "PLACE_NAMES",
    "PROBABILITY",
    "AccountService",
    "AddedSong",
    "AuditService",
    "Blend",
    "CardService",
    "DataSummary",
    "DeletionReceipt",
    "Duel",
    "DuelChoice",
    "DuelOutcome",
    "DuelService",
    "EditOutcome",
    "EditRuns",
    "HintService",
    "HintState",
    "HistoryService",
    "HomeOf",
    "Homes",
    "LabelChange",
    "LabelOutcome",
    "LabelService",
    "LinkOffer",
    "LinkService",
    "ListChoice",
    "MadeList",
    "ModelDrawing",
    "ModelFate",
    "ModelPicture",
    "OpenedList",
    "PictureService",
    "PlanStarted",
    "PlaylistEdits",
    "PlaylistMaking",
    "PlaylistPlaces",
    "PlaylistService",
    "Prediction",
    "PredictionService",
    "PrivacyService",
    "RatingService",
    "RecommendationService",
    "Recommendations",
    "Rewind",
    "ScoreboardService",
    "ScoreboardView",
    "SentBack",
    "Services",
    "SharingService",
    "SocialServices",
    "SongAdding",
    "SongLearning",
    "SongService",
    "SortView",
    "SourceReport",
    "Status",
    "StatusService",
    "Suggestion",
    "TakenHints",
    "TakenOver",
    "TasteService",
    "TasteView",
    "TrainingOutcome",
    "TrainingService",
    "UndoOutcome",
    "build_services",
    "post_nonce",
]


RANKINGS: Final = "rankings"
"""Folder, in the data folder, of what can be ranked anew."""


@dataclass(frozen=True, slots=True)
class Services:
    """One of each service, sharing a database, a catalogue and the workers."""

    accounts: AccountService
    adding: SongAdding
    audits: AuditService
    cards: CardService
    duels: DuelService
    edit_runs: EditRuns
    edits: PlaylistEdits
    hints: HintService
    history: HistoryService
    labels: LabelService
    learning: SongLearning
    links: LinkService
    listenbrainz: ListenBrainzService
    making: PlaylistMaking
    pictures: PictureService
    places: PlaylistPlaces
    playlists: PlaylistService
    predictions: PredictionService
    privacy: PrivacyService
    rating: RatingService
    recommendations: RecommendationService
    scoreboard: ScoreboardService
    sharing: SharingService
    social: SocialServices
    songs: SongService
    status: StatusService
    taste: TasteService
    training: TrainingService


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
    linkable, learning = accounts or Accounts(), SongLearning(database, catalogue)
    adding = SongAdding(catalogue, learning, lookup, FileListening(catalogue.data_dir))
    scores, rankings = ScoreCache(workers), RankingStore(catalogue.data_dir / RANKINGS, workers)
    training = TrainingService(database, catalogue, workers, scores, rankings, clock=clock)
    own = AccountService(database, linkable, training.forget_hints)
    borrowing = BorrowingService(database, catalogue, training, scores)
    lists = build_playlists(
        database, catalogue, workers, training, rankings, homes=_homes(own, homes), clock=clock
    )
    return Services(
        accounts=own,
        adding=adding,
        audits=AuditService(database, catalogue, Auditor(workers, rankings), clock=clock),
        cards=CardService(database, catalogue),
        duels=DuelService(database, catalogue, training),
        edit_runs=lists.runs,
        edits=lists.edits,
        hints=HintService(database, catalogue, training, own, linkable),
        history=HistoryService(database, catalogue, training),
        labels=LabelService(database, catalogue, training),
        learning=learning,
        links=LinkService(database, adding),
        listenbrainz=ListenBrainzService(database, catalogue, training, linkable),
        making=lists.making,
        pictures=PictureService(database, catalogue, workers, training),
        places=lists.places,
        playlists=lists.playlists,
        predictions=PredictionService(database, catalogue, workers, borrowing),
        privacy=PrivacyService(database, catalogue, scores, rankings),
        rating=RatingService(database, catalogue, scores, borrowing),
        recommendations=RecommendationService(database, catalogue, workers, borrowing, rankings),
        scoreboard=ScoreboardService(database, workers),
        sharing=SharingService(database),
        social=build_social(database, catalogue, workers, training, rankings, lists=lists),
        songs=SongService(database, catalogue),
        status=StatusService(database, catalogue, workers),
        taste=TasteService(database, catalogue, workers),
        training=training,
    )


def _homes(accounts: AccountService, others: Homes) -> Homes:
    """Return where linked accounts have playlists, and others."""
    own = {PlaceKind.SPOTIFY: accounts.playlists_of} if accounts.has_spotify else {}
    return {**own, **others}
