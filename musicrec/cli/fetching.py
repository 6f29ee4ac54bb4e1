"""Song tables and playlists, filled from outside services."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pandas as pd
from rich.table import Table

from musicrec.catalogue import read_songs, require_ending, write_table
from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.cli.inputs import catalogue_or_none, require_place
from musicrec.cli.outside import settings_of_sources
from musicrec.cli.playlist_files import read_file
from musicrec.cli.screen import print_json, print_notices, print_text, progress_bar, stdout
from musicrec.domain.features import ALBUM, ARTISTS, GENRE, TITLE, TRACK_ID
from musicrec.domain.playlist import PlaylistItem
from musicrec.services.filling import FillReport, TableFilling
from musicrec.services.source_answers import StoredAnswers
from musicrec.sources import (
    AskedSong,
    SongLookup,
    SourceSettings,
    SourceState,
    open_lookup,
    songs_linked_in,
)
from musicrec.storage import Database, sqlite_url, upgrade

_TABLES: Final = (".csv", ".tsv", ".parquet")
_PROGRAM: Final = f"musicrec/{version('musicrec')}"
_STATES: Final = {
    SourceState.OK: "Known",
    SourceState.UNKNOWN: "Unknown",
    SourceState.CLOSED: "Closed",
    SourceState.UNAVAILABLE: "Failed",
}


def fetch_features(
    data_dir: Path, file: Path, *, out: Path | None, database_url: str | None, as_json: bool
) -> None:
    """Fill a file, and say how each source answered.

    Raises:
        BadInputError: The file cannot be used, or nothing can be written to ``out``.
        StorageError: The database is out of reach, or of another version.
    """
    out = out or file.with_name(f"{file.stem}-filled.csv")
    require_ending(out)
    require_place(out)
    filling = _read(file)
    data_dir.mkdir(parents=True, exist_ok=True)
    url = database_url or sqlite_url(data_dir)
    try:
        report = asyncio.run(_fill(filling, data_dir, url))
    except KeyboardInterrupt:
        told = "every answer is kept, and the same command goes on from there"
        print_notices([f"Stopped: {told}. {out} was not written."])
        raise
    write_table(filling.table, out)
    _print(report, out, as_json=as_json)


def _read(file: Path) -> TableFilling:
    if file.suffix.lower() not in _TABLES:
        items = read_file(file).playlist.items
        return TableFilling(_table_of(items), [_link_of(item) for item in items])
    songs = read_songs(file)
    print_notices(songs.notices)
    return TableFilling(songs.songs)


def _table_of(items: Sequence[PlaylistItem]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = [
        {
            TRACK_ID: item.track_id,
            TITLE: item.title or None,
            ARTISTS: ARTIST_SEPARATOR.join(item.artists) or None,
            ALBUM: item.album or None,
            GENRE: item.genre,
            "duration_ms": item.duration_ms,
            **item.features,
        }
        for item in items
    ]
    return pd.DataFrame(rows)


def _link_of(item: PlaylistItem) -> AskedSong | None:
    """Return the song of a link that is no id of ours, such as one of Deezer."""
    return None if item.track_id else next(iter(songs_linked_in(item.uri)), None)


async def _fill(filling: TableFilling, data_dir: Path, url: str) -> FillReport:
    catalogue = catalogue_or_none(data_dir)
    genres = () if catalogue is None else catalogue.genres
    named = filling.table[GENRE].dropna().unique()
    async with _lookup(url) as lookup:
        with progress_bar("Asking the sources") as progress:
            return await filling.fill(lookup, [*genres, *named], progress)


@asynccontextmanager
async def _lookup(url: str) -> AsyncGenerator[SongLookup]:
    make_settings = settings_of_sources.get()
    settings = make_settings() if make_settings else SourceSettings(contact="")
    database = Database.open(url)
    try:
        if database.dialect == "sqlite":
            await upgrade(url)
        await database.check()
        answers = StoredAnswers(database)
        async with open_lookup(settings, answers, _now, program=_PROGRAM) as lookup:
            yield lookup
    finally:
        await database.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _print(report: FillReport, out: Path, *, as_json: bool) -> None:
    if as_json:
        print_json(_document(report, out))
        return
    print_text(
        f"{report.n_songs} songs: {report.n_asked} looked up, {report.n_found} found,"
        f" {report.n_values} values filled in; {report.n_whole} lacked nothing,"
        f" {report.n_nameless} have no name or id."
    )
    if report.sources:
        table = Table(box=None, pad_edge=False)
        table.add_column("Source")
        for heading in ("Asked", *_STATES.values()):
            table.add_column(heading, justify="right")
        for name, counts in sorted(report.sources.items()):
            table.add_row(name, *map(str, (counts.total(), *(counts[each] for each in _STATES))))
        stdout().print(table)
    print_notices(_on_silent(report))
    print_text(f"The songs are in {out}")


def _on_silent(report: FillReport) -> list[str]:
    """Say who could not be asked and when the same command may do better."""
    return [
        f"{name} could not be asked about every song: {answer.reason}"
        + (
            f"; it may be asked again at {answer.closed_until:%Y-%m-%d %H:%M} UTC"
            if answer.closed_until
            else ""
        )
        + ". The same command asks again for what is missing."
        for name, answer in sorted(report.reasons.items())
    ]


def _document(report: FillReport, out: Path) -> dict[str, Any]:
    return {
        "path": str(out),
        "n_songs": report.n_songs,
        "n_asked": report.n_asked,
        "n_found": report.n_found,
        "n_values": report.n_values,
        "n_whole": report.n_whole,
        "n_nameless": report.n_nameless,
        "sources": {
            name: {"asked": counts.total()}
            | {words.lower(): counts[state] for state, words in _STATES.items()}
            for name, counts in sorted(report.sources.items())
        },
    }
