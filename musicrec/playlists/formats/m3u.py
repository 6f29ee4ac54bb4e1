"""M3U8: one path or link a line, told more about in the comments above it.

Source:
    The extended M3U directives EXTINF, EXTALB, EXTART, PLAYLIST and EXTENC as players write them;
    there is no standard.
"""

import json
import re
from collections.abc import Sequence
from typing import Final

from musicrec.domain.playlist import Original, Playlist, PlaylistItem
from musicrec.playlists.formats.drafts import Draft
from musicrec.playlists.formats.limits import clean, require_few, require_short

FORMAT: Final = "m3u8"

_HEADS: Final = ("#EXTM3U", "#PLAYLIST:", "#EXTENC:")
_EXTINF: Final = re.compile(r'#EXTINF:\s*(-?\d+(?:\.\d+)?)?(?:[^,"]|"[^"]*")*,(.*)')
_BETWEEN: Final = " - "


def read_m3u(text: str, name: str) -> Playlist:
    """Read the lines of an M3U file, with or without directives.

    Raises:
        BadInputError: It holds too much.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    head = _head(lines)
    items: list[PlaylistItem] = []
    above: list[str] = []
    for line in lines[len(head) :]:
        if not line.strip() or line.lstrip().startswith("#"):
            above.append(line)
            continue
        piece = require_short("\n".join([*above, line]), len(items) + 1, name)
        items.append(_draft(above, line).item(len(items) + 1, Original(FORMAT, piece)))
        require_few(len(items), name)
        above = []
    frame = Original(FORMAT, json.dumps({"head": head, "tail": _without_last_empty(above)}))
    return Playlist(clean(_directive(head, "#PLAYLIST:")), tuple(items), frame=frame)


def write_m3u(playlist: Playlist) -> str:
    """Write the lines; an item without a link gets its name in a path's place."""
    frame = playlist.frame
    if frame is not None and frame.format == FORMAT:
        kept = json.loads(frame.text)
        head: list[str] = kept["head"]
        tail: list[str] = kept["tail"]
        # What is written is UTF-8, whatever the file said about itself.
        head = [line for line in head if not line.startswith("#EXTENC:")]
    else:
        title = clean(playlist.title)
        head, tail = ["#EXTM3U", *([f"#PLAYLIST:{title}"] if title else [])], []
    pieces = [_piece(item) for item in playlist.items]
    return "".join(f"{line}\n" for line in (*head, *pieces, *tail))


def _head(lines: Sequence[str]) -> list[str]:
    head: list[str] = []
    for line in lines:
        if not line.upper().startswith(_HEADS):
            break
        head.append(line)
    return head


def _draft(above: Sequence[str], line: str) -> Draft:
    seconds, name = None, ""
    for directive in above:
        if match := _EXTINF.match(directive):
            seconds, name = match[1], match[2].strip()
    album, artist = _directive(above, "#EXTALB:"), _directive(above, "#EXTART:")
    by, dash, title = name.partition(_BETWEEN)
    if artist and name.startswith(artist + _BETWEEN):
        by, title = artist, name.removeprefix(artist + _BETWEEN)
    elif not dash or (artist and not name.startswith(artist)):
        by, title = artist, name
    duration = 1000 * float(seconds) if seconds else None
    return Draft(uri=line.strip(), title=title, artists=by, album=album, duration_ms=duration)


def _directive(lines: Sequence[str], name: str) -> str:
    return next((each[len(name) :].strip() for each in lines if each.startswith(name)), "")


def _without_last_empty(lines: list[str]) -> list[str]:
    return lines[:-1] if lines and not lines[-1] else lines


def _piece(item: PlaylistItem) -> str:
    if item.original is not None and item.original.format == FORMAT:
        return item.original.text
    seconds = -1 if item.duration_ms is None else round(item.duration_ms / 1000)
    artist = "; ".join(item.artists)
    name = f"{artist}{_BETWEEN}{item.title}" if artist else item.title
    lines = [f"#EXTINF:{seconds},{name}"] if name else []
    lines += [f"#EXTART:{artist}"] if artist else []
    lines += [f"#EXTALB:{item.album}"] if item.album else []
    path = item.uri or item.track_id or item.name
    return "\n".join([*lines, f"./{path}" if path.startswith("#") else path])
