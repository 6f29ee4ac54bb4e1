"""What exploring shows: places to go, and songs from there."""

from dataclasses import dataclass

from musicrec.domain.places import News, Place
from musicrec.domain.shortlist import Shortlist, ShortlistEntry
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track


@dataclass(frozen=True, slots=True)
class ProposedPlace:
    """A place to go.

    Attributes:
        place: Where.
        p_like: Mean chance of its best songs.
        n_rated: Songs from there that the listener rated.
        example: One of its best songs.
    """

    place: Place
    p_like: float
    n_rated: int
    example: Track


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a listener may go; ``is_everywhere``: nothing is left from where they were not."""

    places: tuple[ProposedPlace, ...]
    adventure: float
    n_labels: int
    is_everywhere: bool


@dataclass(frozen=True, slots=True)
class ExploredSong:
    """A song from elsewhere.

    Attributes:
        track: The song.
        entry: Its place in the shortlist, with the model's reason.
        near: Liked songs that it sounds like most, nearest first.
        news: What is new about it.
        is_country_weak: Its country is only that of its ISRC.
    """

    track: Track
    entry: ShortlistEntry
    near: tuple[Track, ...]
    news: News
    is_country_weak: bool


@dataclass(frozen=True, slots=True)
class Exploration:
    """A stored shortlist of songs from elsewhere.

    Attributes:
        shortlist: As it was stored.
        songs: In its order.
        only: Where they come from.
        is_new: The listener has hardly been where each of them comes from.
        adventure: In [0, 1].
        n_labels: Ratings that the model learned from.
    """

    shortlist: Shortlist
    songs: tuple[ExploredSong, ...]
    only: SongFilter
    is_new: bool
    adventure: float
    n_labels: int
