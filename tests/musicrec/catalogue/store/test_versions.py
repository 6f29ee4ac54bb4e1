import subprocess
import sys
from pathlib import Path

import pytest

from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.versions import (
    Reading,
    building,
    current_folder,
    put_into_use,
    remove_unused,
)
from musicrec.domain.errors import BuildRunsError, StorageError
from tests.musicrec.catalogue.store.songs import built, made_up


def _build(root: Path, seed: int) -> Path:
    with building(root) as folder:
        built(folder, made_up(20, seed=seed))
        return put_into_use(root, folder)


def test_nothing_is_in_use_before_the_first_build(tmp_path: Path) -> None:
    assert current_folder(tmp_path) is None
    assert current_folder(tmp_path / "nowhere") is None


def test_the_last_build_is_in_use(tmp_path: Path) -> None:
    first = _build(tmp_path, 1)
    second = _build(tmp_path, 2)
    assert current_folder(tmp_path) == second != first


def test_building_the_same_again_changes_nothing(tmp_path: Path) -> None:
    assert _build(tmp_path, 1) == _build(tmp_path, 1)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [
        current_folder(tmp_path).name  # pyright: ignore[reportOptionalMemberAccess] -- just built
    ]


@pytest.mark.parametrize("name", ["energy.column", "manifest.json", "texts.blocks"])
@pytest.mark.parametrize("content", [None, b"", b"garbage"])
def test_building_the_same_again_replaces_what_is_damaged(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    folder = _build(tmp_path, 1)
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    assert _build(tmp_path, 1) == folder
    assert len(Snapshot.open(folder, verify=True)) == 20
    assert not list(tmp_path.glob(".new-*"))


def test_a_version_whose_deletion_was_killed_is_whole_when_it_is_built_again(
    tmp_path: Path,
) -> None:
    first = _build(tmp_path, 1)
    second = _build(tmp_path, 2)
    killed = """
import os, shutil, signal, sys
from pathlib import Path
from musicrec.catalogue.store import versions
def half(folder, **_):
    while paths := [path for path in folder.rglob("*") if path.is_file()]:
        paths[0].unlink()
        if len(paths) < 9:
            os.kill(os.getpid(), signal.SIGKILL)
shutil.rmtree = half
versions.remove_unused(Path(sys.argv[1]))
"""
    subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False)
    assert not first.exists()
    assert list(tmp_path.glob(".new-*"))
    assert _build(tmp_path, 1) == first
    assert len(Snapshot.open(first, verify=True)) == 20
    assert remove_unused(tmp_path) == [second.name]
    assert not list(tmp_path.glob(".new-*"))


def test_unused_versions_go_and_read_ones_stay(tmp_path: Path) -> None:
    first, second, third = (_build(tmp_path, seed) for seed in (1, 2, 3))
    reading = Reading(first)
    assert remove_unused(tmp_path) == [second.name]
    reading.close()
    assert remove_unused(tmp_path) == [first.name]
    assert current_folder(tmp_path) == third
    assert remove_unused(tmp_path) == []


def test_a_failed_build_leaves_the_old_songs_and_no_rubbish(tmp_path: Path) -> None:
    first = _build(tmp_path, 1)

    def fail() -> None:
        with building(tmp_path) as folder:
            (folder / "half").write_text("written")
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="No space left"):
        fail()
    assert current_folder(tmp_path) == first
    assert not list(tmp_path.glob(".new-*"))


def test_two_builds_at_once_are_refused(tmp_path: Path) -> None:
    with building(tmp_path), pytest.raises(BuildRunsError), building(tmp_path):
        pytest.fail("the second build began")


def test_what_a_killed_builder_left_is_removed(tmp_path: Path) -> None:
    first = _build(tmp_path, 1)
    killed = """
import os, signal, sys
from pathlib import Path
from musicrec.catalogue.store.versions import building
with building(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("written")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False)
    assert list(tmp_path.glob(".new-*"))
    remove_unused(tmp_path)
    assert not list(tmp_path.glob(".new-*"))
    assert current_folder(tmp_path) == first


@pytest.mark.parametrize("content", ["../../etc", "", "a b", "\0"])
def test_a_pointer_to_anywhere_else_is_damage(tmp_path: Path, content: str) -> None:
    (tmp_path / "CURRENT").write_text(content)
    with pytest.raises(StorageError, match="CURRENT"):
        current_folder(tmp_path)


def test_an_interrupted_import_can_go_on_until_it_is_thrown_away(tmp_path: Path) -> None:
    _build(tmp_path, 1)
    (tmp_path / "staging-abc").mkdir()
    assert remove_unused(tmp_path) == []
    assert remove_unused(tmp_path, staged=True) == ["staging-abc"]
