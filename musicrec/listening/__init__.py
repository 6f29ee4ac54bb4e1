"""What a file of music tells by itself: how it sounds, and what its tags say.

Needs the optional packages of ``musicrec[audio]``. Only ``musicrec.listening.job`` imports them,
and only when it runs, in a process of its own (``musicrec.workers.LoneWorker``): files are made by
strangers, and the libraries that read them are large and written in C.
"""

from importlib.util import find_spec
from typing import Final

from musicrec.domain.errors import ExtraMissingError
from musicrec.listening.files import MOST_BYTES, require_audio
from musicrec.listening.heard import ESTIMATED, Heard, Tags

__all__ = ["ESTIMATED", "MOST_BYTES", "Heard", "Tags", "require_audio", "require_installed"]

_NEEDED: Final = ("av", "librosa", "pyloudnorm")


def require_installed() -> None:
    """Refuse to listen where a package for it is missing.

    Raises:
        ExtraMissingError: One is.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise ExtraMissingError(extra="audio", purpose="listen to files")
