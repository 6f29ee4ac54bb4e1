"""What several services are made of, each of it once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from musicrec.accounts.opening import Accounts
from musicrec.catalogue import CurrentCatalogue
from musicrec.services.borrowing import BorrowingService
from musicrec.services.corrections import CorrectionService
from musicrec.services.rankings import RankingStore
from musicrec.services.scores import ScoreCache
from musicrec.services.training import TrainingService
from musicrec.storage import Database
from musicrec.workers import Workers

RANKINGS: Final = "rankings"
"""Folder, in the data folder, of what can be ranked anew."""


@dataclass(frozen=True)
class Foundation:
    """Database, catalogue and workers, and what stands on them and is shared."""

    database: Database
    catalogue: CurrentCatalogue
    workers: Workers
    linkable: Accounts
    clock: Callable[[], datetime]

    @cached_property
    def scores(self) -> ScoreCache:
        """Model scores that are kept in memory."""
        return ScoreCache(self.workers)

    @cached_property
    def rankings(self) -> RankingStore:
        """Every listener's best songs."""
        return RankingStore(self.catalogue.data_dir / RANKINGS, self.workers)

    @cached_property
    def training(self) -> TrainingService:
        """Fits models."""
        return TrainingService(
            self.database,
            self.catalogue,
            self.workers,
            self.scores,
            self.rankings,
            clock=self.clock,
        )

    @cached_property
    def borrowing(self) -> BorrowingService:
        """Lets guesses lean on others."""
        return BorrowingService(self.database, self.catalogue, self.training, self.scores)

    @cached_property
    def corrections(self) -> CorrectionService:
        """What listeners said beside verdicts."""
        return CorrectionService(self.database, self.catalogue)
