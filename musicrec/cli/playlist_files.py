"""Playlist files in and out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from musicrec.catalogue import replacing
from musicrec.cli.inputs import catalogue_or_none, require_place
from musicrec.cli.screen import print_notices
from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist import Playlist, PlaylistItem
from musicrec.playlists.formats.files import (
    PlaylistFile,
    PlaylistFormat,
    format_of_ending,
    read_playlist,
    spotify_link,
    write_playlist,
)
from musicrec.playlists.matching import MatchBy
from musicrec.playlists.songs import ListedSongs, listed_songs

UNSURE: Final = (MatchBy.NAME_ONLY, MatchBy.FIRST_NAME)
"""Matches that people should look at."""


@dataclass(frozen=True)
class Opened:
    """A playlist file with what is known about its songs."""

    file: PlaylistFile
    songs: ListedSongs


def open_file(path: Path, data_dir: Path) -> Opened:
    """Read a playlist and look its songs up; name those that are not found, or hardly.

    Raises:
        BadInputError: The file cannot be used.
    """
    file = read_file(path)
    catalogue = catalogue_or_none(data_dir)
    songs = listed_songs(file.playlist, catalogue)
    print_notices(_on_matches(songs))
    return Opened(file, songs)


def read_file(path: Path) -> PlaylistFile:
    """Read a playlist.

    Raises:
        BadInputError: The file cannot be used.
    """
    try:
        return read_playlist(path.read_bytes(), path.name)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}."
        raise BadInputError(msg) from error


def require_writable(out: Path | None) -> None:
    """Refuse a place or an ending before any work is done for it.

    Raises:
        BadInputError: Nothing can be written there.
    """
    if out is not None:
        format_of_ending(str(out))
        require_place(out)


def write_file(playlist: Playlist, out: Path) -> None:
    """Write a playlist as the ending says; the file appears whole or not at all.

    Raises:
        BadInputError: Nothing can be written there.
    """
    kind = format_of_ending(str(out))
    if kind is PlaylistFormat.LINKS:
        left_out = [item.name for item in playlist.items if spotify_link(item) is None]
        if left_out:
            print_notices([f"{len(left_out)} songs have no Spotify link: {named(left_out)}."])
    with replacing(out) as temporary:
        temporary.write_bytes(write_playlist(playlist, kind))


def _on_matches(songs: ListedSongs) -> Iterator[str]:
    unmatched = [item.name for item in songs.matches.unmatched]
    if unmatched:
        yield f"{len(unmatched)} items are not in the catalogue; they are kept: {named(unmatched)}."
    for by in UNSURE:
        names = [item.name for item in songs.playlist.items if _is_matched(songs, item, by)]
        if names:
            yield f"{len(names)} songs were recognised by {by} only: {named(names)}."


def _is_matched(songs: ListedSongs, item: PlaylistItem, by: MatchBy) -> bool:
    found = songs.matches.found.get(item.position)
    return found is not None and found.by is by


def item_document(item: PlaylistItem) -> dict[str, Any]:
    """What JSON readers learn about an item."""
    return {
        "position": item.position,
        "kind": str(item.kind),
        "title": item.title,
        "artists": list(item.artists),
        "id": item.track_id,
        "uri": item.uri,
    }


def named(names: list[str], most: int = 10) -> str:
    """Join names, and count those beyond a number."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
