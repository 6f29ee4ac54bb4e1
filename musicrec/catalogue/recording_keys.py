"""Identities of many songs at once; what ``domain.identity`` decides, quickly for plain titles.

Most titles are ASCII without brackets, dashes or guests: Arrow folds those in bulk.
"""

# pyarrow ships no type stubs and makes its functions when it is imported.
# pyright: reportAttributeAccessIssue=false
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import hashlib
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.domain.identity import fold, undecorated

_MAYBE_DECORATED: Final = r"(?i)[(\[-]|feat|ft"
_LETTER_OR_DIGIT: Final = "[A-Za-z0-9]"
_SEPARATORS: Final = "[^a-z0-9]+"


def recording_keys(titles: pd.Series, mains: pd.Series) -> list[str]:
    """Return ``domain.identity.recording_key`` of titles and main artists.

    Args:
        titles: Text without missing values.
        mains: Main artists; empty where unknown.
    """
    folded = _folded(_undecorated(_strings(titles)))
    codes, distinct = pd.factorize(mains)
    artists = [fold(str(name)) for name in distinct]
    return [f"{title}|{artists[code]}" for title, code in zip(folded, codes, strict=True)]


def ids_of_keys(keys: list[str]) -> list[str]:
    """Return ``domain.identity.track_id_of`` of songs by their recording keys."""
    return [f"song:{hashlib.sha256(key.encode()).hexdigest()[:24]}" for key in keys]


def main_artists(artists: pd.Series) -> pd.Series:
    """Return the first of every cell's artists; empty where unknown."""
    return artists.astype("str").fillna("").str.replace(f"{ARTIST_SEPARATOR}.*", "", regex=True)


def guest_artists(artists: pd.Series) -> pd.Series:
    """Return the second of every cell's artists; empty where there is none."""
    several = artists.astype("str").str.contains(ARTIST_SEPARATOR, regex=False, na=False)
    others = artists.where(several).astype("str").fillna("")
    return main_artists(others.str.replace(f"^.*?{ARTIST_SEPARATOR}", "", regex=True))


def derived_ids(titles: pd.Series, artists: pd.Series | None) -> pd.Series:
    """Return ids made of title and main artist; meaningless where the title is missing."""
    mains = (
        pd.Series("", index=titles.index, dtype="str") if artists is None else main_artists(artists)
    )
    ids = ids_of_keys(recording_keys(titles.fillna(""), mains))
    return pd.Series(ids, index=titles.index, dtype="str")


def _undecorated(titles: pa.Array) -> pa.Array:
    maybe = pc.match_substring_regex(titles, _MAYBE_DECORATED)
    bare = [undecorated(title) for title in titles.filter(maybe).to_pylist()]
    return pc.replace_with_mask(titles, maybe, pa.array(bare, titles.type))


def _folded(texts: pa.Array) -> list[str]:
    """Fold plain texts in bulk and the others one by one."""
    plain = pc.and_(pc.string_is_ascii(texts), pc.match_substring_regex(texts, _LETTER_OR_DIGIT))
    spaced = pc.replace_substring_regex(pc.ascii_lower(texts), _SEPARATORS, " ")
    folded: list[str] = pc.ascii_trim(spaced, " ").to_pylist()
    others = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    for row, text in zip(others.tolist(), texts.take(others).to_pylist(), strict=True):
        folded[row] = fold(text)
    return folded


def _strings(texts: pd.Series) -> Any:
    array = pa.array(texts, pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
