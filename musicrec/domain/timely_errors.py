"""Failures that are a matter of the moment.

MusicRecError
├── TooSoonError             it was done a moment ago, and may be done again later
├── ForgottenMeanwhileError  its listener had everything deleted while it was worked on
└── WorkersBusyError
    ├── OwnWorkWaitsError        the listener has enough in the line already
    └── GroupWorkWaitsError      the people of their server have
"""

from datetime import datetime

from musicrec.domain.errors import MusicRecError, WorkersBusyError


class TooSoonError(MusicRecError):
    """Something was done a moment ago, and may be done again later.

    Attributes:
        what: What was done, the end of "I … a short while ago".
        until: From when on it may be done again, aware UTC.
    """

    def __init__(self, what: str, *, until: datetime) -> None:
        self.what = what
        self.until = until
        super().__init__(
            f"I {what} a short while ago; it works again at {until:%Y-%m-%d %H:%M:%S} UTC."
        )


class ForgottenMeanwhileError(MusicRecError):
    """Everything about a listener was deleted while something was worked on for them."""

    def __init__(self) -> None:
        super().__init__("Everything about this listener was deleted meanwhile; nothing was kept.")


class OwnWorkWaitsError(WorkersBusyError):
    """Somebody has as much waiting for a worker as one person may; ``queued`` says how much."""


class GroupWorkWaitsError(WorkersBusyError):
    """The people of one server have as much waiting as they may together."""
