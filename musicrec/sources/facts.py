"""What one source knows about one song."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """The values of one answer; whatever the source does not know is empty or None.

    Attributes:
        source: Its name, as people know it.
        learned_at: When it answered, aware UTC.
        licence: Of everything but the genres.
        genre_licence: Of the genres.
        title: Of the song.
        artists: Every credited artist, main artist first.
        album: A release of the song.
        isrcs: Bare; the best known first.
        mbid: Of the recording in MusicBrainz.
        artist_mbid: Of the main artist in MusicBrainz.
        spotify_ids: Of tracks that are this recording.
        deezer_id: Of the track.
        deezer_album_id: Of its album.
        genres: As the source calls them, strongest first.
        country: Of the main artist, ISO 3166-1 alpha-2.
        features: Valid values by their names in ``domain.features``, popularity among them.
    """

    source: str
    learned_at: datetime
    licence: str = ""
    genre_licence: str = ""
    title: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    isrcs: tuple[str, ...] = ()
    mbid: str = ""
    artist_mbid: str = ""
    spotify_ids: tuple[str, ...] = ()
    deezer_id: str = ""
    deezer_album_id: str = ""
    genres: tuple[str, ...] = ()
    country: str | None = None
    features: Mapping[str, float] = field(default_factory=dict[str, float])
