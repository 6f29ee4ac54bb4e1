"""Which files are listened to at all, judged before a byte of them is read."""

from pathlib import PurePath
from typing import Final

from musicrec.domain.errors import BadInputError

MOST_BYTES: Final = 25 * 2**20
"""Of one file: ten minutes of MP3 at its best, or a song without loss."""

ENDINGS: Final = frozenset(
    {"aac", "aif", "aiff", "flac", "m4a", "mka", "mp3", "mp4", "oga", "ogg", "opus", "wav", "webm"}
)
"""Of the containers that ``decoding`` opens."""

_OTHER_KINDS: Final = frozenset({"application", "video"})
"""Kinds of content that sound may come as, such as ``application/ogg`` and ``video/mp4``."""


def require_audio(name: str, content_type: str | None, n_bytes: int) -> None:
    """Refuse what is no file of music by its looks, or too large.

    Args:
        name: Of the file.
        content_type: What it is said to contain, ``audio/mpeg``; None where nobody said.
        n_bytes: Its size.

    Raises:
        BadInputError: It is refused; the message says why and what to give.
    """
    ending = PurePath(name).suffix.removeprefix(".").lower()
    kind = (content_type or "audio").partition("/")[0].lower()
    if ending not in ENDINGS or kind not in {"audio", *_OTHER_KINDS}:
        msg = "That is no file of music: give an MP3, M4A, FLAC, OGG, Opus, WAV or AIFF file."
        raise BadInputError(msg)
    if n_bytes > MOST_BYTES:
        msg = f"The file is larger than {MOST_BYTES >> 20} MB: give a shorter or smaller one."
        raise BadInputError(msg)
