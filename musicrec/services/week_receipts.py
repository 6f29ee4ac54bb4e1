"""What became of a weekly list, and what follows from it for the next one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from musicrec.catalogue import Catalogue
from musicrec.domain.features import LIKED
from musicrec.domain.identity import fold
from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind, Receipt, WeekList, WeekSong
from musicrec.taste.shifts import shifts

LONGEST_STEP: Final = 0.1
"""How far one list's answers move the adventure at most."""

_LEAST, _MOST = 0.1, 0.9
"""Answers alone never end exploring, for then no answer could begin it again."""


def receipt_of(
    last: WeekList,
    verdicts: Mapping[TrackId, bool],
    liked_before: Collection[str],
    *,
    adventure: float,
    n_skipped: int,
) -> Receipt:
    """Hold a list against what the listener said since.

    Args:
        last: The list before.
        verdicts: The listener's labels; True is liked.
        liked_before: Main artists of songs that were liked before that list, folded.
        adventure: That the listener's plan has now.
        n_skipped: Weeks since that list that were not delivered.
    """
    rated = [song for song in last.songs if song.track_id in verdicts]
    liked = [song for song in rated if verdicts[song.track_id]]
    exploring = [song for song in rated if song.kind is PickKind.EXPLORING]
    n_exploring_liked = sum(verdicts[song.track_id] for song in exploring)
    artists = {fold(song.artists[0]) for song in liked if song.artists}
    return Receipt(
        n_shown=len(last.songs),
        n_rated=len(rated),
        n_liked=len(liked),
        n_new_artists=len(artists.difference(liked_before)),
        n_exploring=len(exploring),
        n_exploring_liked=n_exploring_liked,
        adventure=moved(adventure, n_rated=len(exploring), n_liked=n_exploring_liked),
        n_skipped=n_skipped,
    )


def leans_of(
    songs: Sequence[WeekSong],
    last: WeekList,
    verdicts: Mapping[TrackId, bool],
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """Return what songs are more than those of the list before, as its answers ask for."""
    before = _known(last.songs, catalogue)
    rated = [track_id for track_id in before if track_id in verdicts]
    answered = catalogue.features(catalogue.rows_of(rated))
    return shifts(
        answered.assign(**{LIKED: [verdicts[track_id] for track_id in rated]}),
        catalogue.features(catalogue.rows_of(before)),
        catalogue.features(catalogue.rows_of(_known(songs, catalogue))),
        catalogue.sample,
    )


def _known(songs: Sequence[WeekSong], catalogue: Catalogue) -> list[TrackId]:
    """Return the songs that the catalogue still has."""
    return [song.track_id for song in songs if catalogue.row_of(song.track_id) is not None]


def moved(adventure: float, *, n_rated: int, n_liked: int) -> float:
    """Return the adventure after answers about exploring picks, in [0, 1].

    It rises where more than half of them were liked and falls where fewer were, by up to
    ``LONGEST_STEP``; few answers move it little (Laplace's rule of succession). It stays where
    nothing was answered.
    """
    if not n_rated:
        return adventure
    share = (n_liked + 1) / (n_rated + 2)
    wanted = adventure + LONGEST_STEP * (2 * share - 1)
    return round(min(max(wanted, min(_LEAST, adventure)), max(_MOST, adventure)), 3)
