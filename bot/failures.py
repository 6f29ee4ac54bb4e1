"""Failures of starting up that only the process can meet."""

from musicrec.domain.errors import MusicRecError


class StartError(MusicRecError):
    """The bot cannot start; the message is one sentence that says what to do."""
