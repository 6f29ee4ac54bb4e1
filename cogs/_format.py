"""Numbers and untrusted text as Discord shows them.

Song text comes from files and search boxes: whatever it contains is shown literally, pings nobody
and links nowhere.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from musicrec.domain.track import Track

MAX_LAYOUT_TEXT: Final = 4000
"""Characters of all text displays of one message together (Discord's limit)."""

MAX_CHOICE: Final = 100
"""Characters of an autocomplete choice's name or value (Discord's limit)."""

_MARKDOWN: Final = re.compile(r"([\\*_~|`\[\]<>#]|:(?=//))")
_DIRECTION_CONTROLS: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_ZERO_WIDTH_SPACE: Final = "\u200b"
_MS_PER_S: Final = 1000
_S_PER_MIN: Final = 60


def plain(value: str, limit: int) -> str:
    """Return ``value`` on one line of at most ``limit`` characters, for fields without markdown.

    Control and direction characters go, because they could reorder the text around them.
    """
    line = " ".join("".join(char for char in value if _is_harmless(char)).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _is_harmless(char: str) -> bool:
    is_control = unicodedata.category(char) == "Cc" and not char.isspace()
    return not is_control and unicodedata.bidirectional(char) not in _DIRECTION_CONTROLS


def safe(value: str, limit: int = 100) -> str:
    """Return ``value`` on one line, literal in Discord markdown, at most ``limit`` characters."""
    line = plain(value, limit)
    while len(escaped := _escape(line)) > limit:
        line = plain(line, len(line) - 1)
    return escaped


def _escape(line: str) -> str:
    # Discord still shows "\@everyone" as a mention; a zero-width space breaks it.
    return _MARKDOWN.sub(r"\\\1", line).replace("@", f"@{_ZERO_WIDTH_SPACE}")


def title_of(track: Track, limit: int = 100) -> str:
    """Return the song's title."""
    return safe(track.title, limit) or "Untitled"


def artists_of(track: Track, limit: int = 120) -> str:
    """Return every credited artist."""
    return safe(", ".join(track.artists), limit) or "Unknown artist"


def song_name(track: Track) -> str:
    """Return ``**title** — artists`` in markdown, at most 170 characters."""
    return f"**{title_of(track, 80)}** — {artists_of(track, 80)}"


def listen_link(track: Track) -> str:
    """Return a link to where the song plays; empty where nobody knows."""
    return f"[listen]({track.listen_url})" if track.listen_url else ""


def choice_name(track: Track) -> str:
    """Return ``Title — Artist`` without markdown, as an autocomplete choice shows it."""
    return plain(f"{track.title} — {', '.join(track.artists)}", MAX_CHOICE)


def facts_of(track: Track) -> str:
    """Return genre, year and length, as far as they are known: ``rock · 1999 · 3:45``."""
    known = (
        safe(track.genre, 40) if track.genre else None,
        str(track.year) if track.year else None,
        duration(track.duration_ms) if track.duration_ms else None,
    )
    return " · ".join(fact for fact in known if fact)


def duration(duration_ms: int) -> str:
    """Return minutes and seconds: ``3:45``."""
    minutes, seconds = divmod(round(duration_ms / _MS_PER_S), _S_PER_MIN)
    return f"{minutes}:{seconds:02}"


def percent(p: float) -> str:
    """Return a probability in whole percent; never 0 or 100, because no model is that sure."""
    return f"{min(99, max(1, round(p * 100)))}%"


def count(n: int, noun: str, plural: str = "") -> str:
    """Return the number with its noun: ``1 rating``, ``2 ratings``."""
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"


def fitting(lines: Iterable[str], room: int) -> str:
    """Join lines as long as there is room; the rest is counted."""
    kept: list[str] = []
    rest = 0
    for line in lines:
        room -= len(line) + 1
        if room < 0 or rest:
            rest += 1
        else:
            kept.append(line)
    return "\n".join([*kept, *([f"-# … and {count(rest, 'more line')}"] if rest else [])])


def block(value: str, limit: int) -> str:
    """Return text of several lines in a monospaced block, at most ``limit`` characters."""
    fence = "```"
    room = limit - 2 * len(fence) - 2
    inner = value.replace("`", "ˋ")
    if len(inner) > room:
        inner = inner[: room - 2].rpartition("\n")[0] + "\n…"
    return f"{fence}\n{inner}\n{fence}"
