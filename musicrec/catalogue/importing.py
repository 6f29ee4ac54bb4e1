"""Bring songs from files into the catalogue."""

import csv
import io
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from musicrec.catalogue.build import (
    BuildSummary,
    Progress,
    SourceCounts,
    any_title,
    counts_of_rejected,
    finish,
    scratch,
)
from musicrec.catalogue.cleaning import unusable_notices
from musicrec.catalogue.entries import Part, Rejected
from musicrec.catalogue.files import write_table
from musicrec.catalogue.known import NOTHING
from musicrec.catalogue.learned import stage_learned
from musicrec.catalogue.settled import stage_current
from musicrec.catalogue.sources.staging import SongSource, folder_of, stage_files
from musicrec.catalogue.store.versions import building, remove_unused
from musicrec.domain.learned_song import LearnedSong

_SHARE_OF_READING: Final = 0.6
"""Of the time of an import; the rest is finding, sorting and writing songs."""
_STEPS: Final = 1_000
_AS_THEY_ARE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What became of the rows; ``read = new + duplicate + rejected``.

    Attributes:
        read: Rows of all files.
        new: Recordings that the catalogue did not have.
        duplicate: Rows of a recording it had already, or that an earlier row brought.
        rejected: Rows left out.
        rejected_file: Where the rejected rows are listed with their reasons, at most the first
            1,000 of every 50,000 rows; None without any.
        catalogue_size: Recordings in the catalogue now.
        notices: What the person importing should know, a sentence each.
        sources: The same counts by source, with reasons.
    """

    read: int
    new: int
    duplicate: int
    rejected: int
    rejected_file: Path | None
    catalogue_size: int
    notices: tuple[str, ...] = ()
    sources: Mapping[str, SourceCounts] = field(
        default_factory=dict[str, SourceCounts], compare=False
    )


def import_songs(
    data_dir: Path,
    files: Sequence[Path],
    *,
    mapping: Mapping[str, str] = _AS_THEY_ARE,
    learned: Sequence[LearnedSong] = (),
    progress: Progress | None = None,
) -> ImportSummary:
    """Add the songs of files to what was imported before.

    Songs that the catalogue has keep their ids; what was unknown about them is filled in. Broken
    rows are left out and listed in ``data_dir/rejected-<n>.csv``. A program that has the
    catalogue open goes on with the old one.

    Args:
        data_dir: The data folder.
        files: Those of the most trusted source first.
        mapping: Canonical column names by the files', where those are not known anyway.
        learned: As ``build_from_files`` takes them.
        progress: Told the work done in thousandths.

    Raises:
        BadInputError: A file cannot be used at all; nothing was changed.
        StorageError: The data folder cannot be read or written; nothing was changed.
        BuildRunsError: Another process imports or builds.
    """
    sources = [SongSource(path, mapping=mapping) for path in files]
    newest = max((path.stat().st_mtime for path in files if path.exists()), default=0.0)
    return build_from_files(
        data_dir,
        sources,
        name="imported songs",
        created_at=datetime.fromtimestamp(newest, UTC),
        keep=True,
        learned=learned,
        progress=progress,
    )


def build_from_files(
    data_dir: Path,
    files: Sequence[SongSource],
    *,
    name: str,
    created_at: datetime,
    keep: bool = False,
    learned: Sequence[LearnedSong] = (),
    progress: Progress | None = None,
) -> ImportSummary:
    """Build the catalogue of files.

    Args:
        data_dir: The data folder; the snapshots are in ``catalogue``.
        files: Those of the most trusted source first.
        name: Of the catalogue, for people.
        created_at: With time zone.
        keep: Start with the songs in use: they keep their ids and known values.
        learned: Every song that was learned one by one, in the order of storing. Their values come
            before all others, the last learned ones first.
        progress: Told the work done in thousandths.

    Raises:
        BadInputError, StorageError, BuildRunsError: As ``import_songs``.
    """
    root = data_dir / "catalogue"
    staging = folder_of(root, files)
    with building(root) as folder, scratch(root) as aside:
        settled = stage_current(root, aside) if keep else NOTHING
        parts = _staged(staging, files, progress)
        built = None
        if any_title([*settled.parts, *parts]):
            built = finish(
                root,
                folder,
                parts,
                name=name,
                created_at=created_at,
                settled=settled,
                learned=stage_learned(aside, learned),
                progress=_later_share(progress),
            )
        summary = _summary(data_dir, files, parts, built)
        shutil.rmtree(staging, ignore_errors=True)
    remove_unused(root, staged=True)
    return summary


def _staged(staging: Path, files: Sequence[SongSource], progress: Progress | None) -> list[Part]:
    total = max(sum(file.path.stat().st_size for file in files), 1)
    parts: list[Part] = []
    for n_bytes, part in stage_files(staging, files):
        parts.append(part)
        if progress is not None:
            progress(int(_STEPS * _SHARE_OF_READING * n_bytes / total), _STEPS)
    return parts


def _later_share(progress: Progress | None) -> Progress | None:
    if progress is None:
        return None

    def show(done: int, total: int) -> None:
        share = _SHARE_OF_READING + (1 - _SHARE_OF_READING) * done / total
        progress(round(_STEPS * share), _STEPS)

    return show


def _summary(
    data_dir: Path, files: Sequence[SongSource], parts: Sequence[Part], built: BuildSummary | None
) -> ImportSummary:
    by_file = [(files[int(part.path.parent.name)].path.name, part) for part in parts]
    rejected = _rejected(by_file)
    counts = counts_of_rejected(parts) if built is None else built.sources
    return ImportSummary(
        read=sum(each.read for each in counts.values()),
        new=sum(each.new for each in counts.values()),
        duplicate=sum(each.merged for each in counts.values()),
        rejected=sum(each.rejected for each in counts.values()),
        rejected_file=_write_rejected(data_dir, rejected) if rejected else None,
        catalogue_size=0 if built is None else built.n_songs,
        notices=tuple(_notices(by_file)),
        sources=counts,
    )


def _rejected(by_file: Sequence[tuple[str, Part]]) -> list[tuple[str, Rejected]]:
    """Gather rejected rows, numbered as in their files."""
    n_before = Counter[str]()
    gathered: list[tuple[str, Rejected]] = []
    for name, part in by_file:
        facts = part.facts
        gathered += [
            (name, each.model_copy(update={"row": each.row + n_before[name]}))
            for each in facts.rejected
        ]
        n_before[name] += facts.n_entries + sum(facts.reasons.values())
    return gathered


def _notices(by_file: Sequence[tuple[str, Part]]) -> list[str]:
    """Say once a file what the person importing should know about it."""
    unusable: dict[str, Counter[tuple[str, str]]] = {}
    n_rows = Counter[str]()
    said: dict[str, dict[str, None]] = {}
    for name, part in by_file:
        n_rows[name] += part.facts.n_entries + sum(part.facts.reasons.values())
        counts = unusable.setdefault(name, Counter())
        for column, feature, n in part.facts.unusable:
            counts[column, feature] += n
        said.setdefault(name, {}).update(dict.fromkeys(part.facts.notices))
    return [
        f"{name}: {notice}"
        for name, notices in said.items()
        for notice in (*unusable_notices(unusable[name], n_rows[name]), *notices)
    ]


def _write_rejected(data_dir: Path, rejected: Sequence[tuple[str, Rejected]]) -> Path:
    """List the rejected rows of all files in a new file."""
    rows = [(name, each.row, each.reason, _as_line(each.values)) for name, each in rejected]
    number = 1
    while (file := data_dir / f"rejected-{number}.csv").exists():
        number += 1
    write_table(pd.DataFrame(rows, columns=["file", "row", "reason", "values"]), file)
    return file


def _as_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
