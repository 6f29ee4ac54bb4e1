"""Stage files: every chunk becomes a part, in two processes where it pays.

Parts lie in a folder named after the files, so that an import of the same files that was killed
goes on where it stopped.
"""

import asyncio
import hashlib
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from musicrec.catalogue.entries import Part, read_part, write_part
from musicrec.catalogue.sources import acousticbrainz, musicbrainz
from musicrec.catalogue.sources.chunks import Chunk, Kind, chunks_of
from musicrec.catalogue.sources.tables import Parsed, parse_table
from musicrec.catalogue.store.manifest import Source
from musicrec.domain.errors import BadInputError
from musicrec.workers import LocalWorkers

STAGING: Final = "staging-"
"""Beginning of the names of such folders."""

_FORMAT: Final = 1
_WORTH_PROCESSES_BYTES: Final = 50_000_000
_MOST_PROCESSES: Final = 2
_SOURCES: Final[Mapping[Kind, Source]] = {
    "recordings": musicbrainz.SOURCE,
    "acoustics": acousticbrainz.SOURCE,
}


@dataclass(frozen=True, slots=True)
class SongSource:
    """A file to be imported.

    Attributes:
        path: The file.
        source: Of its values; None for the file's name, or who published the dump.
        mapping: Canonical column names by the file's, where those are not known anyway.
    """

    path: Path
    source: Source | None = None
    mapping: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class _Job:
    file: SongSource
    chunk: Chunk
    target: Path
    artists: Path | None


def folder_of(root: Path, files: Sequence[SongSource]) -> Path:
    """Name the folder of the parts of files as they are now.

    Raises:
        BadInputError: There is no such file.
    """
    digest = hashlib.sha256(repr(_FORMAT).encode())
    for file in files:
        try:
            facts = file.path.stat()
        except OSError as error:
            msg = f"{file.path} cannot be read: {error.strerror}."
            raise BadInputError(msg) from error
        named = (str(file.path.resolve()), facts.st_size, facts.st_mtime_ns)
        digest.update(repr((named, file.source, sorted(file.mapping.items()))).encode())
    return root / f"{STAGING}{digest.hexdigest()[:16]}"


def stage_files(
    folder: Path, files: Sequence[SongSource], *, processes: int | None = None
) -> Iterator[tuple[int, Part]]:
    """Stage what is not staged yet.

    Args:
        folder: What ``folder_of`` names.
        files: Those of the most trusted source first.
        processes: How many to use; None for as many as pay.

    Yields:
        The bytes of all files that were read so far, and the next part of the first file, and so
        on.

    Raises:
        BadInputError: A file cannot be used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sizes = [file.path.stat().st_size for file in files]
    jobs = _jobs(folder, files)
    if processes is None:
        large = sum(sizes) >= _WORTH_PROCESSES_BYTES
        processes = min(_MOST_PROCESSES, os.cpu_count() or 1) if large else 1
    if processes == 1:
        parts = ((job, _stage(job)) for job in jobs)
    else:
        parts = _in_processes(jobs, processes)
    for job, part in parts:
        number = int(job.target.parent.name)
        yield sum(sizes[:number]) + min(job.chunk.position, sizes[number]), part


def _jobs(folder: Path, files: Sequence[SongSource]) -> Iterator[_Job]:
    """Cut the files; artists are looked up while recordings are read, so their dumps come first."""
    kinds = [next(chunks_of(file.path)).kind for file in files]
    dumps = [file for file, kind in zip(files, kinds, strict=True) if kind == "artists"]
    if dumps:
        blocks = (chunk.payload for file in dumps for chunk in chunks_of(file.path))
        musicbrainz.write_artists(folder, blocks)
    for number, (file, kind) in enumerate(zip(files, kinds, strict=True)):
        if kind == "artists":
            continue
        for place, chunk in enumerate(chunks_of(file.path)):
            target = folder / f"{number:03}" / f"{place:06}"
            yield _Job(file, chunk, target, folder if dumps else None)


def _stage(job: _Job) -> Part:
    """Parse and write a chunk, unless that is done."""
    part = read_part(job.target)
    if part is not None:
        return part
    parsed = _parsed(job)
    default = _SOURCES.get(job.chunk.kind, Source(name=job.file.path.name))
    return write_part(job.target, parsed.songs, job.file.source or default, flaws=parsed.flaws)


def _parsed(job: _Job) -> Parsed:
    match job.chunk.kind:
        case "recordings":
            artists = None if job.artists is None else musicbrainz.Artists(job.artists)
            return musicbrainz.parse_recordings(job.chunk.payload, artists)
        case "acoustics":
            return acousticbrainz.parse_acoustics(job.chunk.payload)
        case _:
            return parse_table(job.chunk, job.file.mapping, job.file.path)


def _in_processes(jobs: Iterable[_Job], processes: int) -> Iterator[tuple[_Job, Part]]:
    """Run jobs side by side; parts come in the order of their jobs."""
    workers = LocalWorkers(processes)
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        waiting: deque[tuple[_Job, asyncio.Task[Part]]] = deque()
        try:
            for job in jobs:
                waiting.append((job, loop.create_task(workers.run(_stage, job))))
                if len(waiting) > processes + 1:
                    first, task = waiting.popleft()
                    yield first, loop.run_until_complete(task)
                else:
                    loop.run_until_complete(asyncio.sleep(0))  # lets the task reach its worker
            for first, task in waiting:
                yield first, loop.run_until_complete(task)
        finally:
            runner.run(workers.close())
