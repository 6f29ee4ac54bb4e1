"""What a listener's labels say about them, before any model."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeatureLean:
    """One feature among likes, dislikes and the whole catalogue, in the feature's own unit.

    ``effect`` is the difference of the means of likes and dislikes in standard deviations of the
    catalogue (Cohen's d with the catalogue's spread), shrunk towards 0 for few labels. Means are
    None where no song of that kind has the value.
    """

    feature: str
    liked_mean: float | None
    disliked_mean: float | None
    catalogue_mean: float
    catalogue_sd: float
    effect: float


@dataclass(frozen=True, slots=True)
class GenreCount:
    """Labels of one genre."""

    genre: str
    likes: int
    dislikes: int


@dataclass(frozen=True, slots=True)
class TasteProfile:
    """A listener's taste in counts and means.

    Attributes:
        n_likes: Current likes.
        n_dislikes: Current dislikes.
        leans: Every feature, strongest absolute effect first.
        genres: Every labelled genre, most labels first.
        top_artists: Artists with the most likes, at most five, with the number of likes.
        lean_words: What the strongest reliable leans mean in words (``"acoustic"``, ``"fast"``),
            at most three; empty while nothing stands out.
    """

    n_likes: int
    n_dislikes: int
    leans: tuple[FeatureLean, ...]
    genres: tuple[GenreCount, ...]
    top_artists: tuple[tuple[str, int], ...]
    lean_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerMean:
    """What other listeners of a server like on average.

    Attributes:
        n_listeners: How many others, so many that nobody can be read out of their mean.
        percentiles: Mean over them of ``TasteAxis.liked``, by feature.
    """

    n_listeners: int
    percentiles: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class TasteAxis:
    """One feature of the liked songs among all songs of the catalogue.

    Attributes:
        feature: Name in ``domain.features``.
        liked: Mean rank of the liked songs among the catalogue's, in [0, 100]; above 50 they are
            higher than most.
        other: The same of whoever it is compared with.
    """

    feature: str
    liked: float
    other: float


@dataclass(frozen=True, slots=True)
class TasteRadar:
    """The liked songs on several features.

    Attributes:
        axes: In a fixed order; features without any known value are left out.
        n_likes: Likes that it is drawn from.
        n_others: Listeners whose mean ``TasteAxis.other`` is; None for the catalogue's mean.
    """

    axes: tuple[TasteAxis, ...]
    n_likes: int
    n_others: int | None


@dataclass(frozen=True, slots=True)
class TasteMap:
    """Rated songs by tempo (BPM) and energy (in [0, 1]).

    Attributes:
        likes: Tempo and energy of every liked song where both are known.
        dislikes: The same of the disliked ones.
        n_without_tempo: Rated songs of unknown tempo.
        n_without_energy: Rated songs of known tempo and unknown energy.
    """

    likes: tuple[tuple[float, float], ...]
    dislikes: tuple[tuple[float, float], ...]
    n_without_tempo: int
    n_without_energy: int
