"""What became of the songs that were recommended."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acceptance:
    """How many of the songs that a listener was recommended they rated, and how many they like.

    A song that was shown and not rated says nothing: it counts neither for nor against.

    Attributes:
        n_days: How far back it looks.
        n_shown: Different songs recommended in that time.
        n_rated: Of these, rated by now.
        n_liked: Of these, liked.
    """

    n_days: int
    n_shown: int
    n_rated: int
    n_liked: int
