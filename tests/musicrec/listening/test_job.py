"""What a worker does before it hears its first file."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

PATIENCE_S = 90.0

if sys.platform != "win32":
    import fcntl


def _waits_for_a_lock(process: int) -> bool:
    waiting = (
        line.split() for line in Path("/proc/locks").read_text().splitlines() if "->" in line
    )
    return any(str(process) in fields for fields in waiting)


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="needs Linux's list of file locks")
def test_nothing_is_compiled_while_another_process_compiles(tmp_path: Path):
    program = (
        "import pathlib, musicrec.listening.job as job;"
        f"job.prepare(pathlib.Path({str(tmp_path)!r}))"
    )
    with (tmp_path / "compiling.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen([sys.executable, "-c", program])
        ends_at = time.monotonic() + PATIENCE_S
        while not _waits_for_a_lock(process.pid):
            assert process.poll() is None
            assert time.monotonic() < ends_at
            time.sleep(0.05)
        assert not [*tmp_path.rglob("*.nbi")]
    assert process.wait(timeout=PATIENCE_S) == 0
    assert [*tmp_path.rglob("*.nbi")]
