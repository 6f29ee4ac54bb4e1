"""When are two entries of a catalogue the same song? Decided on what people would read.

Two entries with the same normalised title and main artist are one recording to a listener:
releases, remasters and featured-artist decorations do not make a new song; remixes, live and
acoustic versions do.
"""

import hashlib
import re
import unicodedata
from itertools import filterfalse
from typing import Final

from musicrec.domain.ids import TrackId

_DECORATION: Final = re.compile(
    r"""
    \s*[(\[]\s*(?:feat|ft|featuring|with)\b[^)\]]*[)\]]            # (feat. somebody)
    | \s+(?:feat|ft)\.?\s.*$                                       # … feat. somebody
    | \s*[(\[][^)\]]*\bremaster(?:ed)?\b[^)\]]*[)\]]               # (2011 Remaster)
    | \s+-\s+(?:\d{4}\s+)?(?:digital(?:ly)?\s+)?remaster(?:ed)?\b.*$   # - Remastered 2011
    | \s+-\s+(?:single|album|radio|original)\s+(?:version|edit|mix)$   # - Radio Edit
    | \s*[(\[](?:single|album|radio|original)\s+(?:version|edit|mix)[)\]]  # (Radio Edit)
    | \s*[(\[]from\s+["“][^)\]]*[)\]] | \s+-\s+from\s+["“].*$      # (From "Some Film")
    | \s+-\s+with\s.*$                                              # - with somebody
    | \s+-\s+\d+th\s+anniversary\s+(?:edition|version)\b.*$         # - 50th Anniversary Edition
    """,
    re.IGNORECASE | re.VERBOSE,
)
_MARKS_OF_DECORATION: Final = ("(", "[", "-", "feat", "ft")
"""Every decoration has one of them; looking for them is quicker."""
_SEPARATORS: Final = re.compile(r"[\W_]+")
_ASCII_SEPARATORS: Final = {code: " " for code in range(128) if not chr(code).isalnum()}


def fold(text: str) -> str:
    """Lower-case ``text``, strip accents and reduce everything else to single spaces.

    Text without any letter or digit (``"!!!"``) folds to itself, case-folded, so that it keeps
    an identity.
    """
    if text.isascii():
        # What follows does the same, ten times slower.
        lower = text.lower()
        return " ".join(lower.translate(_ASCII_SEPARATORS).split()) or lower.strip()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(filterfalse(unicodedata.combining, decomposed))
    return _SEPARATORS.sub(" ", bare).strip() or bare.strip()


def undecorated(title: str) -> str:
    """Leave out what makes no other song: featured artists, remasters, editions."""
    lower = title.lower()
    if not any(mark in lower for mark in _MARKS_OF_DECORATION):
        return title
    return _DECORATION.sub("", title) or title


def recording_key(title: str, main_artist: str) -> str:
    """Return equal strings for entries that a listener would call the same song."""
    return f"{fold(undecorated(title))}|{fold(main_artist)}"


def track_id_of(title: str, main_artist: str) -> TrackId:
    """Make the id of a song that came without one: ``song:`` and 24 hex digits of its key."""
    digest = hashlib.sha256(recording_key(title, main_artist).encode()).hexdigest()
    return TrackId(f"song:{digest[:24]}")
