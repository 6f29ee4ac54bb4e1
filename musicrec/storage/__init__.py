"""Everything that is kept: labels, shortlists, models, guesses, cards. The only place with SQL."""

from musicrec.storage.backup import Restored, back_up, backup_ending, restore
from musicrec.storage.engine import Database
from musicrec.storage.leadership import Leadership
from musicrec.storage.migrate import BACKUPS, downgrade, upgrade
from musicrec.storage.repositories.accounts import AccountRepository
from musicrec.storage.repositories.audits import AuditRepository
from musicrec.storage.repositories.cards import CardRepository
from musicrec.storage.repositories.corrections import CorrectionRepository
from musicrec.storage.repositories.groups import Mark, Song
from musicrec.storage.repositories.guesses import GuessRepository
from musicrec.storage.repositories.hints import HintRepository
from musicrec.storage.repositories.kept_playlists import KeptPlaylistRepository
from musicrec.storage.repositories.labels import LabelRepository
from musicrec.storage.repositories.learned_songs import LearnedSongRepository
from musicrec.storage.repositories.listeners import ListenerRepository
from musicrec.storage.repositories.models import ModelRepository
from musicrec.storage.repositories.pending_links import PendingLinkRepository
from musicrec.storage.repositories.playlist_edits import PlaylistEditRepository
from musicrec.storage.repositories.shortlists import ShortlistRepository
from musicrec.storage.repositories.sources import SourceRepository
from musicrec.storage.repositories.week_work import WeekWorkRepository
from musicrec.storage.repositories.weekly_plans import WeeklyPlanRepository
from musicrec.storage.repositories.weeks import WeekRepository
from musicrec.storage.shard_locks import ANY_COUNT, Obstacle, ShardLocks
from musicrec.storage.unit_of_work import UnitOfWork
from musicrec.storage.urls import sqlite_file, sqlite_url

__all__ = [
    "ANY_COUNT",
    "BACKUPS",
    "AccountRepository",
    "AuditRepository",
    "CardRepository",
    "CorrectionRepository",
    "Database",
    "GuessRepository",
    "HintRepository",
    "KeptPlaylistRepository",
    "LabelRepository",
    "Leadership",
    "LearnedSongRepository",
    "ListenerRepository",
    "Mark",
    "ModelRepository",
    "Obstacle",
    "PendingLinkRepository",
    "PlaylistEditRepository",
    "Restored",
    "ShardLocks",
    "ShortlistRepository",
    "Song",
    "SourceRepository",
    "UnitOfWork",
    "WeekRepository",
    "WeekWorkRepository",
    "WeeklyPlanRepository",
    "back_up",
    "backup_ending",
    "downgrade",
    "restore",
    "sqlite_file",
    "sqlite_url",
    "upgrade",
]
