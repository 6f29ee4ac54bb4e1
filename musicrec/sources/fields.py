"""What is in an answer, if it is of the expected kind: nothing that outsiders wrote is trusted."""

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, cast

from musicrec.domain.features import FEATURE_RANGES

Document = Mapping[str, Any]

NOTHING: Final[Document] = MappingProxyType({})
_LONGEST_TEXT: Final = 300
_MOST_PARTS: Final = 100
_UNTIDY: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_INVISIBLE: Final = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What shows nothing or turns the direction of what follows; joiners stay, scripts need them."""
_YEAR: Final = re.compile(r"([0-9]{4})(?:-|$)")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_NO_COUNTRY: Final = re.compile(r"AA|Q[M-Z]|X[A-JL-Z]|ZZ")
"""ISO 3166-1's codes for private use, as MusicBrainz has XW for "Worldwide"; XK is Kosovo."""
_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_MBID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SPOTIFY_ID: Final = re.compile(r"[0-9A-Za-z]{22}")


def tidy(text: str) -> str:
    """Reduce blanks and control characters to single spaces, and cut what is too long."""
    return _UNTIDY.sub(" ", _INVISIBLE.sub("", text[: 4 * _LONGEST_TEXT])).strip()[:_LONGEST_TEXT]


def text(document: Document, name: str) -> str:
    """Return a text, tidy; empty if there is none."""
    value = document.get(name)
    return tidy(value) if isinstance(value, str) else ""


def number(document: Document, name: str) -> float | None:
    """Return a finite number; None if there is none."""
    value = document.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def id_number(document: Document, name: str) -> str:
    """Return an id made of digits; empty if there is none."""
    value = document.get(name)
    digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= len("9" * 19) else ""


def part(document: Document, name: str) -> Document:
    """Return an object within an object; an empty one if there is none."""
    return as_object(document.get(name))


def parts(document: Document, name: str) -> list[Document]:
    """Return the objects of a list within an object, a hundred at most."""
    return objects(document.get(name))


def texts(document: Document, name: str) -> list[str]:
    """Return the texts of a list within an object, tidy, a hundred at most."""
    found = (
        tidy(value) for value in _list(document.get(name), _MOST_PARTS) if isinstance(value, str)
    )
    return [value for value in found if value]


def as_object(value: Any) -> Document:
    """Return an object; an empty one if it is none."""
    return cast("Document", value) if isinstance(value, dict) else NOTHING


def objects(value: Any, *, most: int = _MOST_PARTS) -> list[Document]:
    """Return the objects of a list, those among its first ``most`` entries."""
    return [found for each in _list(value, most) if (found := as_object(each))]


def _list(value: Any, most: int) -> list[Any]:
    return cast("list[Any]", value)[:most] if isinstance(value, list) else []


def voted(document: Document, groups: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the tags of an object's lists, one list after the other, each by votes.

    Args:
        document: Has the lists.
        groups: Their names; a tag without a vote is contested and left out.
        name: Of the field that has a tag's name.
    """
    ranked = [sorted(parts(document, group), key=_votes, reverse=True) for group in groups]
    names = [text(each, name) for group in ranked for each in group if _votes(each) > 0]
    return tuple(dict.fromkeys(tag for tag in names if tag))


def _votes(tag: Document) -> float:
    return number(tag, "count") or 0.0


def only(document: Document, names: Sequence[str]) -> dict[str, Any]:
    """Return the named fields that an object has: what is kept of it."""
    return {name: document[name] for name in names if document.get(name) is not None}


def valid(values: Mapping[str, float | None]) -> dict[str, float]:
    """Return those features that are known and within their range (``FEATURE_RANGES``)."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and FEATURE_RANGES[name][0] <= value <= FEATURE_RANGES[name][1]
    }


def year_of(date: str) -> float | None:
    """Return the year of ``1999``, ``1999-05`` or ``1999-05-31``; Deezer's 0000 is none."""
    match = _YEAR.match(date)
    return float(match[1]) or None if match else None


def country_code(code: str) -> str | None:
    """Return an ISO 3166-1 alpha-2 code of a country; None for anything else."""
    return code if _COUNTRY.fullmatch(code) and not _NO_COUNTRY.fullmatch(code) else None


def isrc_of(written: str) -> str | None:
    """Return an ISRC in its bare form, however it is written; None if it is none."""
    bare = re.sub(r"[\s‐-―-]|^isrc[:\s]*", "", written.strip(), flags=re.IGNORECASE).upper()
    return bare if _ISRC.fullmatch(bare) else None


def mbid_of(written: str) -> str | None:
    """Return a MusicBrainz id in lower case; None if it is none."""
    bare = written.strip().lower()
    return bare if _MBID.fullmatch(bare) else None


def spotify_id_of(written: str) -> str | None:
    """Return a Spotify id; None if it is none."""
    return written if _SPOTIFY_ID.fullmatch(written) else None
