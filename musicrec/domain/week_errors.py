"""Why a weekly list could not be brought.

    WeekPostError
    ├── PlaceClosedError     closed direct messages, or no permission to write there
    ├── PlaceGoneError       the channel was deleted, or the listener left
    └── PostingFailedError   Discord is out of reach or failed: it is tried again

The first two wait for the listener, who learns of them at their next command.
"""

from musicrec.domain.errors import MusicRecError


class WeekPostError(MusicRecError):
    """A weekly list could not be brought; the message says why, in words for the listener."""


class PlaceClosedError(WeekPostError):
    """The place is there, and the bot may not write to it; the message says what to change."""


class PlaceGoneError(WeekPostError):
    """The place is not there any more; the message offers to choose another one."""


class PostingFailedError(WeekPostError):
    """It is not known why, or it will pass; the message may have arrived all the same."""
