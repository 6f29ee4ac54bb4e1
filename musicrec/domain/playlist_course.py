"""How a playlist goes from song to song, as it is and in another order."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Course:
    """One feature along a list.

    Attributes:
        now: Values in the order of the list; None where unknown.
        then: The same values in the new order.
    """

    now: tuple[float | None, ...]
    then: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class PlaylistCourse:
    """A list before and after it is sorted.

    Attributes:
        by: The new order, for people.
        courses: By name of the feature in ``domain.features``, at least one; all of one length.
    """

    by: str
    courses: Mapping[str, Course]

    @property
    def n_songs(self) -> int:
        """Length of the list."""
        return len(next(iter(self.courses.values())).now)
