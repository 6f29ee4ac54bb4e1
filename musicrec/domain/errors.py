"""Every failure that a listener or operator may meet, as one small tree.

    MusicRecError
    ├── BadInputError            a file, row or argument that cannot be used
    ├── NotEnoughLabelsError     too few ratings, or only one kind of them
    ├── TrackNotFoundError       no such song in the catalogue
    ├── GenreNotFoundError       no such genre in the catalogue
    ├── NothingToRecommendError  every song that fits is known or excluded
    ├── NoModelError             nothing was learned about this listener yet
    ├── ModelFormatError         a stored model is damaged, foreign or newer than this program
    ├── CatalogueMissingError    there are no songs at all
    ├── BuildRunsError           the catalogue is being built by another process
    ├── WorkersBusyError         the queue of heavy work is full
    ├── WorkerLostError          a worker died while it worked, or all are out of reach
    ├── ExtraMissingError        optional packages are not installed
    ├── SongUnknownError         no outside service knows a song
    ├── SourceError              an outside service cannot be asked
    │   ├── SourceClosedError        it asked us to stay away for a time
    │   └── SourceUnavailableError   it is down, too slow, or answers nonsense
    │       └── NotInvitedError          it does not let our application serve this account
    ├── NotLinkedError           the listener has linked no such account
    ├── AccountLostError         a linked account does not accept us any more
    ├── NotAllowedError          a linked account does not allow us what is asked for
    ├── LinkingOffError          accounts cannot be linked, because the operator did not set it up
    ├── LinkFailedError          an account was not linked; the message says why
    ├── PlaylistUnusableError    a playlist is gone, or may not be read or changed
    ├── EditRefusedError         an edit of a playlist cannot be made, shown or taken back
    └── StorageError             the database is out of reach or of a newer version
        └── SealedError              no key opens what is kept encrypted

Each carries facts; ``str(error)`` is a plain sentence for the command line and the log.
``cogs`` words them for Discord.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


class MusicRecError(Exception):
    """An expected failure."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes whole, although the constructors take facts, not text."""
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(
    cls: type[MusicRecError], args: tuple[object, ...], facts: Mapping[str, object]
) -> MusicRecError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(facts)
    return error


class BadInputError(MusicRecError):
    """A file, row or argument cannot be used; the message says why and what to do."""


class NotEnoughLabelsError(MusicRecError):
    """Too few ratings to learn from.

    Attributes:
        likes: Current likes.
        dislikes: Current dislikes.
        need_labels: Ratings needed in all.
        need_each: Ratings needed of each kind.
    """

    def __init__(self, *, likes: int, dislikes: int, need_labels: int, need_each: int) -> None:
        self.likes = likes
        self.dislikes = dislikes
        self.need_labels = need_labels
        self.need_each = need_each
        super().__init__(
            f"{likes} likes and {dislikes} dislikes are too few to learn from: at least "
            f"{need_labels} ratings are needed, {need_each} of each kind."
        )

    @property
    def missing_labels(self) -> int:
        """How many more ratings are needed at the least."""
        missing_of_a_kind = max(0, self.need_each - self.likes) + max(
            0, self.need_each - self.dislikes
        )
        return max(self.need_labels - self.likes - self.dislikes, missing_of_a_kind)


class TrackNotFoundError(MusicRecError):
    """No such song in the catalogue."""

    def __init__(self, asked_for: str) -> None:
        self.asked_for = asked_for
        super().__init__(f"No song was found for {asked_for!r}.")


class GenreNotFoundError(MusicRecError):
    """No such genre in the catalogue.

    Attributes:
        genre: What was asked for.
        nearest: Genres that exist, nearest in spelling first.
    """

    def __init__(self, genre: str, nearest: tuple[str, ...]) -> None:
        self.genre = genre
        self.nearest = nearest
        super().__init__(f"There is no genre {genre!r}; try one of: {', '.join(nearest)}.")


class NothingToRecommendError(MusicRecError):
    """Every song that fits is known to the listener or excluded.

    Attributes:
        genre: That was asked for, if any.
        is_narrow: Something else was asked for too: a country, years, clean songs.
    """

    def __init__(self, genre: str | None = None, *, is_narrow: bool = False) -> None:
        self.genre = genre
        self.is_narrow = is_narrow
        where = f" in {genre}" if genre else ""
        super().__init__(f"No unheard song is left{where}.")


class NoModelError(MusicRecError):
    """Nothing was learned about this listener yet."""


class ModelFormatError(MusicRecError):
    """A stored model is damaged, foreign, or newer than this program."""


class CatalogueMissingError(MusicRecError):
    """There are no songs: nothing was imported and the demo catalogue is not installed."""


class BuildRunsError(MusicRecError):
    """Another process builds or imports into the catalogue right now."""

    def __init__(self) -> None:
        super().__init__("The catalogue is being built by another process; wait until it is done.")


class WorkersBusyError(MusicRecError):
    """The queue of heavy work is full; try again in a moment."""

    def __init__(self, queued: int) -> None:
        self.queued = queued
        super().__init__(f"{queued} jobs are already waiting; try again in a moment.")


class WorkerLostError(MusicRecError):
    """A worker died while it worked, or a cluster cannot be used; the message says what to do."""


class ExtraMissingError(MusicRecError):
    """Optional packages that something needs are not installed.

    Attributes:
        extra: Its name, as ``pip install 'musicrec[…]'`` takes it.
        purpose: What needs it, as in "to …".
    """

    def __init__(self, extra: str, purpose: str) -> None:
        self.extra = extra
        self.purpose = purpose
        super().__init__(f"Packages to {purpose} are missing: pip install 'musicrec[{extra}]'")


class SongUnknownError(MusicRecError):
    """Neither the catalogue nor any outside service that could be asked knows a song.

    Attributes:
        asked_for: What somebody gave.
        silent: Names of the services that could not be asked.
    """

    def __init__(self, asked_for: str, silent: tuple[str, ...] = ()) -> None:
        self.asked_for = asked_for
        self.silent = silent
        super().__init__(f"No source knows the song {asked_for!r}.")


class SourceError(MusicRecError):
    """An outside service that knows songs cannot be asked.

    Attributes:
        source: Its name, as people know it.
        reason: Why, in a few words.
    """

    def __init__(self, source: str, reason: str) -> None:
        self.source = source
        self.reason = reason
        super().__init__(f"{source} cannot be asked: {reason}.")


class SourceClosedError(SourceError):
    """A service asked us to stay away for a time, or its budget of the day is spent.

    Attributes:
        until: When it may be asked again, aware UTC.
    """

    def __init__(self, source: str, reason: str, *, until: datetime) -> None:
        self.until = until
        super().__init__(
            source, f"{reason}; it may be asked again at {until:%Y-%m-%d %H:%M:%S} UTC"
        )


class SourceUnavailableError(SourceError):
    """A service is down, refuses, takes too long, or answers what cannot be understood."""


class NotInvitedError(SourceUnavailableError):
    """A service does not let our application serve this account."""

    def __init__(self, source: str) -> None:
        super().__init__(source, "whoever runs this bot has not invited this account there")


class NotLinkedError(MusicRecError):
    """The listener has linked no such account.

    Attributes:
        account: Name of the service, as people know it.
    """

    def __init__(self, account: str) -> None:
        self.account = account
        super().__init__(f"No {account} account is linked.")


class AccountLostError(MusicRecError):
    """A linked account does not accept us any more; it is not linked from now on.

    Attributes:
        account: Name of the service, as people know it.
    """

    def __init__(self, account: str) -> None:
        self.account = account
        super().__init__(f"{account} does not accept the link to the account any more.")


class NotAllowedError(MusicRecError):
    """The listener linked an account without allowing what is needed now; linking anew asks for it.

    Attributes:
        account: Name of the service, as people know it.
    """

    def __init__(self, account: str) -> None:
        self.account = account
        super().__init__(f"The link to the {account} account does not allow that.")


class LinkingOffError(MusicRecError):
    """Accounts cannot be linked, because the operator did not set it up.

    Attributes:
        account: Name of the service, as people know it.
        missing: The setting that is missing.
    """

    def __init__(self, account: str, missing: str) -> None:
        self.account = account
        self.missing = missing
        super().__init__(
            f"{account} accounts cannot be linked here: {missing} is missing in the settings."
        )


class LinkFailedError(MusicRecError):
    """An account was not linked; the message says why and what to do, to whoever tried."""


class PlaylistUnusableError(MusicRecError):
    """A playlist is gone, or may not be read or changed; the message says which and why."""


class EditRefusedError(MusicRecError):
    """An edit of a playlist cannot be made, shown or taken back; the message says why."""


class StorageError(MusicRecError):
    """The database is out of reach, or of a newer version than this program."""


class SealedError(StorageError):
    """No key opens what is kept encrypted; nothing is lost as long as the key is found again."""

    def __init__(self) -> None:
        super().__init__(
            "None of the keys in TOKEN_KEYS opens the stored accounts: put the key back that was "
            "there when they were linked."
        )
