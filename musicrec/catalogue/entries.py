"""Entries of sources on their way into a snapshot, and how they lie on the disk until then.

An *entry* is one row of one source. Parts of at most some 100,000 entries are Arrow files beside
the hashes of their identities; a part counts only once its JSON is there, which is written last.
"""

# pyarrow ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from musicrec.catalogue.recording_keys import derived_ids, main_artists
from musicrec.catalogue.store.ids import hashes_of
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.texts import LINKS, PROVENANCE
from musicrec.catalogue.store.writer import MADE_ID
from musicrec.domain.features import (
    ALBUM,
    ARTISTS,
    COUNTRY,
    FEATURE_NAMES,
    GENRE,
    SONG_COLUMNS,
    TEXT_COLUMNS,
    TITLE,
    TRACK_ID,
)

KEY: Final = np.dtype([("hash", "<u8"), ("row", "<u4")])
"""An identity of an entry, and its row in the part."""

SCHEMA: Final = pa.schema(
    {
        **dict.fromkeys(TEXT_COLUMNS, pa.string()),
        **dict.fromkeys(FEATURE_NAMES, pa.float32()),
        LINKS: pa.list_(pa.string()),
        MADE_ID: pa.string(),
        PROVENANCE: pa.int32(),
    }
)

NAMELESS: Final = "neither a title nor an id"

_LONGEST: Final = {TITLE: 500, ARTISTS: 500, ALBUM: 500, GENRE: 100, COUNTRY: 2}
"""Characters that are kept; Discord shows 256."""
_MOST_REJECTED_KEPT: Final = 1_000


class Rejected(BaseModel):
    """A row that was left out.

    Attributes:
        row: Its number in its file; row 1 names the columns.
        reason: In a few words.
        values: What the file had there, as text.
    """

    model_config = ConfigDict(frozen=True)

    row: int
    reason: str
    values: tuple[str, ...] = ()


class PartFacts(BaseModel):
    """What a part says about itself.

    Attributes:
        source: Where its entries come from.
        settled: Whether they are the songs that the catalogue has already.
        learned: Whether they were learned one by one.
        n_entries: How many.
        n_keys: How many identities they have in all.
        known: Columns of which at least one entry has a value.
        reasons: How many rows were rejected, by reason.
        rejected: The first of them.
        unusable: Values that count as missing: column of the file, feature, how many.
        notices: What else the person importing should know.
    """

    model_config = ConfigDict(frozen=True)

    source: Source
    settled: bool = False
    learned: bool = False
    n_entries: int
    n_keys: int
    known: tuple[str, ...]
    reasons: Mapping[str, int] = {}
    rejected: tuple[Rejected, ...] = ()
    unusable: tuple[tuple[str, str, int], ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def is_of_file(self) -> bool:
        """Whether they are rows of a file, whose values all come from ``source``."""
        return not (self.settled or self.learned)


@dataclass(frozen=True, slots=True)
class Part:
    """A staged part: its facts and its files."""

    facts: PartFacts
    path: Path

    def table(self, columns: Sequence[str] = SCHEMA.names) -> pa.Table:
        """Read its entries, or some of the columns of ``SCHEMA``."""
        wanted = [SCHEMA.get_field_index(name) for name in columns]
        options = pa.ipc.IpcReadOptions(included_fields=wanted)
        with pa.memory_map(str(self.path.with_suffix(".arrow"))) as file:
            return pa.ipc.open_file(file, options=options).read_all()

    def popularity(self) -> NDArray[np.float32]:
        """Read how popular its entries are, NaN where unknown."""
        return self.table(["popularity"])["popularity"].to_numpy()

    def titled(self) -> NDArray[np.bool_]:
        """Say which entries have a title; the others wait for one that shares an id."""
        if TITLE not in self.facts.known:
            return np.zeros(self.facts.n_entries, dtype=bool)
        return self.table([TITLE])[TITLE].is_valid().to_numpy()

    def keys(self) -> NDArray[Any]:
        """Map its identities, ascending by hash; type ``KEY``."""
        return np.load(self.path.with_suffix(".npy"), mmap_mode="r" if self.facts.n_keys else None)


def read_part(path: Path) -> Part | None:
    """Find a part that was written whole; None if there is none."""
    try:
        text = path.with_suffix(".json").read_text("utf-8")
    except FileNotFoundError:
        return None
    return Part(PartFacts.model_validate_json(text), path)


@dataclass(frozen=True, slots=True)
class Flaws:
    """What was wrong with the rows beside a part's entries.

    Attributes:
        rejected: Rows left out.
        unusable: As in ``PartFacts``.
        notices: As in ``PartFacts``.
    """

    rejected: Sequence[Rejected] = ()
    unusable: Sequence[tuple[str, str, int]] = ()
    notices: Sequence[str] = ()


_NO_FLAWS: Final = Flaws()


def write_part(
    path: Path,
    songs: pd.DataFrame,
    source: Source,
    *,
    settled: bool = False,
    learned: bool = False,
    flaws: Flaws = _NO_FLAWS,
) -> Part:
    """Stage entries.

    Args:
        path: Of its files, without an ending.
        songs: Any subset of ``SONG_COLUMNS``, ``LINKS`` and ``PROVENANCE``, cleaned; songs with
            neither a title nor an id are rejected.
        source: Of every value, but for settled and learned songs: their ``PROVENANCE`` tells the
            sources of each entry's values.
        settled: Whether they are the songs that the catalogue has already.
        learned: Whether they were learned one by one.
        flaws: For the summary.
    """
    usable = songs.reindex(columns=[TITLE, TRACK_ID]).notna().any(axis="columns")
    entries = _completed(songs[usable])
    keys = _keys(entries)
    reasons = Counter(each.reason for each in flaws.rejected)
    reasons[NAMELESS] += int((~usable).sum())
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_arrow(path.with_suffix(".arrow"), entries)
    np.save(path.with_suffix(".npy"), keys)
    facts = PartFacts(
        source=source,
        settled=settled,
        learned=learned,
        n_entries=len(entries),
        n_keys=len(keys),
        known=tuple(name for name in SONG_COLUMNS[1:] if entries[name].notna().any()),
        reasons=+reasons,
        rejected=tuple(flaws.rejected[:_MOST_REJECTED_KEPT]),
        unusable=tuple(flaws.unusable),
        notices=tuple(flaws.notices),
    )
    unfinished = path.with_suffix(".new")
    unfinished.write_text(facts.model_dump_json(), "utf-8")
    unfinished.replace(path.with_suffix(".json"))
    return Part(facts, path)


def _completed(songs: pd.DataFrame) -> pd.DataFrame:
    """Bring songs to all columns; those without any id get the one made of title and artist."""
    entries = songs.reindex(columns=list(SONG_COLUMNS)).reset_index(drop=True)
    entries = entries.astype(dict.fromkeys(TEXT_COLUMNS, "str"))
    for column, most in _LONGEST.items():
        entries[column] = entries[column].str.slice(0, most)
    made = derived_ids(entries[TITLE], entries[ARTISTS]).where(entries[TITLE].notna())
    entries[TRACK_ID] = entries[TRACK_ID].fillna(made)
    links = songs[LINKS].to_numpy() if LINKS in songs else [()] * len(songs)
    provenance = songs[PROVENANCE].to_numpy() if PROVENANCE in songs else 0
    added = pd.DataFrame({LINKS: pd.Series(list(links), dtype=object), MADE_ID: made})
    return pd.concat([entries, added], axis="columns").assign(**{PROVENANCE: provenance})


def _keys(entries: pd.DataFrame) -> NDArray[Any]:
    """Hash whatever makes two entries one song: any id, or title and named main artist."""
    named = (entries[TITLE].notna() & (main_artists(entries[ARTISTS]) != "")).to_numpy()
    links = entries[LINKS].tolist()
    n_links = np.fromiter((len(each) for each in links), np.int64, len(links))
    rows = np.arange(len(entries), dtype=np.uint32)
    ids = [
        *entries[TRACK_ID],
        *entries.loc[named, MADE_ID],
        *(one for all_ in links for one in all_),
    ]
    keys = np.empty(len(ids), dtype=KEY)
    keys["hash"] = hashes_of(ids)
    keys["row"] = np.concatenate([rows, rows[named], np.repeat(rows, n_links)])
    return keys[np.argsort(keys["hash"], kind="stable")]


def _write_arrow(path: Path, entries: pd.DataFrame) -> None:
    arrays = [
        pa.array(entries[name], SCHEMA.field(name).type, from_pandas=True) for name in SCHEMA.names
    ]
    table = pa.table(arrays, schema=SCHEMA)
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, SCHEMA, options=options) as out:
        out.write_table(table)
