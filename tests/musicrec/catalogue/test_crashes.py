"""Nothing half-built is ever used; real processes, really killed, really out of space."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.versions import current_folder
from tests.musicrec.catalogue.builders import SONGS, build, write_songs

ROOT = Path(__file__).parents[3]
KILLS = 100
BUILDS = 1.5
"""Builds that a builder has time for before it is killed, at most."""


def in_use(data_dir: Path) -> Snapshot:
    folder = current_folder(data_dir / "catalogue")
    assert folder is not None
    return Snapshot.open(folder, verify=True)


def seconds_of_a_build(data_dir: Path, files: list[Path]) -> float:
    began = time.monotonic()
    build(data_dir, files)
    return time.monotonic() - began


@pytest.mark.timeout(1_800)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows cannot fork")
def test_a_builder_killed_at_any_moment_leaves_a_whole_catalogue(tmp_path: Path):
    data_dir = tmp_path / "data"
    build(data_dir, write_songs(tmp_path, 0))
    longest_s = BUILDS * seconds_of_a_build(data_dir, write_songs(tmp_path, -1))
    rng = np.random.default_rng(KILLS)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.musicrec.catalogue.builders", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        versions = {in_use(data_dir).version}
        for _ in range(KILLS):
            nursery.stdin.write("\n")
            nursery.stdin.flush()
            builder = int(nursery.stdout.readline())
            time.sleep(rng.uniform(0.0, longest_s))
            os.kill(builder, signal.SIGKILL)
            assert nursery.stdout.readline() == "dead\n"
            assert len(in_use(data_dir)) == SONGS
            versions.add(in_use(data_dir).version)
        nursery.stdin.close()
    assert len(versions) > 1, "nobody lived long enough to finish anything"
    root = data_dir / "catalogue"
    build(data_dir, write_songs(tmp_path, -2))
    assert in_use(data_dir).text("title", [0])[0].startswith("Song -2 ")
    assert not list(root.glob(".new-*"))
    assert [path for path in root.iterdir() if path.is_dir()] == [current_folder(root)]


def on_a_small_disk(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command where ``folder`` is a file system of its own, of 8 MB in memory."""
    mounted = 'mount -t tmpfs -o size=8m none "$0" && exec "$@"'
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mounted, folder, *command],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    if shutil.which("unshare") is None or on_a_small_disk(folder, "true").returncode:
        pytest.skip("no right to mount a small disk in a namespace (util-linux's unshare)")
    return folder


@pytest.mark.parametrize("free_kb", [0, 20, 100, 300, 500])
def test_a_disk_that_runs_full_is_said_and_the_old_catalogue_stays(
    tmp_path: Path, disk: Path, free_kb: int
):
    program = (sys.executable, "-m", "tests.musicrec.catalogue.full_disk")
    ran = on_a_small_disk(disk, *program, str(disk), str(tmp_path), str(free_kb << 10))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("The songs cannot be stored in ")
    assert ran.stdout.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits of files")
@pytest.mark.parametrize("limit", [0, 500, 5_000, 20_000, 40_000, 80_000])
def test_a_full_disk_is_said_and_leaves_the_old_catalogue(tmp_path: Path, limit: int):
    data_dir = tmp_path / "data"
    build(data_dir, write_songs(tmp_path, 1))
    before = current_folder(data_dir / "catalogue")
    builder = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.musicrec.catalogue.cramped_builder",
            str(tmp_path),
            str(limit),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert builder.stdout.startswith("The songs cannot be stored in "), builder.stderr
    assert builder.stdout.count("\n") == 1
    assert current_folder(data_dir / "catalogue") == before
    assert len(in_use(data_dir)) == SONGS
