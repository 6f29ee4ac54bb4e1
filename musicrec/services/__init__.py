"""Everything a cog may call: one class per listener intention."""

from musicrec.services.accounts import AccountService
from musicrec.services.adding import AddedSong, SongAdding
from musicrec.services.audits import AuditService
from musicrec.services.blends import Blend
from musicrec.services.cards import CardService
from musicrec.services.corrections import (
    CorrectionService,
    Said,
    SaidChange,
    StandingCorrection,
)
from musicrec.services.duels import DuelChoice, DuelOutcome, DuelService
from musicrec.services.edit_runs import EditRuns
from musicrec.services.exploring import USUAL_ADVENTURE, ExploringService
from musicrec.services.exploring_views import Exploration, ExploredSong, Outlook, ProposedPlace
from musicrec.services.foundation import RANKINGS
from musicrec.services.hints import HintService, HintState, TakenHints
from musicrec.services.history import HistoryService, Rewind, UndoOutcome
from musicrec.services.label_outcome import LabelChange, LabelOutcome
from musicrec.services.labels import LabelService
from musicrec.services.learning import SongLearning
from musicrec.services.linking import LinkOffer
from musicrec.services.links import LinkService
from musicrec.services.listenbrainz import SentBack, TakenOver
from musicrec.services.passport import PassportService, PassportView
from musicrec.services.pictures import ModelDrawing, ModelPicture, PictureService
from musicrec.services.playlist_copies import Copied, CopyState, PlaylistCopies
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
from musicrec.services.playlists import PROBABILITY, PlaylistService, SortView
from musicrec.services.predictions import Prediction, PredictionService
from musicrec.services.privacy import DataSummary, DeletionReceipt, PrivacyService
from musicrec.services.rating import Duel, RatingService, Suggestion
from musicrec.services.recommendations import Recommendations, RecommendationService
from musicrec.services.scoreboard import ScoreboardService, ScoreboardView
from musicrec.services.server_plans import PlanStarted
from musicrec.services.server_posts import post_nonce
from musicrec.services.sharing import SharingService
from musicrec.services.songs import SongService
from musicrec.services.status import MOST_COUNTED, Pulse, Status, StatusService
from musicrec.services.taste import TasteService, TasteView
from musicrec.services.training import ModelFate, TrainingOutcome, TrainingService
from musicrec.services.week_delivery import WeekDelivery
from musicrec.services.week_files import week_files
from musicrec.services.weekly import (
    Composer,
    Sent,
    WeeklyService,
    WeekPost,
    next_slot,
    week_nonce,
)
from musicrec.services.wiring import Services, build_services
from musicrec.services.zones import (
    UTC_ZONE,
    country_of_zone,
    has_one_zone,
    likely_zone,
    zone_of,
    zones_like,
)
from musicrec.sources import SourceReport

__all__ = [
    "MOST_COUNTED",
    "PLACE_NAMES",
    "PROBABILITY",
    "RANKINGS",
    "USUAL_ADVENTURE",
    "UTC_ZONE",
    "AccountService",
    "AddedSong",
    "AuditService",
    "Blend",
    "CardService",
    "Composer",
    "Copied",
    "CopyState",
    "CorrectionService",
    "DataSummary",
    "DeletionReceipt",
    "Duel",
    "DuelChoice",
    "DuelOutcome",
    "DuelService",
    "EditOutcome",
    "EditRuns",
    "Exploration",
    "ExploredSong",
    "ExploringService",
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
    "Outlook",
    "PassportService",
    "PassportView",
    "PictureService",
    "PlanStarted",
    "PlaylistCopies",
    "PlaylistEdits",
    "PlaylistMaking",
    "PlaylistPlaces",
    "PlaylistService",
    "Prediction",
    "PredictionService",
    "PrivacyService",
    "ProposedPlace",
    "Pulse",
    "RatingService",
    "RecommendationService",
    "Recommendations",
    "Rewind",
    "Said",
    "SaidChange",
    "ScoreboardService",
    "ScoreboardView",
    "Sent",
    "SentBack",
    "Services",
    "SharingService",
    "SongAdding",
    "SongLearning",
    "SongService",
    "SortView",
    "SourceReport",
    "StandingCorrection",
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
    "WeekDelivery",
    "WeekPost",
    "WeeklyService",
    "build_services",
    "country_of_zone",
    "has_one_zone",
    "likely_zone",
    "next_slot",
    "post_nonce",
    "week_files",
    "week_nonce",
    "zone_of",
    "zones_like",
]
