"""Everything that one transaction may touch."""

from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.storage.repositories.accounts import AccountRepository
from musicrec.storage.repositories.audits import AuditRepository
from musicrec.storage.repositories.cards import CardRepository
from musicrec.storage.repositories.comparing import ComparingRepository
from musicrec.storage.repositories.corrections import CorrectionRepository
from musicrec.storage.repositories.groups import GroupRepository
from musicrec.storage.repositories.guesses import GuessRepository
from musicrec.storage.repositories.heard_events import HeardEventRepository
from musicrec.storage.repositories.hints import HintRepository
from musicrec.storage.repositories.kept_playlists import KeptPlaylistRepository
from musicrec.storage.repositories.labels import LabelRepository
from musicrec.storage.repositories.learned_songs import LearnedSongRepository
from musicrec.storage.repositories.link_channels import LinkChannelRepository
from musicrec.storage.repositories.listeners import ListenerRepository
from musicrec.storage.repositories.models import ModelRepository
from musicrec.storage.repositories.pending_links import PendingLinkRepository
from musicrec.storage.repositories.personal import PersonalRepository
from musicrec.storage.repositories.planned_posts import PlannedPostRepository
from musicrec.storage.repositories.playlist_copies import PlaylistCopyRepository
from musicrec.storage.repositories.playlist_edits import PlaylistEditRepository
from musicrec.storage.repositories.quiet_hours import QuietHoursRepository
from musicrec.storage.repositories.server_plans import ServerPlanRepository
from musicrec.storage.repositories.servers import ServerRepository
from musicrec.storage.repositories.sharing import SharingRepository
from musicrec.storage.repositories.shortlists import ShortlistRepository
from musicrec.storage.repositories.sources import SourceRepository
from musicrec.storage.repositories.turns import TurnRepository
from musicrec.storage.repositories.week_previews import WeekPreviewRepository
from musicrec.storage.repositories.week_work import WeekWorkRepository
from musicrec.storage.repositories.weekly_plans import WeeklyPlanRepository
from musicrec.storage.repositories.weeks import WeekRepository


class UnitOfWork:
    """The repositories of one transaction; of no use after it."""

    def __init__(self, session: AsyncSession) -> None:
        self.listeners = ListenerRepository(session)
        self.labels = LabelRepository(session)
        self.cards = CardRepository(session)
        self.sharing = SharingRepository(session)
        self.comparing = ComparingRepository(session)
        self.shortlists = ShortlistRepository(session)
        self.corrections = CorrectionRepository(session)
        self.guesses = GuessRepository(session)
        self.groups = GroupRepository(session)
        self.models = ModelRepository(session)
        self.audits = AuditRepository(session)
        self.learned_songs = LearnedSongRepository(session)
        self.link_channels = LinkChannelRepository(session)
        self.sources = SourceRepository(session)
        self.accounts = AccountRepository(session)
        self.pending_links = PendingLinkRepository(session)
        self.hints = HintRepository(session)
        self.kept_playlists = KeptPlaylistRepository(session)
        self.playlist_copies = PlaylistCopyRepository(session)
        self.playlist_edits = PlaylistEditRepository(session)
        self.weekly_plans = WeeklyPlanRepository(session)
        self.weeks = WeekRepository(session)
        self.week_work = WeekWorkRepository(session)
        self.week_previews = WeekPreviewRepository(session)
        self.server_plans = ServerPlanRepository(session)
        self.planned_posts = PlannedPostRepository(session)
        self.quiet_hours = QuietHoursRepository(session)
        self.personal = PersonalRepository(session)
        self.servers = ServerRepository(session)
        self.turns = TurnRepository(session)
        self.heard_events = HeardEventRepository(session)
