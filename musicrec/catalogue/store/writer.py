"""Write a snapshot, songs in batches, in constant memory."""

import os
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue.recording_keys import guest_artists, main_artists
from musicrec.catalogue.store.code_rows import write_code_rows
from musicrec.catalogue.store.codes import SCALES
from musicrec.catalogue.store.columns import (
    ARTIST_HASH,
    COUNTRY_CODE,
    GENRE_CODE,
    GUEST_HASH,
    ColumnsWriter,
    writing_columns,
)
from musicrec.catalogue.store.ids import hashes_of, write_id_index
from musicrec.catalogue.store.manifest import (
    FORMAT,
    MANIFEST_FILE,
    Manifest,
    Source,
    Statistics,
    checksum,
)
from musicrec.catalogue.store.texts import LINKS, TextsWriter, writing_texts
from musicrec.domain.features import ARTISTS, COUNTRY, FEATURE_NAMES, GENRE, TITLE, TRACK_ID
from musicrec.domain.identity import fold
from musicrec.storage.text_index import (
    INDEX_FILE,
    TextIndexFeed,
    TextIndexWriter,
    writing_text_index,
    writing_text_index_aside,
)

MOST_CODES: Final = 65_535
MADE_ID: Final = "made_id"
"""Column of the id that a song without any other would have."""

_IDS_FILE: Final = "ids.unsorted"
_MANY: Final = 500_000
"""Songs that are worth starting another process, and an index of rows by code."""
_ID: Final = np.dtype([("hash", "<u8"), ("row", "<u4")])


class SnapshotWriter:
    """Takes songs in their final order, most popular first."""

    def __init__(
        self,
        columns: ColumnsWriter,
        texts: TextsWriter,
        index: TextIndexWriter | TextIndexFeed,
        ids: Any,
    ) -> None:
        self._columns = columns
        self._texts = texts
        self._index = index
        self._ids = ids
        self._genres = _Vocabulary()
        self._countries = _Vocabulary()
        self._moments = {name: _Moments() for name in FEATURE_NAMES}
        self.n_songs = 0
        self.n_ids = 0

    def add(self, songs: pd.DataFrame) -> None:
        """Append songs.

        Args:
            songs: Columns ``SONG_COLUMNS``, ``LINKS`` (a list of ids a song), ``PROVENANCE`` and
                ``MADE_ID``; every song has an id and a title.
        """
        values: dict[str, NDArray[Any]] = {
            name: SCALES[name].encode(songs[name].to_numpy(np.float64)) for name in FEATURE_NAMES
        }
        values[GENRE_CODE] = self._genres.codes(songs[GENRE])
        values[COUNTRY_CODE] = self._countries.codes(songs[COUNTRY])
        values[ARTIST_HASH] = artist_hashes(main_artists(songs[ARTISTS]))
        values[GUEST_HASH] = artist_hashes(guest_artists(songs[ARTISTS]))
        self._columns.add(values)
        self._texts.add(songs)
        self._index.add(songs[TITLE].tolist(), songs[ARTISTS].fillna("").tolist())
        self._add_ids(songs)
        for name, moments in self._moments.items():
            moments.add(songs[name].to_numpy(np.float64))
        self.n_songs += len(songs)

    def facts(self) -> dict[str, Any]:
        """Return what the manifest says about the songs."""
        return {
            "n_songs": self.n_songs,
            "n_ids": self.n_ids,
            "genres": self._genres.words,
            "genre_counts": self._genres.counts,
            "countries": self._countries.words,
            "country_counts": self._countries.counts,
            "statistics": {name: moments.statistics for name, moments in self._moments.items()},
        }

    def _add_ids(self, songs: pd.DataFrame) -> None:
        """Note the ids that lead to each song; the one made of title and artist is one of them."""
        rows = range(self.n_songs, self.n_songs + len(songs))
        named = [
            (track_id, row)
            for row, own, made, links in zip(
                rows, songs[TRACK_ID], songs[MADE_ID], songs[LINKS], strict=True
            )
            for track_id in {own, made, *links}
        ]
        entries = np.empty(len(named), dtype=_ID)
        entries["hash"] = hashes_of(track_id for track_id, _ in named)
        entries["row"] = [row for _, row in named]
        self._ids.write(entries.tobytes())
        self.n_ids += len(named)


@contextmanager
def writing_snapshot(
    folder: Path,
    *,
    name: str,
    created_at: datetime,
    sources: Sequence[Source],
    provenances: Sequence[Mapping[str, int]],
    n_songs: int = 0,
    learned_through: int = 0,
) -> Generator[SnapshotWriter]:
    """Open an empty folder for a new snapshot; it is whole and on the disk when the context ends.

    Args:
        folder: Where.
        name: For people.
        created_at: Now.
        sources: Of values, most trusted first.
        provenances: The source of each of a song's columns, as the number in ``sources``.
        n_songs: About as many will come; words of many are indexed by a process of its own.
        learned_through: The largest number of a learned song that was merged.

    Raises:
        OSError: The disk is full, or the folder cannot be written to.
        StorageError: The same, met by the text index.
    """
    writing_words = writing_text_index_aside if n_songs >= _MANY else writing_text_index
    with writing_words(folder / INDEX_FILE) as index:
        with (
            writing_columns(folder) as columns,
            writing_texts(folder) as texts,
            (folder / _IDS_FILE).open("wb") as ids,
        ):
            writer = SnapshotWriter(columns, texts, index, ids)
            yield writer
        _index(folder, writer.n_songs)
    files = sorted(path for path in folder.iterdir() if path.is_file())
    manifest = Manifest(
        format=FORMAT,
        name=name,
        created_at=created_at.isoformat(timespec="seconds"),
        sources=tuple(sources),
        provenances=tuple(provenances),
        learned_through=learned_through,
        sizes={path.name: path.stat().st_size for path in files},
        sha256={path.name: checksum(path) for path in files},
        **writer.facts(),
    )
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(indent=1), "utf-8")
    for path in (*folder.iterdir(), folder):
        flush(path)


def artist_hashes(names: pd.Series) -> NDArray[np.uint32]:
    """Return 32 bits of the hash of every folded name; 0 for an empty one."""
    codes, distinct = pd.factorize(names)
    hashes = (hashes_of(fold(str(name)) for name in distinct) & np.uint64(0xFFFFFFFF)).astype("<u4")
    hashes[np.asarray(distinct == "")] = 0
    return hashes[codes]


def flush(path: Path) -> None:
    """Make the system write a file or folder to the disk now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _index(folder: Path, n_songs: int) -> None:
    """Write what is found by id, and by code where a scan would take long."""
    _sort_ids(folder)
    if n_songs >= _MANY:
        write_code_rows(folder, n_songs)


def _sort_ids(folder: Path) -> None:
    path = folder / _IDS_FILE
    if path.stat().st_size:  # an empty file cannot be mapped
        entries = np.memmap(path, dtype=_ID, mode="r")
    else:
        entries = np.empty(0, dtype=_ID)
    write_id_index(folder, entries["hash"], entries["row"])
    del entries  # some systems delete no file that is mapped
    path.unlink()


class _Vocabulary:
    """Gives words codes as they come; 0 is the unknown one."""

    def __init__(self) -> None:
        self._codes = {"": 0}
        self._counts: Counter[int] = Counter()

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self._codes)

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(self._counts[code] for code in range(len(self._codes)))

    def codes(self, words: pd.Series) -> NDArray[np.uint16]:
        numbers, distinct = pd.factorize(words.fillna(""))
        own = np.array([self._code(str(word)) for word in distinct], dtype=np.uint16)
        codes = own[numbers]
        counts: list[int] = np.bincount(codes).tolist()
        self._counts.update(dict(enumerate(counts)))
        return codes

    def _code(self, word: str) -> int:
        if word not in self._codes and len(self._codes) > MOST_CODES:
            return 0
        return self._codes.setdefault(word, len(self._codes))


class _Moments:
    """Mean and spread of values that come in batches."""

    def __init__(self) -> None:
        self._n = 0
        self._mean = 0.0
        self._squares = 0.0

    def add(self, values: NDArray[np.float64]) -> None:
        """Take a batch; NaN is not counted.

        Source:
            Chan, Golub & LeVeque (1979), "Updating formulae and a pairwise algorithm for
            computing sample variances".
        """
        known = values[~np.isnan(values)]
        if not len(known):
            return
        n = self._n + len(known)
        shift = float(known.mean()) - self._mean
        self._squares += float(((known - known.mean()) ** 2).sum())
        self._squares += shift**2 * self._n * len(known) / n
        self._mean += shift * len(known) / n
        self._n = n

    @property
    def statistics(self) -> Statistics:
        sd = (self._squares / self._n) ** 0.5 if self._n else 0.0
        return Statistics(n_known=self._n, mean=self._mean, sd=sd)
