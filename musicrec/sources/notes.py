"""What was learned about one song so far, and how each source answered."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from musicrec.domain.errors import SourceClosedError, SourceError
from musicrec.sources.facts import Facts


class SourceState(StrEnum):
    """How a source answered; of several answers the one that is last in this list counts."""

    UNKNOWN = "unknown"
    OK = "ok"
    CLOSED = "closed"
    UNAVAILABLE = "unavailable"


_SEVERITY = {state: number for number, state in enumerate(SourceState)}


@dataclass(frozen=True, slots=True)
class SourceReport:
    """How one source answered about one song.

    Attributes:
        source: Its name, as people know it.
        state: The worst of its answers.
        closed_until: When it may be asked again, where it is closed.
        reason: Why it is closed or unavailable.
    """

    source: str
    state: SourceState
    closed_until: datetime | None = None
    reason: str = ""


class Notes:
    """Collects answers.

    Attributes:
        facts: What was answered, in the order of the questions.
        reports: By source.
    """

    def __init__(self) -> None:
        self.facts: list[Facts] = []
        self.reports: dict[str, SourceReport] = {}

    async def ask(self, *questions: tuple[str, Awaitable[Facts | None]]) -> None:
        """Put questions to the named sources at once; one that fails stops no other.

        What else fails than a source is raised when all have answered.
        """
        answers = await asyncio.gather(*(each for _, each in questions), return_exceptions=True)
        for (source, _), answer in zip(questions, answers, strict=True):
            if isinstance(answer, SourceError):
                self.fail(source, answer)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                self.note(source, answer)

    def note(self, source: str, answer: Facts | None) -> None:
        """Take down one answer."""
        self.note_state(source, is_known=answer is not None)
        if answer is not None:
            self.facts.append(answer)

    def note_state(self, source: str, *, is_known: bool) -> None:
        """Remember that a source could be asked, and whether it knew."""
        self.report(SourceReport(source, SourceState.OK if is_known else SourceState.UNKNOWN))

    def fail(self, source: str, error: SourceError) -> None:
        """Remember that a source could not be asked."""
        self.report(_failure(source, error))

    def report(self, report: SourceReport) -> None:
        """Remember how a source answered, unless it is known to have answered worse."""
        known = self.reports.get(report.source)
        if known is None or _SEVERITY[known.state] <= _SEVERITY[report.state]:
            self.reports[report.source] = report

    def has(self, source: str) -> bool:
        """Whether a source has told something."""
        return any(each.source == source for each in self.facts)

    def mbid_of(self, source: str) -> str:
        """The first that a source told; empty where it told none."""
        told = (each.mbid for each in self.facts if each.source == source and each.mbid)
        return next(told, "")

    @property
    def isrc(self) -> str:
        """The first known; empty where none is."""
        return next((isrc for each in self.facts for isrc in each.isrcs), "")

    @property
    def mbid(self) -> str:
        """The first known; empty where none is."""
        return next((each.mbid for each in self.facts if each.mbid), "")

    @property
    def artist_mbid(self) -> str:
        """The first known; empty where none is."""
        return next((each.artist_mbid for each in self.facts if each.artist_mbid), "")

    @property
    def spotify_id(self) -> str:
        """The first known; empty where none is."""
        return next((one for each in self.facts for one in each.spotify_ids), "")

    @property
    def deezer_album_id(self) -> str:
        """The first known; empty where none is."""
        return next((each.deezer_album_id for each in self.facts if each.deezer_album_id), "")

    @property
    def names(self) -> tuple[str, str] | None:
        """Main artist and title, where some source knows both."""
        named = (each for each in self.facts if each.artists and each.title)
        return next(((each.artists[0], each.title) for each in named), None)


def _failure(source: str, error: SourceError) -> SourceReport:
    if isinstance(error, SourceClosedError):
        return SourceReport(source, SourceState.CLOSED, error.until, error.reason)
    return SourceReport(source, SourceState.UNAVAILABLE, reason=error.reason)
