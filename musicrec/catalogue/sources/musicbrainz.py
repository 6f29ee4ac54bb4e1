"""MusicBrainz JSON dumps: one recording or artist a line.

Of a recording: ``id``; ``title``; ``artist-credit`` (``name`` of each, as credited, and
``artist.id``); ``isrcs``; ``length`` in milliseconds; ``first-release-date``; the ``genres`` entry
of the highest ``count``. ``tags`` are whatever people wrote and are left out. Of an artist:
``country`` (ISO 3166-1), or else the ``iso-3166-1-codes`` of its ``area``, and ``genres``; they
become the country, and where the recording has none the genre, of recordings whose first credited
artist it is.

Source: MusicBrainz, "MusicBrainz Database/Download" (JSON data dumps) and "MusicBrainz API". Core
data are CC0; genres are supplementary data under CC BY-NC-SA 3.0.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from musicrec.catalogue.columns import MBID
from musicrec.catalogue.files import RawTable, RejectedRow
from musicrec.catalogue.sources.documents import (
    NO_JSON,
    NOTHING,
    Document,
    documents,
    part,
    parts,
    texts,
)
from musicrec.catalogue.sources.tables import Parsed, cleaned
from musicrec.catalogue.store.ids import hashes_of
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.texts import LINKS
from musicrec.catalogue.values import ARTIST_SEPARATOR, isrc_ids
from musicrec.domain.features import ARTISTS, COUNTRY, GENRE, TITLE

SOURCE: Final = Source(name="MusicBrainz", licence="CC0 1.0; genres CC BY-NC-SA 3.0")

_ARTIST: Final = np.dtype([("hash", "<u8"), ("country", "S2"), ("genre", "<u4")])
_COLUMNS: Final = (TITLE, ARTISTS, MBID, GENRE, COUNTRY, "duration_ms", "year")
_ARTIST_ID: Final = "artist_id"
_ISRCS: Final = "isrcs"
_ARTISTS_FILE: Final = "artists.npy"
_GENRES_FILE: Final = "genres.json"


class Artists:
    """Country and genre of artists by their id; memory-mapped."""

    def __init__(self, folder: Path) -> None:
        """Open what ``write_artists`` wrote."""
        self._entries = np.load(folder / _ARTISTS_FILE)
        self._genres: list[str] = json.loads((folder / _GENRES_FILE).read_text("utf-8"))

    def of(self, ids: Sequence[str]) -> tuple[list[str], list[str]]:
        """Return countries and genres of artists; empty where unknown."""
        if not len(self._entries):
            return [""] * len(ids), [""] * len(ids)
        hashes = hashes_of(ids)
        places = np.searchsorted(self._entries["hash"], hashes).clip(max=len(self._entries) - 1)
        found = self._entries[places]
        found[found["hash"] != hashes] = (0, b"", 0)
        countries: list[bytes] = found["country"].tolist()
        genres: list[int] = found["genre"].tolist()
        return [code.decode() for code in countries], [self._genres[code] for code in genres]


def write_artists(folder: Path, blocks: Iterable[bytes]) -> None:
    """Make the look-up of artists from dumps; later entries of an id are left out."""
    genres: dict[str, int] = {"": 0}
    found: list[tuple[str, bytes, int]] = []
    for block in blocks:
        for _, artist in documents(block):
            country, genre = _country_of(artist or NOTHING), _main_genre(artist or NOTHING)
            if artist is not None and (country or genre):
                code = genres.setdefault(genre, len(genres))
                found.append((str(artist.get("id")), country.encode(), code))
    entries = np.empty(len(found), dtype=_ARTIST)
    entries["hash"] = hashes_of(each[0] for each in found)
    entries["country"] = [each[1] for each in found]
    entries["genre"] = [each[2] for each in found]
    np.save(folder / _ARTISTS_FILE, np.sort(entries, order="hash"))
    (folder / _GENRES_FILE).write_text(json.dumps(list(genres)), "utf-8")


def parse_recordings(block: bytes, artists: Artists | None) -> Parsed:
    """Read recordings; videos are rejected."""
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    rejected: list[RejectedRow] = []
    for row, recording in documents(block):
        reason = NO_JSON if recording is None else "a video" if recording.get("video") else ""
        if reason or recording is None:
            rejected.append(RejectedRow(row, reason, _shown(recording)))
        else:
            numbers.append(row)
            rows.append(_recording(recording))
    cells = pd.DataFrame(rows, index=numbers, columns=[*_COLUMNS, _ARTIST_ID, _ISRCS])
    if artists is not None:
        countries, genres = artists.of(cells[_ARTIST_ID].tolist())
        cells[COUNTRY] = countries
        cells[GENRE] = cells[GENRE].where(cells[GENRE] != "", genres)
    parsed = cleaned(RawTable(cells, tuple(rejected)), {name: name for name in _COLUMNS})
    return Parsed(_with_isrcs(parsed.songs, cells[_ISRCS]), parsed.flaws)


def _recording(recording: Document) -> dict[str, Any]:
    credited = parts(recording, "artist-credit")
    first = part(credited[0], "artist") if credited else NOTHING
    return {
        TITLE: recording.get("title"),
        ARTISTS: ARTIST_SEPARATOR.join(str(each.get("name") or "") for each in credited),
        MBID: recording.get("id"),
        GENRE: _main_genre(recording),
        COUNTRY: _country_of(first),
        "duration_ms": recording.get("length"),
        "year": recording.get("first-release-date"),
        _ARTIST_ID: str(first.get("id") or ""),
        _ISRCS: texts(recording, "isrcs"),
    }


def _main_genre(document: Document) -> str:
    ranked = sorted(parts(document, "genres"), key=_votes, reverse=True)
    return str(ranked[0].get("name") or "") if ranked else ""


def _votes(genre: Document) -> float:
    count = genre.get("count")
    return float(count) if isinstance(count, int | float) else 0.0


def _country_of(artist: Document) -> str:
    codes = texts(part(artist, "area"), "iso-3166-1-codes") or [""]
    country = str(artist.get("country") or codes[0])
    return country if len(country) == len("SE") and country.isascii() else ""


def _with_isrcs(songs: pd.DataFrame, isrcs: pd.Series) -> pd.DataFrame:
    codes = isrc_ids(isrcs.loc[songs.index].explode().dropna()).dropna()
    more = codes.groupby(level=0).agg(list).reindex(songs.index)
    links = [
        own if missing else [*own, *extra]
        for own, extra, missing in zip(songs[LINKS], more, more.isna(), strict=True)
    ]
    return songs.assign(**{LINKS: pd.Series(links, index=songs.index, dtype=object)})


def _shown(document: Document | None) -> tuple[str, ...]:
    return () if document is None else (str(document.get("id")), str(document.get("title")))
