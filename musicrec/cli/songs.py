"""Songs into the catalogue, and out of it by their words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from musicrec.catalogue import ImportSummary, import_songs
from musicrec.cli.catalogue import mapping_of, summary_document
from musicrec.cli.learned import learned_songs, open_with_learned
from musicrec.cli.screen import print_json, print_notices, print_text, progress_bar, stdout
from musicrec.domain.track import Track
from musicrec.services.songs import filter_of


def import_files(
    data_dir: Path,
    files: Sequence[Path],
    *,
    mapped: Sequence[str],
    database_url: str | None,
    as_json: bool,
) -> None:
    """Import and say what became of the rows."""
    mapping, learned = mapping_of(mapped), learned_songs(data_dir, database_url)
    with progress_bar("Reading songs") as progress:
        summary = import_songs(data_dir, files, mapping=mapping, learned=learned, progress=progress)
    print_notices(summary.notices)
    if as_json:
        print_json(summary_document(summary))
    else:
        print_text(_counts(summary))


def search_songs(
    data_dir: Path,
    text: str,
    *,
    genre: str | None,
    country: str | None,
    years: str | None,
    clean: bool,
    limit: int,
    database_url: str | None,
    as_json: bool,
) -> None:
    """List the songs that match."""
    catalogue = open_with_learned(data_dir, database_url)
    only = filter_of(catalogue, genre=genre, country=country, years=years, clean=clean)
    tracks = catalogue.search(text, only=only, limit=limit)
    if as_json:
        print_json([track_document(track) for track in tracks])
        return
    if not tracks:
        print_notices([f"Nothing was found for {text!r} among {len(catalogue)} songs."])
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Title", "Artists", "Genre"):
        table.add_column(heading)
    if any(track.year for track in tracks):
        table.add_column("Year")
    for track in tracks:
        table.add_row(*song_cells(track), str(track.year or ""))
    stdout().print(table)


def track_document(track: Track) -> dict[str, Any]:
    """What JSON readers learn about a song."""
    return {
        "id": track.id,
        "title": track.title,
        "artists": list(track.artists),
        "album": track.album,
        "genre": track.genre,
        "year": track.year,
        "listen_url": track.listen_url,
    }


def song_cells(track: Track) -> tuple[Text, Text, Text]:
    """Title, artists and genre, safe from being read as markup."""
    return Text(track.title), Text(", ".join(track.artists)), Text(track.genre or "")


def _counts(summary: ImportSummary) -> str:
    text = (
        f"{summary.read} rows read: {summary.new} new songs, {summary.duplicate} duplicates,"
        f" {summary.rejected} rejected.\nThe catalogue has {summary.catalogue_size} songs now."
    )
    if summary.rejected_file is not None:
        text += f"\nThe rejected rows and why: {summary.rejected_file}"
    return text
