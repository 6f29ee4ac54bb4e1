"""One door to every format: told apart by what is in a file, not by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final

from musicrec.catalogue.decoding import decode
from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistItem
from musicrec.domain.track import SPOTIFY_PREFIX
from musicrec.playlists.formats import jspf, m3u, table, xspf
from musicrec.playlists.formats.limits import clean, require_size
from musicrec.playlists.formats.links import track_id_of_link


class PlaylistFormat(StrEnum):
    """What playlists are written as; all but the links keep everything that a file had."""

    CSV = "csv"
    M3U8 = "m3u8"
    JSPF = "jspf"
    XSPF = "xspf"
    LINKS = "links"
    """One Spotify link a line, to be pasted into a playlist there."""


ENDINGS: Final[Mapping[str, PlaylistFormat]] = MappingProxyType(
    {
        ".csv": PlaylistFormat.CSV,
        ".m3u8": PlaylistFormat.M3U8,
        ".m3u": PlaylistFormat.M3U8,
        ".jspf": PlaylistFormat.JSPF,
        ".json": PlaylistFormat.JSPF,
        ".xspf": PlaylistFormat.XSPF,
        ".xml": PlaylistFormat.XSPF,
        ".txt": PlaylistFormat.LINKS,
    }
)

_AUDIO: Final = frozenset(
    {
        *(".mp3", ".m4a", ".m4b", ".mp4", ".aac", ".alac", ".wma"),
        *(".flac", ".ogg", ".oga", ".opus", ".mka", ".ape", ".wv"),
        *(".wav", ".aif", ".aiff"),
    }
)
_PAGE: Final = "https://open.spotify.com/track/"
_MOST_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class PlaylistFile:
    """A file that was read.

    Attributes:
        format: What it turned out to be; a list of links reads as M3U8 without directives.
        playlist: What it says.
    """

    format: PlaylistFormat
    playlist: Playlist


def read_playlist(data: bytes, name: str) -> PlaylistFile:
    """Read a playlist from a file's bytes, told by its content.

    Args:
        data: The whole file.
        name: Of the file, for messages, and for the title where the file has none.

    Raises:
        BadInputError: It is no playlist, is damaged or cut off, or holds too much.
    """
    name = clean(PurePath(name).name, longest=_MOST_SHOWN) or "The file"
    require_size(data, name)
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith(b"<") and b"<html" not in start and b"<!doctype html" not in start:
        return PlaylistFile(PlaylistFormat.XSPF, xspf.read_xspf(data, name))
    text = _text(data, name).lstrip("\ufeff\r\n")
    kind = _kind(text)
    if kind is None:
        raise _no_playlist(name)
    return PlaylistFile(kind, _READERS[kind](text, name))


def write_playlist(playlist: Playlist, kind: PlaylistFormat) -> bytes:
    """Write a playlist as a file's bytes, UTF-8.

    In the format that it was read from, everything comes back that the file had, also what nobody
    here understands.
    """
    # Bytes that meant nothing when they were read go back as they were.
    return _WRITERS[kind](playlist).encode("utf-8", "surrogateescape")


def format_of_ending(name: str) -> PlaylistFormat:
    """Return what a file of that name is written as.

    Raises:
        BadInputError: Its ending is none of ours.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        msg = f"{name} must end in one of {', '.join(ENDINGS)} to say what to write."
        raise BadInputError(msg)
    return ENDINGS[ending]


def spotify_link(item: PlaylistItem) -> str | None:
    """Return an item's page on Spotify, where its link tells one."""
    for one in (track_id_of_link(item.uri), item.track_id):
        if one is not None and one.startswith(SPOTIFY_PREFIX):
            return _PAGE + one.removeprefix(SPOTIFY_PREFIX)
    return None


def _text(data: bytes, name: str) -> str:
    try:
        return decode(data, Path(name))
    except BadInputError as error:
        raise _no_playlist(name) from error


def _kind(text: str) -> PlaylistFormat | None:
    """Tell what a text is; None for none of ours."""
    if text.lstrip().startswith(("{", "[")):
        return PlaylistFormat.JSPF
    lines = [line.strip() for line in text[:100_000].split("\n") if line.strip()]
    if text.upper().startswith("#EXT") or text.startswith("#"):
        return PlaylistFormat.M3U8
    if lines and table.is_header(lines[0]):
        return PlaylistFormat.CSV
    return PlaylistFormat.M3U8 if lines and all(map(_is_place, lines[:20])) else None


def _is_place(line: str) -> bool:
    """Tell whether a line is a link, or the path of an audio file."""
    if line.startswith(("#", "spotify:")) or "://" in line or track_id_of_link(line):
        return True
    return PurePath(line.replace("\\", "/")).suffix.lower() in _AUDIO


def _no_playlist(name: str) -> BadInputError:
    return BadInputError(
        f"{name} is no playlist: Exportify CSV, M3U8, JSPF, XSPF and lists of links can be read."
    )


def _links(playlist: Playlist) -> str:
    links = [spotify_link(i) for i in playlist.items if i.kind is not ItemKind.EPISODE]
    return "".join(f"{link}\n" for link in links if link)


_READERS: Final[Mapping[PlaylistFormat, Callable[[str, str], Playlist]]] = MappingProxyType(
    {
        PlaylistFormat.CSV: table.read_table,
        PlaylistFormat.M3U8: m3u.read_m3u,
        PlaylistFormat.JSPF: jspf.read_jspf,
    }
)
_WRITERS: Final[Mapping[PlaylistFormat, Callable[[Playlist], str]]] = MappingProxyType(
    {
        PlaylistFormat.CSV: table.write_table,
        PlaylistFormat.M3U8: m3u.write_m3u,
        PlaylistFormat.JSPF: jspf.write_jspf,
        PlaylistFormat.XSPF: xspf.write_xspf,
        PlaylistFormat.LINKS: _links,
    }
)
