"""Why tastes cannot be held against each other."""

from musicrec.domain.errors import MusicRecError
from musicrec.domain.ids import ListenerId


class NotComparableError(MusicRecError):
    """Somebody has not opted in, or has no model; which of both is nobody else's business."""

    def __init__(self, missing: tuple[ListenerId, ...]) -> None:
        super().__init__(f"{len(missing)} of them have not opted in or have no model yet")
        self.missing = missing
