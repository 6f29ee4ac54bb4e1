"""One immutable version of the catalogue, memory-mapped."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import isnan
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from musicrec.catalogue.store.code_rows import CodeRows
from musicrec.catalogue.store.codes import SCALES
from musicrec.catalogue.store.columns import COUNTRY_CODE, GENRE_CODE, Columns
from musicrec.catalogue.store.ids import IdIndex
from musicrec.catalogue.store.manifest import (
    Manifest,
    damaged,
    read_manifest,
    wrong_checksums,
    wrong_sizes,
)
from musicrec.catalogue.store.texts import LINKS, PROVENANCE, Song, Texts
from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.domain.features import (
    ALBUM,
    ARTISTS,
    COUNTRY,
    FEATURE_NAMES,
    GENRE,
    SONG_COLUMNS,
    TITLE,
    TRACK_ID,
)
from musicrec.domain.genres import genre_key
from musicrec.domain.ids import TrackId
from musicrec.domain.track import Track
from musicrec.storage.text_index import INDEX_FILE, TextIndex

Rows = Sequence[int] | NDArray[np.integer[Any]]

MODELLED: Final = (GENRE, COUNTRY, *FEATURE_NAMES)
"""Columns that models see, but for the artists."""

_SAMPLE: Final = 5_000
_WELL_KNOWN: Final = 20_000
_WELL_KNOWN_OF_GENRE: Final = 200


class Snapshot:
    """Songs by row, most popular first; safe for several threads.

    Attributes:
        folder: Where it lies; workers open it by this.
        manifest: What it says about itself.
        columns: What filters and models read in bulk.
        code_rows: Rows by code of some of the columns, in large snapshots.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder = folder
        self.manifest = manifest
        self.columns = Columns(folder, manifest.n_songs)
        self.code_rows = CodeRows.of(folder, manifest.n_songs)
        self._texts = Texts(folder)
        self._ids = IdIndex(folder)
        self._index = TextIndex(folder / INDEX_FILE)

    @classmethod
    def open(cls, folder: Path, *, verify: bool) -> Self:
        """Open a snapshot.

        Args:
            folder: The snapshot's.
            verify: Read every file and compare its checksum; else only sizes are compared.

        Raises:
            StorageError: It is missing, damaged or of a newer program.
        """
        manifest = read_manifest(folder)
        wrong = wrong_checksums(folder, manifest) if verify else wrong_sizes(folder, manifest)
        if wrong:
            raise damaged(folder, "; ".join(f"{each.file}: {each.reason}" for each in wrong))
        try:
            return cls(folder, manifest)
        except (OSError, ValueError) as error:
            raise damaged(folder, str(error)) from error

    def __len__(self) -> int:
        """Number of songs."""
        return self.manifest.n_songs

    @cached_property
    def version(self) -> str:
        """Names the content."""
        return self.manifest.version

    @cached_property
    def well_known(self) -> NDArray[np.intp]:
        """Rows of songs that people may have an opinion on, and some of every genre; ascending."""
        first = np.arange(min(_WELL_KNOWN, len(self)))
        if len(self) <= _WELL_KNOWN:
            return first
        genres = self.columns[GENRE_CODE]
        of_genres = [
            np.flatnonzero(genres == code)[:_WELL_KNOWN_OF_GENRE]
            for code in range(1, len(self.manifest.genres))
        ]
        return np.unique(np.concatenate([first, *of_genres]))

    @cached_property
    def sample(self) -> pd.DataFrame:
        """Features of some songs, the same ones at every time."""
        n = len(self)
        rng = np.random.default_rng(0)
        rows = np.arange(n) if n <= _SAMPLE else np.sort(rng.choice(n, _SAMPLE, replace=False))
        return self.features(rows)

    def genre_codes(self, genre: str) -> Sequence[int]:
        """Return the codes of a genre, one for each of its names in the snapshot."""
        return self._codes_by_genre.get(genre_key(genre), ())

    def country_codes(self, country: str) -> Sequence[int]:
        """Return the code of a country, if songs come from there."""
        countries = self.manifest.countries
        return (countries.index(country),) if country and country in countries else ()

    def row_of(self, track_id: str) -> int | None:
        """Return the row of an id, of another id of the song, or of the id made of its title.

        Where a made-up id fits several songs, the most popular one has it.
        """
        return next(iter(self.rows_of(track_id)), None)

    def rows_of(self, track_id: str) -> list[int]:
        """Return the rows of every song that has an id, most popular first."""
        return self._ids.rows(track_id)

    def rows_of_any(self, track_ids: Iterable[str]) -> NDArray[np.intp]:
        """Return the rows of every song that has one of the ids, in no order."""
        return self._ids.rows_of_any(track_ids)

    def credit(self, row: int) -> tuple[str, tuple[str, ...]]:
        """Return title and artists of a song."""
        text = self.texts([row])[0]
        artists = text[ARTISTS]
        return text[TITLE], tuple(artists.split(ARTIST_SEPARATOR)) if artists else ()

    def texts(self, rows: Rows) -> list[Song]:
        """Return what people read about songs, in the order of ``rows``."""
        return self._texts.songs([int(row) for row in rows])

    def text(self, name: str, rows: Rows) -> list[Any]:
        """Return one text column of songs, in the order of ``rows``; None where unknown."""
        return self._texts.column(name, [int(row) for row in rows])

    def search(self, text: str) -> Iterator[int]:
        """Find songs by words of title and artists, the last of which may be unfinished.

        Popular songs titled exactly ``text`` come first, then the most popular.

        Yields:
            Rows, found as they are asked for.

        Raises:
            StorageError: The index is damaged.
        """
        return self._index.search(text)

    def features(self, rows: Rows, names: Collection[str] = MODELLED) -> pd.DataFrame:
        """Return what models see of songs but for their artists; index 0, 1, ….

        Args:
            rows: Of the songs.
            names: Columns wanted, of ``MODELLED``.
        """
        at = np.asarray(rows, dtype=np.intp)
        return pd.DataFrame({name: self._column(name, at) for name in names}, index=range(len(at)))

    def table(self, rows: Rows) -> pd.DataFrame:
        """Return songs as a song table in the order of ``rows``; index 0, 1, …."""
        texts = self.texts(rows)
        shown = {
            name: pd.Series([song[name] for song in texts], dtype="str")
            for name in (TRACK_ID, TITLE, ARTISTS, ALBUM)
        }
        return self.features(rows).assign(**shown)[list(SONG_COLUMNS)]

    def tracks(self, rows: Rows) -> list[Track]:
        """Return songs in the order of ``rows``."""
        # Data frames of few rows cost more than all else here.
        at = np.asarray(rows, dtype=np.intp)
        numbers = {name: values.tolist() for name, values in self._numbers(at).items()}
        genres: list[int] = self.columns[GENRE_CODE][at].tolist()
        countries: list[int] = self.columns[COUNTRY_CODE][at].tolist()
        return [
            Track(
                id=TrackId(text[TRACK_ID]),
                title=text[TITLE],
                artists=tuple(text[ARTISTS].split(ARTIST_SEPARATOR)) if text[ARTISTS] else (),
                album=text[ALBUM] or "",
                genre=self.manifest.genres[genres[place]] or None,
                country=self.manifest.countries[countries[place]] or None,
                features={
                    name: values[place]
                    for name, values in numbers.items()
                    if not isnan(values[place])
                },
                source=self.source_names(text),
            )
            for place, text in enumerate(self.texts(at))
        ]

    def links(self, row: int) -> tuple[str, ...]:
        """Return the other ids of a song."""
        return tuple(self.texts([row])[0][LINKS] or ())

    def sources(self, row: int) -> Mapping[str, str]:
        """Return the name of the source of every value of a song, by column."""
        return self._sources_by_column[int(self.text(PROVENANCE, [row])[0])]

    def source_names(self, song: Song) -> str:
        """Return the names of a song's sources, most trusted first, joined by commas."""
        return self._source_names[int(song[PROVENANCE])]

    @cached_property
    def _codes_by_genre(self) -> dict[str, list[int]]:
        codes: dict[str, list[int]] = {}
        for code, genre in enumerate(self.manifest.genres):
            if genre:
                codes.setdefault(genre_key(genre), []).append(code)
        return codes

    @cached_property
    def _sources_by_column(self) -> list[dict[str, str]]:
        sources = self.manifest.sources
        return [
            {column: sources[number].name for column, number in provenance.items()}
            for provenance in self.manifest.provenances
        ]

    @cached_property
    def _source_names(self) -> list[str]:
        sources = self.manifest.sources
        return [
            ", ".join(sources[number].name for number in sorted(set(provenance.values())))
            for provenance in self.manifest.provenances
        ]

    def _column(self, name: str, rows: NDArray[np.intp]) -> "NDArray[np.float64] | pd.Series[str]":
        if name == GENRE:
            return self._words(GENRE_CODE, self.manifest.genres, rows)
        if name == COUNTRY:
            return self._words(COUNTRY_CODE, self.manifest.countries, rows)
        return SCALES[name].decode(self.columns[name][rows])

    def _numbers(self, rows: NDArray[np.intp]) -> dict[str, NDArray[np.float64]]:
        return {name: SCALES[name].decode(self.columns[name][rows]) for name in FEATURE_NAMES}

    def _words(self, column: str, words: Sequence[str], rows: NDArray[np.intp]) -> "pd.Series[str]":
        distinct = pd.Series([word or None for word in words], dtype="str")
        return distinct.take(self.columns[column][rows].astype(np.intp)).reset_index(drop=True)
