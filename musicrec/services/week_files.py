"""A weekly list as files that other players read."""

from dataclasses import replace

from musicrec.domain.playlist import Playlist, PlaylistItem
from musicrec.domain.playlist_edit import EditedFile
from musicrec.domain.week import WeekList, WeekSong
from musicrec.playlists.formats.files import PlaylistFormat, write_playlist


def week_files(content: WeekList, *, title: str, name: str) -> tuple[EditedFile, EditedFile]:
    """Write a list as M3U8, whose lines are links that play, and as CSV, whose rows are ids.

    Args:
        content: The list.
        title: What the playlist is called.
        name: Of the files, without ending.
    """
    items = tuple(_item(song) for song in content.songs)
    return (
        _file(week_playlist(content, title), name, PlaylistFormat.M3U8),
        _file(Playlist(title, items), name, PlaylistFormat.CSV),
    )


def week_playlist(content: WeekList, title: str) -> Playlist:
    """Return a list as a playlist, whose items name what opens them."""
    return Playlist(title, tuple(replace(_item(song), uri=song.url) for song in content.songs))


def _item(song: WeekSong) -> PlaylistItem:
    return PlaylistItem(
        song.position,
        title=song.title,
        artists=song.artists,
        track_id=song.track_id,
        genre=song.genre,
    )


def _file(playlist: Playlist, name: str, kind: PlaylistFormat) -> EditedFile:
    return EditedFile(f"{name}.{kind}", kind, write_playlist(playlist, kind))
