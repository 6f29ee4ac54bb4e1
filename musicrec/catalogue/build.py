"""Build a snapshot of the catalogue from batches of songs, in constant memory.

Batches are staged as parts on the disk; then the entries of one song are found, brought into the
songs' order, merged and written. Until the new snapshot is whole the old one stays in use.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from musicrec.catalogue.buckets import LEARNED, SETTLED, Label, in_order
from musicrec.catalogue.entries import Part, write_part
from musicrec.catalogue.isrc_countries import IsrcCountries
from musicrec.catalogue.known import NOTHING, Known, Origins
from musicrec.catalogue.merging import Provenances, merged
from musicrec.catalogue.same_songs import Order, Rows, offsets_of, order_of
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.versions import building, put_into_use
from musicrec.catalogue.store.writer import writing_snapshot
from musicrec.domain.errors import BadInputError
from musicrec.domain.features import TITLE

Progress = Callable[[int, int], None]
"""Called with the work done so far and all of it."""

UNFINISHED: Final = ".new-"
"""Beginning of the names that ``store.versions`` removes after a builder died."""

NO_TITLE_ANYWHERE: Final = "no title, nor one in another file for its id"
_ADDED_AT_ONCE: Final = 50_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Some songs of one source.

    Attributes:
        songs: At most some 100,000; any subset of ``SONG_COLUMNS`` and ``store.texts.LINKS`` (a
            list of other ids a song), cleaned; every song has a title, or an id that
            some other song with a title has too.
        source: Of every value.
    """

    songs: pd.DataFrame
    source: Source


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """What became of a source's rows; ``read = new + merged + rejected``.

    Attributes:
        read: Rows.
        new: Songs that it brought first.
        merged: Rows of a song that was there before, or that an earlier row brought.
        rejected: Rows left out.
        reasons: How many of them for which reason.
    """

    read: int
    new: int
    merged: int
    rejected: int
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What came of a build.

    Attributes:
        folder: The new snapshot's.
        n_songs: Songs in it.
        sources: Counts by the source's name, most trusted first; of files alone.
        seconds: What finding, sorting, merging and writing took.
    """

    folder: Path
    n_songs: int
    sources: Mapping[str, SourceCounts]
    seconds: float


def build(
    root: Path,
    batches: Iterable[Batch],
    *,
    name: str,
    created_at: datetime,
    progress: Progress | None = None,
) -> BuildSummary:
    """Build a snapshot and put it into use.

    Args:
        root: The folder of all snapshots; made if there is none.
        batches: Songs, those of the most trusted source first; taken one by one.
        name: Of the snapshot, for people.
        created_at: With time zone.
        progress: Told the songs written, once all batches were read.

    Raises:
        BadInputError: There is no song in any batch; the old snapshot stays in use.
        BuildRunsError: Another process builds.
        StorageError: The folder cannot be written to; the old snapshot stays in use.
    """
    with building(root) as folder, scratch(root) as aside:
        parts = [
            write_part(aside / f"{number:06}", batch.songs, batch.source)
            for number, batch in enumerate(batches)
        ]
        return finish(root, folder, parts, name=name, created_at=created_at, progress=progress)


def finish(
    root: Path,
    folder: Path,
    files: Sequence[Part],
    *,
    name: str,
    created_at: datetime,
    settled: Known = NOTHING,
    learned: Known = NOTHING,
    progress: Progress | None = None,
) -> BuildSummary:
    """Make a snapshot of staged parts and put it into use.

    Args:
        root: The folder of all snapshots.
        folder: What ``building`` gave.
        files: Parts of the most trusted source first.
        name: Of the snapshot, for people.
        created_at: With time zone.
        settled: The songs that the catalogue has already, trusted more than files.
        learned: Songs learned one by one, trusted more than all others.
        progress: Told the songs written.

    Raises:
        BadInputError: There is no song in any part.
    """
    began = time.monotonic()
    parts = [*settled.parts, *learned.parts, *files]
    _require_title(parts)
    order = order_of(parts)
    known = [learned.origins, settled.origins, _of_files(files)]
    sources = list(dict.fromkeys(source for each in known for source in each.sources))
    provenances = Provenances([one for each in known for one in _renumbered(each, sources)])
    writing = writing_snapshot(
        folder,
        name=name,
        created_at=created_at,
        sources=sources,
        provenances=provenances.found,
        n_songs=order.n_songs,
        learned_through=learned.learned_through,
    )
    with scratch(root) as aside, writing as writer:
        ordered = in_order(aside, parts, order, _labels(parts, known))
        for songs in _songs(ordered, provenances, sources):
            writer.add(songs)
            if progress is not None:
                progress(writer.n_songs, order.n_songs)
    folder = put_into_use(root, folder)
    return BuildSummary(folder, order.n_songs, _counts(parts, order), time.monotonic() - began)


def any_title(parts: Sequence[Part]) -> bool:
    """Say whether a build of these parts would have any song."""
    return any(TITLE in part.facts.known for part in parts)


def _require_title(parts: Sequence[Part]) -> None:
    if not any_title(parts):
        msg = "There is no song with a title in the files; the catalogue stays as it is."
        raise BadInputError(msg)


def _songs(
    ordered: Iterable[pd.DataFrame], provenances: Provenances, sources: list[Source]
) -> Iterator[pd.DataFrame]:
    """Yield songs as they are written; ``sources`` may grow."""
    by_isrc = IsrcCountries(sources, provenances)
    for entries in ordered:
        for songs in _pieces(merged(entries, provenances)):
            yield by_isrc.fill(songs)


def _pieces(songs: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for start in range(0, len(songs), _ADDED_AT_ONCE):
        yield songs.iloc[start : start + _ADDED_AT_ONCE]


@contextmanager
def scratch(root: Path) -> Generator[Path]:
    """Give a folder for files on the way; whoever dies leaves it to the next builder to remove."""
    with tempfile.TemporaryDirectory(
        dir=root, prefix=UNFINISHED, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def _renumbered(origins: Origins, sources: Sequence[Source]) -> list[Mapping[str, int]]:
    own = [sources.index(source) for source in origins.sources]
    return [{name: own[number] for name, number in each.items()} for each in origins.provenances]


def _of_files(parts: Sequence[Part]) -> Origins:
    """Return one combination a source, most trusted first: all it knows comes from it."""
    known: dict[Source, set[str]] = {}
    for part in parts:
        known.setdefault(part.facts.source, set()).update(part.facts.known)
    own = enumerate(known.values())
    return Origins(list(known), [dict.fromkeys(sorted(columns), place) for place, columns in own])


def _labels(parts: Sequence[Part], known: Sequence[Origins]) -> list[Label]:
    """Say of each part how far it is trusted and which combination its entries have.

    Args:
        parts: All of them.
        known: Origins of learned songs, of settled ones, and of files.
    """
    learned, settled, files = known
    n_learned = len(learned.provenances)
    place = {source: number for number, source in enumerate(files.sources)}
    labels: list[Label] = []
    for part in parts:
        if part.facts.learned:
            labels.append(Label(LEARNED, 0))
        elif part.facts.settled:
            labels.append(Label(SETTLED, n_learned))
        else:
            own = place[part.facts.source]
            labels.append(Label(SETTLED + 1 + own, n_learned + len(settled.provenances) + own))
    return labels


def counts_of_rejected(parts: Sequence[Part]) -> dict[str, SourceCounts]:
    """Count by source where no song came of any part."""
    return {
        name: SourceCounts(why.total(), 0, 0, why.total(), dict(why.most_common()))
        for name, why in _reasons(parts, None).items()
    }


def _counts(parts: Sequence[Part], order: Order) -> dict[str, SourceCounts]:
    """Count by source; a source is named once, whatever its licence."""
    entries, new = Counter[str](), Counter[str]()
    for part, rows in _rows(parts):
        used = order.position[rows] < order.n_songs
        entries[part.facts.source.name] += int(used.sum())
        new[part.facts.source.name] += int((order.first[rows] == rows)[used].sum())
    return {
        name: SourceCounts(
            read=entries[name] + why.total(),
            new=new[name],
            merged=entries[name] - new[name],
            rejected=why.total(),
            reasons=dict(why.most_common()),
        )
        for name, why in _reasons(parts, order).items()
    }


def _reasons(parts: Sequence[Part], order: Order | None) -> dict[str, Counter[str]]:
    """Count rejected rows and entries that found no title, by source and reason."""
    reasons: dict[str, Counter[str]] = {}
    for part, rows in _rows(parts):
        why = reasons.setdefault(part.facts.source.name, Counter())
        why.update(part.facts.reasons)
        n_used = 0 if order is None else int((order.position[rows] < order.n_songs).sum())
        if n_used < len(rows):
            why[NO_TITLE_ANYWHERE] += len(rows) - n_used
    return reasons


def _rows(parts: Sequence[Part]) -> Iterator[tuple[Part, Rows]]:
    """Yield the parts of files, with the numbers of their entries."""
    for part, offset in zip(parts, offsets_of(parts), strict=True):
        if part.facts.is_of_file:
            yield part, np.arange(offset, offset + part.facts.n_entries, dtype=np.uint32)
