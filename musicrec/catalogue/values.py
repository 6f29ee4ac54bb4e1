"""What the cells of song files mean: each function turns one raw column into clean values.

Raw columns hold text, numbers, booleans, dates or lists as the file had them; "" and NaN are
missing. Results have the same index; what cannot be understood becomes missing.
"""

import ast
import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Final, cast

import numpy as np
import pandas as pd

from musicrec.domain.features import FEATURE_RANGES
from musicrec.domain.track import SPOTIFY_PREFIX

ARTIST_SEPARATOR: Final = "; "

_SENTINELS: Final = MappingProxyType(
    {"key": -1.0, "tempo_bpm": 0.0, "time_signature": 0.0, "year": 0.0}
)
"""What Spotify and its imitators write for "unknown"."""

_YES: Final = frozenset({"1", "1.0", "true", "yes", "y", "t"})
_NO: Final = frozenset({"0", "0.0", "false", "no", "n", "f"})
_LIKE: Final = _YES | {"like", "liked", "👍"}
_DISLIKE: Final = _NO | {"dislike", "disliked", "👎"}
_MAJOR: Final = frozenset({"major", "maj", "dur"})
_MINOR: Final = frozenset({"minor", "min", "moll"})

_NOTHING: Final = frozenset({"nan", "na", "n/a", "none", "null", "-", "?"})

_SKIN_TONES: Final = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
_SPACE: Final = r"[\s\x00-\x1f\x7f-\x9f]+"
_UNTIDY: Final = (
    r"^\s|\s$|\s\s|[\x00-\x1f\x7f-\x{9f}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}"
    r"\x{205f}\x{3000}]"
)
"""What ``_SPACE`` would change, or more, as Arrow's expressions have it: few cells need Python."""
_DECIMAL_COMMA: Final = r"^\s*([+-]?\d+),(\d+)\s*$"
_CLOCK: Final = re.compile(r"(?:(\d+):)?([0-5]?\d):([0-5]\d)(?:\.\d+)?")
_YEAR: Final = r"(?<!\d)(\d{4})(?!\d)"
_NOTE: Final = re.compile(
    r"([A-Ga-g])\s*(#|♯|sharp|b|♭|flat)?\s*(major|minor|maj|min|m)?", re.IGNORECASE
)
_PITCHES: Final = MappingProxyType({"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11})
_SPOTIFY_ID: Final = re.compile(
    r"(?:spotify:track:|https?://open\.spotify\.com/(?:intl-[\w-]+/)?track/)?([0-9A-Za-z]{22})(?:[?#].*)?"
)
_OUR_ID: Final = re.compile(r"(?:isrc|mbid|song):[A-Za-z0-9._-]{1,58}")
_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_MBID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LONGEST_LIST: Final = 10_000
"""Characters; a longer cell is taken as it is written."""


def texts(raw: pd.Series) -> pd.Series:
    """Text with whitespace and control characters reduced to single spaces."""
    cleaned = raw.astype("str")
    untidy = cleaned[cleaned.str.contains(_UNTIDY, na=False)]
    if len(untidy):
        cleaned = cleaned.mask(
            cleaned.index.isin(untidy.index),
            untidy.str.replace(_SPACE, " ", regex=True).str.strip(),
        )
    return cleaned.where(raw.notna() & (cleaned != ""))


def is_given(raw: pd.Series) -> pd.Series:
    """Whether a cell that should hold a number says anything at all."""
    cells = texts(raw)
    return cells.notna() & ~cells.str.casefold().isin(_NOTHING)


def numbers(raw: pd.Series, *, decimal_comma: bool = False) -> pd.Series:
    """Finite numbers as float64.

    Args:
        raw: Numbers, booleans or text.
        decimal_comma: Whether ``0,5`` means one half.
    """
    if not pd.api.types.is_numeric_dtype(raw.dtype):
        raw = raw.astype("str")
        if decimal_comma:
            raw = raw.str.replace(_DECIMAL_COMMA, r"\1.\2", regex=True)
    parsed = pd.to_numeric(raw, errors="coerce").astype("float64")
    return parsed.where(np.isfinite(parsed))


def within_range(values: pd.Series, feature: str) -> tuple[pd.Series, pd.Series]:
    """Split off what cannot be true.

    Returns:
        The values inside the feature's range, and for each row whether its source wrote its
        number for "unknown".
    """
    low, high = FEATURE_RANGES[feature]
    unknown = values == _SENTINELS.get(feature, np.nan)
    return values.where(values.between(low, high)), unknown


def truths(raw: pd.Series) -> pd.Series:
    """1.0 for yes, 0.0 for no."""
    return _parsed(raw, lambda cell: _one_of(cell, _YES, _NO))


def likes(raw: pd.Series) -> pd.Series:
    """1.0 for a like, 0.0 for a dislike."""
    return _parsed(raw, lambda cell: _one_of(_SKIN_TONES.sub("", cell), _LIKE, _DISLIKE))


def modes(raw: pd.Series) -> pd.Series:
    """1.0 for major, 0.0 for minor."""
    return _parsed(raw, lambda cell: _one_of(cell, _MAJOR | _YES, _MINOR | _NO))


def keys(raw: pd.Series) -> pd.Series:
    """Pitch class of a number or of a note name such as ``C``, ``Db``, ``F♯`` or ``A minor``."""
    return _parsed(raw, _pitch_of).fillna(numbers(raw))


def modes_in_keys(raw: pd.Series) -> pd.Series:
    """The mode that a key's name tells, as in ``A minor``."""
    return _parsed(raw, _mode_of)


def clock_durations_ms(raw: pd.Series) -> pd.Series:
    """Milliseconds of ``3:45`` or ``1:02:03``."""
    return _parsed(raw, _clock_ms)


def years(raw: pd.Series) -> pd.Series:
    """The first group of exactly four digits, as in ``2017-05-01``."""
    return numbers(texts(raw).str.extract(_YEAR, expand=False))


def artist_lists(raw: pd.Series) -> pd.Series:
    """Every credited artist once, joined by ``"; "``.

    Artists are separated by ``;`` or come as a list. Commas and ampersands are left alone
    because names contain them (``Earth, Wind & Fire``).
    """
    plain = raw if isinstance(raw.dtype, pd.StringDtype) else raw.map(_unlisted)
    return texts(texts(plain).map(_joined_artists, na_action="ignore"))


def first_of_lists(raw: pd.Series) -> pd.Series:
    """The first entry of what may be several separated by ``;`` or ``,``."""
    return texts(texts(raw).str.replace("[;,].*", "", regex=True))


def countries(raw: pd.Series) -> pd.Series:
    """ISO 3166-1 alpha-2 codes; names of countries are not understood."""
    codes = texts(raw).str.upper()
    return codes.where(codes.str.fullmatch("[A-Z]{2}", na=False))


def track_ids(raw: pd.Series) -> pd.Series:
    """Our ids from Spotify ids, addresses and links, ISRCs and our own ids."""
    return texts(raw).map(track_id_in, na_action="ignore").astype("str")


def track_id_in(cell: str) -> str | None:
    """Our id from a Spotify id, address or link, an ISRC or an id of ours; None for others."""
    if match := _SPOTIFY_ID.fullmatch(cell):
        return SPOTIFY_PREFIX + match[1]
    if _ISRC.fullmatch(cell):
        return f"isrc:{cell}"
    return cell if _OUR_ID.fullmatch(cell) else None


def isrc_ids(raw: pd.Series) -> pd.Series:
    """``isrc:…`` from bare codes, written with or without dashes."""
    bare = texts(raw).str.upper().str.replace(r"[\s-]|^ISRC:", "", regex=True)
    return ("isrc:" + bare).where(bare.str.fullmatch(_ISRC, na=False))


def mbid_ids(raw: pd.Series) -> pd.Series:
    """``mbid:…`` from MusicBrainz recording ids."""
    bare = texts(raw).str.lower().str.removeprefix("mbid:")
    return ("mbid:" + bare).where(bare.str.fullmatch(_MBID, na=False))


def _parsed(raw: pd.Series, parse: Callable[[str], float | None]) -> pd.Series:
    """Parse every distinct text of a column once, case-folded."""
    cells = texts(raw).str.casefold()
    meanings = {cell: parse(cell) for cell in cells.dropna().unique()}
    return cells.map(meanings).astype("float64")


def _one_of(cell: str, yes: frozenset[str], no: frozenset[str]) -> float | None:
    if cell in yes:
        return 1.0
    return 0.0 if cell in no else None


def _pitch_of(cell: str) -> float | None:
    match = _NOTE.fullmatch(cell)
    if match is None:
        return None
    letter, accidental, _ = match.groups()
    shift = {None: 0, "#": 1, "♯": 1, "sharp": 1}.get(accidental, -1)
    return float((_PITCHES[letter] + shift) % 12)


def _mode_of(cell: str) -> float | None:
    match = _NOTE.fullmatch(cell)
    if match is None or match[3] is None:
        return None
    return 1.0 if match[3].startswith("maj") else 0.0


def _clock_ms(cell: str) -> float | None:
    match = _CLOCK.fullmatch(cell)
    if match is None:
        return None
    hours, minutes, seconds = (int(group or 0) for group in match.groups())
    return 1000.0 * (3600 * hours + 60 * minutes + seconds)


def _unlisted(cell: object) -> object:
    """A Parquet list as text, anything else as it is."""
    if isinstance(cell, list | tuple | np.ndarray):
        return ";".join(str(entry) for entry in cast("list[object]", cell))
    return cell


def _joined_artists(cell: str) -> str:
    names = [name.strip() for entry in _listed(cell) for name in entry.split(";")]
    return ARTIST_SEPARATOR.join(dict.fromkeys(name for name in names if name))


def _listed(cell: str) -> list[str]:
    """Entries of a list written as in Python or JSON; any other text is one entry."""
    if not (cell.startswith("[") and cell.endswith("]") and len(cell) <= _LONGEST_LIST):
        return [cell]
    try:
        entries = ast.literal_eval(cell)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [cell]  # a name in brackets
    return [str(entry) for entry in cast("list[object]", entries)]
