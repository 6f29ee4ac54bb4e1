"""What a listener's labels say about them, before any model."""

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
