"""What single features do to a model's answers, averaged over songs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeatureEffect:
    """How the mean probability of a like moves along one feature.

    Attributes:
        feature: Name in ``domain.features``.
        points: Of its range in its own unit, ascending, at least two.
        p_like: Mean probability in [0, 1] if every song had that value, for each of ``points``.
    """

    feature: str
    points: tuple[float, ...]
    p_like: tuple[float, ...]

    @property
    def size(self) -> float:
        """Distance between the highest and the lowest mean probability, in [0, 1]."""
        return max(self.p_like) - min(self.p_like)


@dataclass(frozen=True, slots=True)
class GenreEffect:
    """The mean probability of a like if every song were of one genre, in [0, 1]."""

    genre: str
    p_like: float


@dataclass(frozen=True, slots=True)
class FeatureEffects:
    """The effects of one model.

    Attributes:
        features: Largest effect first.
        genres: Highest probability first; empty, or at least two.
        p_like: Mean probability of the songs as they are.
        n_songs: Songs that were averaged over.
    """

    features: tuple[FeatureEffect, ...]
    genres: tuple[GenreEffect, ...]
    p_like: float
    n_songs: int

    @property
    def genre_size(self) -> float:
        """Distance between the genres' extremes, in [0, 1]; 0 without genres."""
        return self.genres[0].p_like - self.genres[-1].p_like if self.genres else 0.0
