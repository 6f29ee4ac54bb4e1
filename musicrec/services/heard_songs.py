"""What listening to a file adds to what is known of a song.

Listening only fills gaps. Values of the catalogue and of sources are on the one scale that models
learned from, ours are estimates; and whoever attaches a file must not change what others see.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from musicrec.domain.errors import BadInputError
from musicrec.domain.features import ALBUM
from musicrec.domain.identity import fold, track_id_of, undecorated
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.track import Track
from musicrec.listening import ESTIMATED, Heard, Tags
from musicrec.sources import AskedSong
from musicrec.sources.fields import isrc_of, tidy, valid, year_of

MEASURED: Final = "own analysis"
GUESSED: Final = "own analysis (estimate)"
TAGS: Final = "the file's tags"
TYPED: Final = "whoever added it"

_OWN: Final = frozenset({MEASURED, GUESSED, TAGS})
_YEAR: Final = "year"


def named(tags: Tags, title: str, artist: str) -> AskedSong:
    """Return the song that a file is of.

    Args:
        tags: Of the file.
        title: As somebody typed it, which comes before the tags; or empty.
        artist: The same.

    Raises:
        BadInputError: Neither says title and artist.
    """
    credited = tags.artists[0] if tags.artists else ""
    song = AskedSong(
        isrc="" if title or artist else isrc_of(tags.isrc) or "",
        artist=undecorated(tidy(artist or credited)),
        title=tidy(title or tags.title),
    )
    if not song.artist or not song.title:
        msg = "The file does not say which song it is: give its title and artist as well."
        raise BadInputError(msg)
    return song


def is_another(song: LearnedSong | None, asked: AskedSong) -> bool:
    """Whether an ISRC led to a song of another name: people copy tags from file to file."""
    if song is None or not asked.isrc or not asked.title:
        return False
    return fold(undecorated(song.track.title)) != fold(undecorated(asked.title))


def made_song(asked: AskedSong, *, source: str, at: datetime) -> LearnedSong | None:
    """Make a song that no source knows of its names; None where it has none."""
    if not asked.title:
        return None
    track_id = track_id_of(asked.title, asked.artist)
    track = Track(track_id, asked.title, (asked.artist,), source=source)
    return LearnedSong.of_one_source(track, Origin(source, at))


def with_own(song: LearnedSong, earlier: LearnedSong | None) -> LearnedSong:
    """Keep what a file told of a song before, which storing it again would drop."""
    if earlier is None:
        return song
    own = {name: origin for name, origin in earlier.origins.items() if origin.source in _OWN}
    lacking = own.keys() & earlier.track.features.keys() - song.track.features.keys()
    kept = {name: earlier.track.features[name] for name in sorted(lacking)}
    song = _with(song, kept, {name: own[name] for name in kept})
    return _on_album(song, earlier.track.album, own[ALBUM]) if ALBUM in own else song


def with_heard(
    song: LearnedSong, heard: Heard, known: Track | None, *, at: datetime
) -> LearnedSong:
    """Add what was heard in a file to a song.

    Args:
        song: As sources know it.
        heard: In its file.
        known: The song in the catalogue, which keeps what it has.
        at: Now.
    """
    taken = {*song.track.features, *(known.features if known else ())}
    new = {name: value for name, value in heard.features.items() if name not in taken}
    origins = {name: Origin(GUESSED if name in ESTIMATED else MEASURED, at) for name in new}
    return _with(song, new, origins)


def with_tags(song: LearnedSong, tags: Tags, known: Track | None, *, at: datetime) -> LearnedSong:
    """Add album and year from the tags of a file, where nobody else knows them."""
    origin = Origin(TAGS, at)
    if _YEAR not in {*song.track.features, *(known.features if known else ())}:
        year = valid({_YEAR: year_of(tags.date)})
        song = _with(song, year, dict.fromkeys(year, origin))
    return song if known and known.album else _on_album(song, tidy(tags.album), origin)


def _on_album(song: LearnedSong, album: str, origin: Origin) -> LearnedSong:
    if song.track.album or not album:
        return song
    track = replace(song.track, album=album)
    return replace(song, track=track, origins={**song.origins, ALBUM: origin})


def _with(
    song: LearnedSong, features: Mapping[str, float], origins: Mapping[str, Origin]
) -> LearnedSong:
    told = (song.track.source, *(origin.source for origin in origins.values()))
    track = replace(
        song.track,
        features={**song.track.features, **features},
        source=", ".join(dict.fromkeys(source for source in told if source)),
    )
    return replace(song, track=track, origins={**song.origins, **origins})
