"""Which snapshot is in use: versions side by side, a pointer, and who still reads what.

``root/CURRENT`` names the folder ``root/<version>``. A snapshot is written in a folder of another
name, flushed and renamed before the pointer is replaced, so whoever dies in between leaves the old
songs in use and a leftover that the next builder or opener removes. Readers hold a shared lock on
their snapshot's manifest, so that none is deleted under them.
"""

import shutil
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from musicrec.catalogue.store.manifest import (
    MANIFEST_FILE,
    damaged,
    read_manifest,
    wrong_checksums,
)
from musicrec.catalogue.store.writer import flush
from musicrec.domain.errors import BuildRunsError, StorageError

if sys.platform != "win32":
    import fcntl

_POINTER: Final = "CURRENT"
_LOCK: Final = "BUILD.lock"
_UNFINISHED: Final = ".new-"


def current_folder(root: Path) -> Path | None:
    """Return the folder of the snapshot in use; None if there is none yet.

    Raises:
        StorageError: The pointer is damaged or out of reach.
    """
    pointer = root / _POINTER
    try:
        version = pointer.read_text("utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise damaged(root, f"{_POINTER}: {reason or 'it is no text'}") from error
    if not version.isalnum():
        raise damaged(root, f"{_POINTER} names no version")
    return root / version


@contextmanager
def building(root: Path) -> Generator[Path]:
    """Give an empty folder to build in, alone; what is left there is removed at the end.

    Raises:
        BuildRunsError: Another process builds.
        StorageError: The folder cannot be made.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with (root / _LOCK).open("w") as lock:
            if not _locked(lock, shared=False):
                raise BuildRunsError
            _remove_unfinished(root)
            folder = Path(tempfile.mkdtemp(dir=root, prefix=_UNFINISHED))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        msg = f"The songs cannot be stored in {root}: {error.strerror or error}."
        raise StorageError(msg) from error


def put_into_use(root: Path, built: Path) -> Path:
    """Rename a finished snapshot, point to it, and return its folder.

    A folder of the same songs that is there already stays if it is whole: somebody may read it.
    """
    version = read_manifest(built).version
    folder = root / version
    if folder.exists() and not _is_whole(folder, version):
        _delete(folder)
    if not folder.exists():
        built.rename(folder)
    temporary = root / f"{_UNFINISHED}{_POINTER}"
    temporary.write_text(version, "utf-8")
    flush(temporary)
    flush(root)
    temporary.replace(root / _POINTER)
    flush(root)
    return folder


def remove_unused(root: Path, *, staged: bool = False) -> list[str]:
    """Delete what was left by dead builders, and snapshots that are neither in use nor read.

    Args:
        root: Of all snapshots.
        staged: Delete the parts of imports that were interrupted, too; else these can go on.

    Returns:
        The versions that were deleted.
    """
    if not root.exists():
        return []
    with (root / _LOCK).open("w") as lock:
        if not _locked(lock, shared=False):
            return []
        _remove_unfinished(root)
        current = current_folder(root)
        others = [path for path in root.iterdir() if path.is_dir() and path != current]
        if not staged:
            # Only versions are named by letters and digits alone.
            others = [path for path in others if path.name.isalnum()]
        return [path.name for path in others if _removed(path)]


class Reading:
    """Keeps a snapshot from being deleted until it is closed or the process ends."""

    def __init__(self, folder: Path) -> None:
        """Take a shared lock.

        Raises:
            StorageError: The snapshot is gone.
        """
        try:
            self._file = (folder / MANIFEST_FILE).open("rb")
        except OSError as error:
            raise damaged(folder, error.strerror or "it is gone") from error
        _locked(self._file, shared=True)

    def close(self) -> None:
        """Let it be deleted."""
        self._file.close()


def _removed(folder: Path) -> bool:
    try:
        with (folder / MANIFEST_FILE).open("rb") as manifest:
            if not _locked(manifest, shared=False):
                return False
    except FileNotFoundError:
        pass  # what is no snapshot has no readers
    try:
        _delete(folder)
    except OSError:  # Windows moves nothing that is open
        return False
    return True


def _delete(folder: Path) -> None:
    """Rename a folder, then delete it: half of a version must never have its name."""
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_UNFINISHED))
    folder.rename(aside / folder.name)
    shutil.rmtree(aside, ignore_errors=True)


def _is_whole(folder: Path, version: str) -> bool:
    try:
        manifest = read_manifest(folder)
    except StorageError:
        return False
    return manifest.version == version and not wrong_checksums(folder, manifest)


def _remove_unfinished(root: Path) -> None:
    for path in root.glob(f"{_UNFINISHED}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _locked(file: IO[Any], *, shared: bool) -> bool:
    """Lock a file until it is closed; False if somebody else has it."""
    if sys.platform == "win32":
        return True  # Windows refuses to delete what is open
    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
