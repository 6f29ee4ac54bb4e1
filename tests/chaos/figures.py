"""What a scenario is told, and what it finds."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias


@dataclass(frozen=True)
class Setting:
    """Where and how much.

    Attributes:
        database: Address of a database with all tables and no rows.
        folder: Of the scenario's own, empty.
        kills: How many.
        seed: Of everything that is left to chance.
    """

    database: str
    folder: Path
    kills: int
    seed: int


@dataclass(frozen=True)
class Figures:
    """What came of it.

    Attributes:
        scenario: Its name.
        database: ``"sqlite"`` or ``"postgresql"``.
        kills: Processes that were killed while they worked.
        lost: What was acknowledged or due and is not there.
        duplicated: What is there twice.
        wrong: What is there otherwise than it should be.
        details: What else was counted.
    """

    scenario: str
    database: str
    kills: int
    lost: int
    duplicated: int
    wrong: int
    details: dict[str, int]
    seconds: float = 0.0

    @property
    def is_sound(self) -> bool:
        return not (self.lost or self.duplicated or self.wrong)

    def document(self) -> dict[str, Any]:
        return asdict(self)


Scenario: TypeAlias = Callable[[Setting], Awaitable[Figures]]
