"""What a listener wants songs limited to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SongFilter:
    """Conditions that all hold; None or False asks for nothing.

    A song whose value is unknown does not meet a condition on it.

    Attributes:
        genre: Songs under any name for it (``domain.genres``) pass.
        country: Of the main artist, ISO 3166-1 alpha-2.
        years: First and last year of release, both included.
        clean: Only songs that are known not to be explicit.
    """

    genre: str | None = None
    country: str | None = None
    years: tuple[int, int] | None = None
    clean: bool = False

    @property
    def is_open(self) -> bool:
        """Whether every song passes."""
        return self == SongFilter()
