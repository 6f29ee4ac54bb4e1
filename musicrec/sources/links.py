"""What people paste for a song: links, ISRCs, names. Nothing is fetched here."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import undecorated
from musicrec.sources.fields import isrc_of, mbid_of, spotify_id_of, tidy

_LONGEST: Final = 1_000
_LINK: Final = re.compile(r"https?://[^\s<>|]+|spotify:track:[0-9A-Za-z]{22}", re.IGNORECASE)
_BARE_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)+(?:com|org|be|link)/\S*", re.IGNORECASE)
_DASH: Final = re.compile(r"\s+[-‐-―]+\s+")
_NUMBER: Final = re.compile(r"\d{1,19}", re.ASCII)
_VIDEO: Final = re.compile(r"[0-9A-Za-z_-]{11}")
_CODE: Final = re.compile(r"[0-9A-Za-z]{1,40}")
_STOREFRONT: Final = re.compile(r"[a-z]{2}")
_WAYS: Final = (
    "a link to a song on Spotify, Deezer, Apple Music, YouTube Music or MusicBrainz, an ISRC, or"
    " “artist - title”"
)


@dataclass(frozen=True, slots=True)
class AskedSong:
    """A song as somebody named it; at least one id, or both names, are given.

    Attributes:
        isrc: Bare.
        mbid: Of a recording in MusicBrainz.
        spotify_id: Of a track.
        deezer_id: Of a track.
        deezer_link: Code of a shortened link.
        apple_id: Of a song.
        apple_country: Of the shop that sells it, two lower-case letters.
        youtube_id: Of a video.
        artist: Main artist.
        title: Of the song.
    """

    isrc: str = ""
    mbid: str = ""
    spotify_id: str = ""
    deezer_id: str = ""
    deezer_link: str = ""
    apple_id: str = ""
    apple_country: str = "us"
    youtube_id: str = ""
    artist: str = ""
    title: str = ""


def song_in(text: str) -> AskedSong:
    """Return the song that a text means.

    Raises:
        BadInputError: It means none; the message says what can be pasted.
    """
    written = text[:_LONGEST].strip().strip("<>").strip()
    if _LINK.fullmatch(written) or _BARE_HOST.fullmatch(written):
        return _linked(written)
    return _named_by_id(written) or _named(written)


def songs_linked_in(text: str) -> list[AskedSong]:
    """Return the songs that links in a message lead to, each once; other links are left out."""
    songs: list[AskedSong] = []
    for match in _LINK.finditer(text):
        try:
            songs.append(_linked(match[0].rstrip(").,;:!?")))
        except BadInputError:
            continue
    return list(dict.fromkeys(songs))


def _named_by_id(written: str) -> AskedSong | None:
    if isrc := isrc_of(written):
        return AskedSong(isrc=isrc)
    if mbid := mbid_of(written.lower().removeprefix("mbid:")):
        return AskedSong(mbid=mbid)
    return None


def _named(written: str) -> AskedSong:
    artist, *title = _DASH.split(written, maxsplit=1)
    names = AskedSong(artist=undecorated(tidy(artist)), title=tidy(title[0]) if title else "")
    if not names.artist or not names.title:
        msg = f"{tidy(written)[:60]!r} names no song: give {_WAYS}."
        raise BadInputError(msg)
    return names


def _linked(link: str) -> AskedSong:
    if link.lower().startswith("spotify:track:"):
        return AskedSong(spotify_id=link.rpartition(":")[2])
    address = _split(link if "://" in link else f"https://{link}")
    host = (address.hostname or "").removeprefix("www.")
    read = _READERS.get(host)
    if read is None:
        msg = f"I cannot read links of {tidy(host)[:60] or 'nowhere'}: give {_WAYS}."
        raise BadInputError(msg)
    song = read([part for part in address.path.split("/") if part], address.query)
    if song is None:
        msg = f"That link of {host} leads to no single song: share the song itself."
        raise BadInputError(msg)
    return song


def _split(link: str) -> SplitResult:
    try:
        return urlsplit(link)
    except ValueError as error:
        msg = f"That is no address: give {_WAYS}."
        raise BadInputError(msg) from error


def _spotify(path: Sequence[str], _query: str) -> AskedSong | None:
    kinds = [part for part in path if part != "embed" and not part.startswith("intl-")]
    found = spotify_id_of(kinds[1]) if len(kinds) > 1 and kinds[0] == "track" else None
    return AskedSong(spotify_id=found) if found else None


def _deezer(path: Sequence[str], _query: str) -> AskedSong | None:
    kinds = path[1:] if path and _STOREFRONT.fullmatch(path[0]) else path
    if len(kinds) > 1 and kinds[0] == "track" and _NUMBER.fullmatch(kinds[1]):
        return AskedSong(deezer_id=kinds[1])
    return None


def _short_deezer(path: Sequence[str], _query: str) -> AskedSong | None:
    return AskedSong(deezer_link=path[-1]) if path and _CODE.fullmatch(path[-1]) else None


def _apple(path: Sequence[str], query: str) -> AskedSong | None:
    country = path[0] if path and _STOREFRONT.fullmatch(path[0]) else "us"
    kinds = path[1:] if path and path[0] == country else path
    song = _first(query, "i")
    if not song and len(kinds) > 1 and kinds[0] == "song":
        song = kinds[-1].removeprefix("id")
    return AskedSong(apple_id=song, apple_country=country) if _NUMBER.fullmatch(song) else None


def _youtube(path: Sequence[str], query: str) -> AskedSong | None:
    video = _first(query, "v") if list(path) == ["watch"] else ""
    return AskedSong(youtube_id=video) if _VIDEO.fullmatch(video) else None


def _short_youtube(path: Sequence[str], _query: str) -> AskedSong | None:
    return AskedSong(youtube_id=path[0]) if path and _VIDEO.fullmatch(path[0]) else None


def _musicbrainz(path: Sequence[str], _query: str) -> AskedSong | None:
    mbid = mbid_of(path[1]) if len(path) > 1 and path[0] == "recording" else None
    return AskedSong(mbid=mbid) if mbid else None


def _unreadable(_path: Sequence[str], _query: str) -> AskedSong | None:
    msg = "Such shortened links cannot be read: open it, and give the address that it leads to."
    raise BadInputError(msg)


def _first(query: str, name: str) -> str:
    try:
        return parse_qs(query, max_num_fields=50).get(name, [""])[0]
    except ValueError:
        return ""


_READERS: Final[Mapping[str, Callable[[Sequence[str], str], AskedSong | None]]] = MappingProxyType(
    {
        "open.spotify.com": _spotify,
        "play.spotify.com": _spotify,
        "spotify.link": _unreadable,
        "spotify.app.link": _unreadable,
        "deezer.com": _deezer,
        "link.deezer.com": _short_deezer,
        "deezer.page.link": _unreadable,
        "dzr.page.link": _unreadable,
        "music.apple.com": _apple,
        "itunes.apple.com": _apple,
        "music.youtube.com": _youtube,
        "youtube.com": _youtube,
        "m.youtube.com": _youtube,
        "youtu.be": _short_youtube,
        "musicbrainz.org": _musicbrainz,
        "beta.musicbrainz.org": _musicbrainz,
    }
)
"""Who reads links of a host; Deezer's page links were Google's, who switched them off in 2025."""
