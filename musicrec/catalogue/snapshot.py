"""Imported songs on disk: immutable folders, and a pointer to the one in use.

``data_dir/catalogue/CURRENT`` names the folder ``data_dir/catalogue/<version>`` with
``songs.parquet``, ``aliases.parquet`` and ``manifest.json`` (counts and checksums). A folder is
written under another name, flushed and renamed before the pointer is replaced, so whoever dies
in between leaves the old songs in use.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from musicrec.catalogue.catalogue import Catalogue, content_hash
from musicrec.catalogue.recordings import Recordings
from musicrec.domain.errors import StorageError

FORMAT: Final = 1
_POINTER: Final = "CURRENT"
_MANIFEST: Final = "manifest.json"
_SONGS: Final = "songs.parquet"
_ALIASES: Final = "aliases.parquet"
_UNFINISHED: Final = ".new-"


def read_current(data_dir: Path) -> Recordings | None:
    """Read the songs in use; None if nothing was imported yet.

    Raises:
        StorageError: They are damaged, out of reach, or of a newer program.
    """
    folder = _current_folder(data_dir)
    return None if folder is None else _read(folder)


def open_current(data_dir: Path) -> Catalogue | None:
    """Open the songs in use; None if nothing was imported yet.

    Raises:
        StorageError: As ``read_current``.
    """
    folder = _current_folder(data_dir)
    if folder is None:
        return None
    return Catalogue(_read(folder), version=folder.name, name="imported songs")


def write_current(data_dir: Path, recordings: Recordings, facts: Mapping[str, Any]) -> None:
    """Put songs into use, keep the ones they replace, and remove older ones.

    Args:
        data_dir: The data folder; made if there is none.
        recordings: What will be in use.
        facts: More for the manifest, as JSON takes it.

    Raises:
        StorageError: The folder cannot be written to; the old songs stay in use.
    """
    root = data_dir / "catalogue"
    version = content_hash(recordings)
    try:
        root.mkdir(parents=True, exist_ok=True)
        replaced = _current_folder(data_dir)
        if replaced is not None and replaced.name == version:
            return
        temporary = Path(tempfile.mkdtemp(dir=root, prefix=_UNFINISHED))
        _write_files(temporary, recordings, facts)
        shutil.rmtree(root / version, ignore_errors=True)
        temporary.rename(root / version)
        _point_to(root, version)
        _remove_others(root, {version, replaced.name if replaced else version})
    except OSError as error:
        msg = f"The songs cannot be stored in {root}: {error.strerror or error}."
        raise StorageError(msg) from error


def _read(folder: Path) -> Recordings:
    try:
        _verify(folder, json.loads((folder / _MANIFEST).read_text("utf-8")))
        songs = pd.read_parquet(folder / _SONGS)
        aliases = pd.read_parquet(folder / _ALIASES)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise _unreadable(folder, error) from error
    return Recordings(songs, dict(zip(aliases["alias"], aliases["track_id"], strict=True)))


def _current_folder(data_dir: Path) -> Path | None:
    pointer = data_dir / "catalogue" / _POINTER
    try:
        version = pointer.read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(pointer, error) from error
    if not version.isalnum():
        raise _damaged(pointer, "it names no version")
    return pointer.parent / version


def _verify(folder: Path, manifest: Mapping[str, Any]) -> None:
    if manifest["format"] > FORMAT:
        msg = (
            f"The songs in {folder} were imported by a newer version of musicrec; update this one."
        )
        raise StorageError(msg)
    for name in (_SONGS, _ALIASES):
        if _checksum(folder / name) != manifest["sha256"][name]:
            raise _damaged(folder, f"the checksum of {name} is wrong")


def _unreadable(place: Path, error: Exception) -> StorageError:
    if isinstance(error, PermissionError):
        return StorageError(f"The imported songs cannot be read ({place}): {error.strerror}.")
    reason = error.strerror if isinstance(error, OSError) else None
    return _damaged(place, reason or "it cannot be understood")


def _damaged(place: Path, reason: str) -> StorageError:
    return StorageError(
        f"The imported songs are damaged ({place}: {reason}). Delete the folder"
        f" {place.parent} and import them again."
    )


def _write_files(folder: Path, recordings: Recordings, facts: Mapping[str, Any]) -> None:
    recordings.songs.to_parquet(folder / _SONGS, index=False)
    aliases = pd.DataFrame(recordings.aliases.items(), columns=["alias", "track_id"], dtype="str")
    aliases.to_parquet(folder / _ALIASES, index=False)
    manifest = {
        "format": FORMAT,
        "n_songs": len(recordings.songs),
        "n_aliases": len(recordings.aliases),
        "sha256": {name: _checksum(folder / name) for name in (_SONGS, _ALIASES)},
        **facts,
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2), "utf-8")
    for file in (*folder.iterdir(), folder):
        _flush(file)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _point_to(root: Path, version: str) -> None:
    temporary = root / f"{_UNFINISHED}{_POINTER}"
    temporary.write_text(version, "utf-8")
    _flush(temporary)
    _flush(root)
    temporary.replace(root / _POINTER)
    _flush(root)


def _flush(path: Path) -> None:
    """Make the system write a file or folder to the disk now."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_others(root: Path, keep: set[str]) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)
