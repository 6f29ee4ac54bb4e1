"""Why something could not be posted in a server."""

from musicrec.domain.errors import MusicRecError


class ChannelLostError(MusicRecError):
    """The channel is gone or closed to the bot; says so to those who manage the server."""


class PostDelayedError(MusicRecError):
    """Discord failed, and the message may have arrived all the same; it is tried again."""
