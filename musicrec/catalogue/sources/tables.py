"""Tables of songs: our own, public ones with Spotify's features, Exportify's, AcousticBrainz's.

Exportify (a playlist or library of Spotify as CSV) joins artists by commas, as names may contain
themselves; where the column of their URIs tells that there are as many as commas say, the names are
told apart.

AcousticBrainz's low-level features as CSV (``…-rhythm.csv`` and ``…-tonal.csv``: columns ``mbid``,
``submission_offset``, ``bpm``, ``key_key``, ``key_scale``, …) give tempo, key and mode. Their
``danceability`` is a detrended fluctuation between 0 and 3 and ``average_loudness`` a share: not
what Spotify means, so they are left out. Titles come from another file with the same ids.
"""

# pyarrow ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from musicrec.catalogue.cleaning import Cleaner
from musicrec.catalogue.columns import COLUMNS, ISRC, MBID, match_columns
from musicrec.catalogue.decoding import decode
from musicrec.catalogue.entries import NAMELESS, Flaws, Rejected
from musicrec.catalogue.files import FIRST_ROW, RawTable, lines_of, table_of
from musicrec.catalogue.sources.chunks import Chunk
from musicrec.catalogue.store.texts import LINKS
from musicrec.catalogue.values import written
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import ARTISTS, LIKED, TITLE, TRACK_ID, WEIGHT

NO_TITLE: Final = "no title"

_OF_ACOUSTICBRAINZ: Final = frozenset({"mbid", "submission_offset"})
_MEASURED_OTHERWISE: Final = frozenset({"danceability"})
_ARTIST_URIS: Final = "Artist URI(s)"
_MOST_NAMED_COLUMNS: Final = 20


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a chunk says.

    Attributes:
        songs: Canonical columns and ``LINKS``, cleaned; every row has a title or an id.
        flaws: And what it says beside them.
    """

    songs: pd.DataFrame
    flaws: Flaws


def matches_of(names: tuple[str, ...], mapping: Mapping[str, str], path: Path) -> dict[str, str]:
    """Find the columns that mean something.

    Args:
        names: The file's.
        mapping: Canonical names by the file's, as somebody gave them.
        path: For the message.

    Raises:
        BadInputError: Songs in this file have neither a title nor an id.
    """
    others = set(names) - set(mapping)
    if set(names) >= _OF_ACOUSTICBRAINZ:
        others -= _MEASURED_OTHERWISE
    matches = match_columns(name for name in names if name in others)
    matches |= {ours: theirs for theirs, ours in mapping.items() if theirs in names}
    if not {TITLE, TRACK_ID, ISRC, MBID} & set(matches):
        msg = f"{path} has no column title, nor one of ids; its columns are: {_listed(names)}."
        raise BadInputError(msg)
    return matches


def require_known(mapping: Mapping[str, str]) -> None:
    """Refuse to map to a column that does not exist.

    Raises:
        BadInputError: It does not.
    """
    for theirs, ours in mapping.items():
        if ours not in COLUMNS:
            msg = f"{theirs}={ours}: there is no column {ours}; there are: {', '.join(COLUMNS)}."
            raise BadInputError(msg)


def parse_table(chunk: Chunk, mapping: Mapping[str, str], path: Path) -> Parsed:
    """Read the rows of a table.

    Raises:
        BadInputError: This is no text.
    """
    matches = matches_of(chunk.columns, mapping, path)
    parsed = cleaned(_raw(chunk, path), matches)
    extra = [name for name in chunk.columns if name not in matches.values()]
    if not extra:
        return parsed
    notice = f"Columns without a known meaning: {_listed(extra)}."
    return replace(parsed, flaws=replace(parsed.flaws, notices=[*parsed.flaws.notices, notice]))


def cleaned(raw: RawTable, matches: Mapping[str, str]) -> Parsed:
    """Clean raw cells; rows without a title are rejected where the table has titles."""
    cells = raw.cells
    if _ARTIST_URIS in cells and ARTISTS in matches:
        cells = cells.assign(**{matches[ARTISTS]: _told_apart(cells, matches[ARTISTS])})
    cleaner = Cleaner(cells, matches, decimal_comma=raw.decimal_comma)
    songs = cleaner.clean().drop(columns=[LIKED, WEIGHT], errors="ignore")
    songs = songs.assign(**{LINKS: cleaner.links()})
    needed = TITLE if TITLE in songs else TRACK_ID
    lacking = songs[needed].isna() if needed in songs else pd.Series(data=True, index=songs.index)
    reason = NO_TITLE if needed == TITLE else NAMELESS
    shown = raw.cells[lacking].apply(written).fillna("")
    rejected = [
        Rejected(row=row, reason=reason, values=tuple(values))
        for row, *values in shown.itertuples(name=None)
    ]
    rejected += [
        Rejected(row=each.row, reason=each.reason, values=each.values) for each in raw.rejected
    ]
    return Parsed(
        songs[~lacking],
        Flaws(
            rejected=sorted(rejected, key=lambda each: each.row),
            unusable=[(*names, n) for names, n in cleaner.unusable.items()],
            notices=cleaner.units,
        ),
    )


def _raw(chunk: Chunk, path: Path) -> RawTable:
    if chunk.header is not None:
        lines = lines_of(decode(chunk.payload, path))
        return table_of(lines[chunk.n_skipped :], chunk.header)
    with pa.ipc.open_stream(chunk.payload) as stream:
        cells = stream.read_pandas(ignore_metadata=True)
    cells = cells.set_axis(list(chunk.columns), axis="columns")
    return RawTable(cells.set_axis(pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(cells))), ())


def _told_apart(cells: pd.DataFrame, artists: str) -> pd.Series:
    """Separate artists by semicolons where there are as many URIs as names between commas."""
    names, uris = cells[artists].fillna(""), cells[_ARTIST_URIS].fillna("")
    return names.where(names.str.count(",") != uris.str.count(","), names.str.replace(",", ";"))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED_COLUMNS])
    rest = len(names) - _MOST_NAMED_COLUMNS
    return f"{shown} and {rest} more" if rest > 0 else shown
