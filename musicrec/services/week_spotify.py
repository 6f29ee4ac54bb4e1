"""Which songs of a weekly list are known on Spotify."""

from collections.abc import Sequence

from musicrec.catalogue import Catalogue
from musicrec.domain.playlist import PlaylistItem, numbered
from musicrec.domain.track import SPOTIFY_PREFIX
from musicrec.domain.week import WeekSong
from musicrec.playlists.formats.files import spotify_link


def known_there(songs: Sequence[WeekSong], catalogue: Catalogue) -> tuple[PlaylistItem, ...]:
    """Return the songs whose names on Spotify are known, as a playlist there has them."""
    items = [_item(song, catalogue) for song in songs]
    return numbered(item for item in items if spotify_link(item) is not None)


def unknown_there(songs: Sequence[WeekSong], catalogue: Catalogue) -> tuple[WeekSong, ...]:
    """Return the songs that a copy on Spotify has to leave out."""
    return tuple(song for song in songs if spotify_link(_item(song, catalogue)) is None)


def _item(song: WeekSong, catalogue: Catalogue) -> PlaylistItem:
    row = catalogue.row_of(song.track_id)
    ids = (song.track_id,) if row is None else catalogue.ids_of(row)
    uri = next((one for one in ids if one.startswith(SPOTIFY_PREFIX)), song.url)
    return PlaylistItem(
        position=song.position,
        title=song.title,
        artists=song.artists,
        track_id=song.track_id,
        uri=uri,
        genre=song.genre,
    )
