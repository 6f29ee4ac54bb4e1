"""What a snapshot says about itself."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from musicrec.domain.errors import StorageError

FORMAT: Final = 3
MANIFEST_FILE: Final = "manifest.json"
_VERSION_DIGITS: Final = 16


class Source(BaseModel):
    """Where values come from.

    Attributes:
        name: As people know it.
        licence: Under which terms; empty where unknown.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    licence: str = ""


class Statistics(BaseModel):
    """A numeric feature over all songs that have it.

    Attributes:
        n_known: Songs that have it.
        mean: In the feature's unit; 0 where no song has it.
        sd: Standard deviation.
    """

    model_config = ConfigDict(frozen=True)

    n_known: int
    mean: float
    sd: float


class Manifest(BaseModel):
    """Everything about a snapshot that is not about one song.

    Attributes:
        format: Of the files.
        name: For people.
        created_at: ISO 8601 with time zone.
        n_songs: Rows.
        n_ids: Ids that lead to a song.
        genres: Genre by code; the first is the unknown one, "".
        genre_counts: Songs of each.
        countries: ISO 3166-1 alpha-2 code by code; the first is the unknown one, "".
        country_counts: Songs of each.
        sources: Of values, most trusted first.
        provenances: The source of each of a song's columns, as the number in ``sources``.
        statistics: Of every numeric feature.
        learned_through: Number of the last learned song that was merged; 0 without any, as in
            snapshots of older programs.
        sizes: Bytes of every file.
        sha256: Checksum of every file.
    """

    model_config = ConfigDict(frozen=True)

    format: int
    name: str
    created_at: str
    n_songs: int
    n_ids: int
    genres: tuple[str, ...]
    genre_counts: tuple[int, ...]
    countries: tuple[str, ...]
    country_counts: tuple[int, ...]
    sources: tuple[Source, ...]
    provenances: tuple[Mapping[str, int], ...]
    statistics: Mapping[str, Statistics]
    learned_through: int = 0
    sizes: Mapping[str, int]
    sha256: Mapping[str, str]

    @property
    def genres_by_songs(self) -> tuple[str, ...]:
        """The known genres, most songs first, equal ones in their order."""
        return _by_count(self.genres, self.genre_counts)

    @property
    def countries_by_songs(self) -> tuple[str, ...]:
        """The known countries, most songs first, equal ones in their order."""
        return _by_count(self.countries, self.country_counts)

    @property
    def version(self) -> str:
        """Name the content: differs whenever a file does."""
        digest = hashlib.sha256(repr(sorted(self.sha256.items())).encode())
        return digest.hexdigest()[:_VERSION_DIGITS]


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what the manifest says."""

    file: str
    reason: str


def read_manifest(folder: Path) -> Manifest:
    """Read a snapshot's manifest.

    Raises:
        StorageError: It is missing, damaged or of another version of the program.
    """
    try:
        data: dict[str, Any] = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
        if data["format"] > FORMAT:
            msg = f"The songs in {folder} are of a newer version of musicrec; update this one."
            raise StorageError(msg)
        if data["format"] < FORMAT:
            msg = (
                f"The songs in {folder} are of an older version of musicrec. Delete that folder and"
                " build or import them again."
            )
            raise StorageError(msg)
        return Manifest.model_validate(data)
    except OSError as error:
        raise damaged(folder, error.strerror or "it cannot be read") from error
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise damaged(folder, f"{MANIFEST_FILE} cannot be understood") from error


def wrong_sizes(folder: Path, manifest: Manifest) -> list[Damage]:
    """Return the files that are missing or have another size; a matter of microseconds."""
    return [
        Damage(name, "it is missing" if size is None else "it has the wrong size")
        for name, expected in manifest.sizes.items()
        if (size := _size_of(folder / name)) != expected
    ]


def wrong_checksums(folder: Path, manifest: Manifest) -> list[Damage]:
    """Read every file and return those that are missing or changed; some seconds a gigabyte."""
    wrong = wrong_sizes(folder, manifest)
    missing = {damage.file for damage in wrong}
    changed = [
        Damage(name, "its checksum is wrong")
        for name, expected in manifest.sha256.items()
        if name not in missing and checksum(folder / name) != expected
    ]
    return wrong + changed


def checksum(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(folder: Path, reason: str) -> StorageError:
    """Say that a snapshot cannot be used and what to do."""
    return StorageError(
        f"The songs in {folder} are damaged ({reason}). Delete that folder and build or import"
        " them again."
    )


def _by_count(words: Sequence[str], counts: Sequence[int]) -> tuple[str, ...]:
    ranked = sorted(zip(words, counts, strict=True), key=lambda pair: -pair[1])
    return tuple(word for word, _ in ranked if word)


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
