"""Build the catalogue, say what is in it, check it, and tidy up beside it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from musicrec.catalogue.importing import ImportSummary, build_from_files
from musicrec.catalogue.sources.staging import SongSource
from musicrec.catalogue.sources.tables import require_known
from musicrec.catalogue.store.manifest import (
    Manifest,
    Source,
    damaged,
    read_manifest,
    wrong_checksums,
)
from musicrec.catalogue.store.versions import current_folder, remove_unused
from musicrec.cli.learned import learned_songs
from musicrec.cli.screen import print_json, print_notices, print_text, progress_bar, stdout
from musicrec.domain.errors import BadInputError, CatalogueMissingError

_MOST_LISTED: Final = 10


def build_catalogue(
    data_dir: Path,
    files: Sequence[Path],
    *,
    mapped: Sequence[str],
    sources: Sequence[str],
    database_url: str | None,
    as_json: bool,
) -> None:
    """Build of files and of what the bot learned, and say what became of the rows."""
    mapping = mapping_of(mapped)
    named = _sources(sources, len(files))
    inputs = [SongSource(path, one, mapping) for path, one in zip(files, named, strict=True)]
    learned = learned_songs(data_dir, database_url)
    with progress_bar("Building the catalogue") as progress:
        summary = build_from_files(
            data_dir,
            inputs,
            name="imported songs",
            created_at=datetime.now(UTC),
            learned=learned,
            progress=progress,
        )
    print_notices(summary.notices)
    if as_json:
        print_json(summary_document(summary))
    else:
        _print_counts(summary)
    if not summary.catalogue_size:
        msg = "No row of the files is a song with a title; the catalogue stays as it is."
        raise BadInputError(msg)


def mapping_of(texts: Sequence[str]) -> dict[str, str]:
    """Read what ``--map`` was given.

    Raises:
        BadInputError: It is no pair, or we have no such column.
    """
    mapping = dict(_pair(text, "--map", "THEIRS=ours") for text in texts)
    require_known(mapping)
    return mapping


def summary_document(summary: ImportSummary) -> dict[str, Any]:
    """What JSON readers learn about an import."""
    path = summary.rejected_file
    return asdict(summary) | {"rejected_file": None if path is None else str(path)}


def show_info(data_dir: Path, *, as_json: bool) -> None:
    """Describe the catalogue in use."""
    manifest = read_manifest(_current(data_dir))
    document = _document(manifest)
    if as_json:
        print_json(document)
        return
    megabytes = document["bytes"] / 1e6
    print_text(
        f"{manifest.name}, version {manifest.version}, of {manifest.created_at}"
        f" ({_age(document['age_seconds'])} ago)\n"
        f"{manifest.n_songs:,} songs under {manifest.n_ids:,} ids, {megabytes:,.0f} MB"
    )
    for source in manifest.sources:
        print_text(f"source: {source.name} ({source.licence or 'licence unknown'})")
    _print_table("Known", document["coverage"], manifest.n_songs)
    _print_table("Genre", document["genres"], manifest.n_songs)
    _print_table("Country", document["countries"], manifest.n_songs)


def verify_catalogue(data_dir: Path, *, as_json: bool) -> None:
    """Compare every file with its checksum.

    Raises:
        StorageError: One is missing or changed.
    """
    folder = _current(data_dir)
    manifest = read_manifest(folder)
    wrong = wrong_checksums(folder, manifest)
    if as_json:
        files = [{"file": each.file, "reason": each.reason} for each in wrong]
        print_json({"version": manifest.version, "files": len(manifest.sizes), "wrong": files})
    if wrong:
        raise damaged(folder, "; ".join(f"{each.file}: {each.reason}" for each in wrong))
    if not as_json:
        print_text(f"All {len(manifest.sizes)} files of {manifest.version} are as they were built.")


def collect_garbage(data_dir: Path, *, as_json: bool) -> None:
    """Delete what nobody needs and list it."""
    removed = sorted(remove_unused(data_dir / "catalogue", staged=True))
    if as_json:
        print_json({"removed": removed})
    else:
        print_text(f"Removed: {', '.join(removed)}." if removed else "There was nothing to remove.")


def _current(data_dir: Path) -> Path:
    folder = current_folder(data_dir / "catalogue")
    if folder is None:
        msg = "No catalogue was built yet: build one with `musicrec catalogue build FILE`."
        raise CatalogueMissingError(msg)
    return folder


def _sources(texts: Sequence[str], n_files: int) -> list[Source | None]:
    if not texts:
        return [None] * n_files
    if len(texts) not in {1, n_files}:
        msg = f"--source was given {len(texts)} times: give it once, or once for each file."
        raise BadInputError(msg)
    pairs = [_pair(text, "--source", "NAME=LICENCE") for text in texts]
    named: list[Source | None] = [Source(name=name, licence=licence) for name, licence in pairs]
    return named * n_files if len(named) == 1 else named


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    left, equals, right = text.rpartition("=") if option == "--map" else text.partition("=")
    if not equals or not left.strip() or not right.strip():
        msg = f"{option} {text}: write {form}."
        raise BadInputError(msg)
    return left.strip(), right.strip()


def _print_counts(summary: ImportSummary) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("Source")
    for heading in ("Read", "New", "Merged", "Rejected"):
        table.add_column(heading, justify="right")
    for name, each in summary.sources.items():
        counts = (each.read, each.new, each.merged, each.rejected)
        table.add_row(Text(name), *(f"{count:,}" for count in counts))
    stdout().print(table)
    for name, each in summary.sources.items():
        for reason, n in each.reasons.items():
            print_text(f"{name}: {n:,} rejected, {reason}")
    if summary.rejected_file is not None:
        print_text(f"The rejected rows and why: {summary.rejected_file}")
    if summary.catalogue_size:
        print_text(f"The catalogue has {summary.catalogue_size:,} songs now.")


def _document(manifest: Manifest) -> dict[str, Any]:
    """What JSON readers learn about a catalogue; genres and countries by number of songs."""
    age = datetime.now(UTC) - datetime.fromisoformat(manifest.created_at)
    return {
        "name": manifest.name,
        "version": manifest.version,
        "created_at": manifest.created_at,
        "age_seconds": int(age.total_seconds()),
        "songs": manifest.n_songs,
        "ids": manifest.n_ids,
        "bytes": sum(manifest.sizes.values()),
        "sizes": dict(manifest.sizes),
        "sources": [source.model_dump() for source in manifest.sources],
        "coverage": {name: each.n_known for name, each in manifest.statistics.items()},
        "genres": _counts(manifest.genres, manifest.genre_counts),
        "countries": _counts(manifest.countries, manifest.country_counts),
    }


def _counts(words: Sequence[str], counts: Sequence[int]) -> dict[str, int]:
    known = [(word, n) for word, n in zip(words, counts, strict=True) if word and n]
    return dict(sorted(known, key=lambda pair: -pair[1]))


def _print_table(heading: str, counts: dict[str, int], n_songs: int) -> None:
    """Print the biggest counts with their share of all songs."""
    if not counts:
        return
    table = Table(box=None, pad_edge=False)
    table.add_column(heading)
    table.add_column("Songs", justify="right")
    table.add_column("Share", justify="right")
    most = len(counts) if heading == "Known" else _MOST_LISTED
    for word, n in list(counts.items())[:most]:
        table.add_row(Text(word), f"{n:,}", f"{n / max(n_songs, 1):.1%}")
    stdout().print(table)
    if len(counts) > most:
        print_text(f"… and {len(counts) - most:,} more.")


def _age(seconds: int) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
