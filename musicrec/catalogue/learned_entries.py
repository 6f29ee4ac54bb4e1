"""What is shown of a learned song: everything that is known about it, as one song."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from musicrec.catalogue.learned_words import asked
from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.domain.features import (
    ALBUM,
    ARTISTS,
    COUNTRY,
    FEATURE_NAMES,
    GENRE,
    SONG_COLUMNS,
    TEXT_COLUMNS,
    TITLE,
    TRACK_ID,
)
from musicrec.domain.learned_song import LearnedSong
from musicrec.domain.track import Track

_POPULARITY: Final = "popularity"
_AND: Final = ", "
"""Between the names in ``Track.source``."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is shown in a row.

    Attributes:
        songs: What was learned about it, newest first; one of each id.
        track: They and what the snapshot knows, as one song.
        title: Its words, folded as those of a search are.
    """

    songs: tuple[LearnedSong, ...]
    track: Track
    title: str

    @property
    def popularity(self) -> float:
        """As in the song table; -1 where unknown."""
        return self.track.features.get(_POPULARITY, -1.0)


def entry_of(song: LearnedSong, older: Sequence[Entry | None], stored: Sequence[Track]) -> Entry:
    """Put together what is known about a song: later learned before earlier, the snapshot last."""
    others = [each for entry in older if entry is not None for each in entry.songs]
    others.sort(key=lambda each: -(each.number or 0))
    songs = (song, *(each for each in others if each.track.id != song.track.id))
    known = [*(each.track for each in songs), *stored]
    first = stored[0] if stored else known[-1]
    track = replace(_joined(known), id=first.id)
    return Entry(songs, track, " ".join(asked(track.title)))


def song_table(tracks: Iterable[Track]) -> pd.DataFrame:
    """Return songs as a song table; index 0, 1, …."""
    table = pd.DataFrame(map(_cells, tracks), columns=list(SONG_COLUMNS))
    texts = dict.fromkeys(TEXT_COLUMNS, "str")
    return table.astype(texts | dict.fromkeys(FEATURE_NAMES, "float64"))


def _joined(tracks: Sequence[Track]) -> Track:
    """Return the first song, with what it does not know from the next one; as builds do."""
    song, *others = tracks
    sources = [name for each in tracks for name in each.source.split(_AND) if name]
    for other in others:
        features = {**other.features, **song.features}
        popular = [each.features.get(_POPULARITY) for each in (song, other)]
        highest = max((value for value in popular if value is not None), default=None)
        song = replace(
            song,
            artists=song.artists or other.artists,
            album=song.album or other.album,
            genre=song.genre or other.genre,
            country=song.country or other.country,
            features=features if highest is None else features | {_POPULARITY: highest},
        )
    return replace(song, source=_AND.join(dict.fromkeys(sources)))


def _cells(track: Track) -> dict[str, str | float | None]:
    texts: dict[str, str | float | None] = {
        TRACK_ID: track.id,
        TITLE: track.title,
        ARTISTS: ARTIST_SEPARATOR.join(track.artists) or None,
        ALBUM: track.album or None,
        GENRE: track.genre,
        COUNTRY: track.country,
    }
    return texts | dict(track.features)
