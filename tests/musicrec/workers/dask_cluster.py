"""A real Dask scheduler and real workers, each a process of this machine."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Self

ROOT = Path(__file__).parents[3]
PATIENCE_S = 90.0


class Cluster:
    """A scheduler and workers with one thread each; all end with the block."""

    def __init__(self, *, hosts: tuple[str, ...] = (), allowed_failures: int = 3) -> None:
        """Start a scheduler, and a worker on each of the hosts, such as 127.0.0.2."""
        self.folder = Path(tempfile.mkdtemp(prefix="dask-"))
        self.workers: list[subprocess.Popen[bytes]] = []
        self._settings = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
        self._port = "0"
        self._hosts: dict[int, str] = {}
        self._logs: dict[int, Path] = {}
        self._started = 0
        try:
            self.scheduler = self.start_scheduler()
            started = [self.start_worker(host, wait=False) for host in hosts]
            for worker in started:
                self._wait_until_registered(worker)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def address(self) -> str:
        return f"dask://127.0.0.1:{self._port}"

    def start_scheduler(self) -> "subprocess.Popen[bytes]":
        """Start the scheduler, at the second time on the same port."""
        file = self.folder / "scheduler.json"
        file.unlink(missing_ok=True)
        self.scheduler = self._start(
            "scheduler", "--port", self._port, "--host", "127.0.0.1", "--scheduler-file", str(file)
        )
        wait_until(file.exists)
        wait_until(lambda: file.read_text().rstrip().endswith("}"))
        self._port = json.loads(file.read_text())["address"].rpartition(":")[2]
        return self.scheduler

    def start_worker(
        self, host: str = "127.0.0.1", *, wait: bool = True, **environment: str
    ) -> "subprocess.Popen[bytes]":
        """Start a worker on one of this machine's addresses."""
        worker = self._start(
            "worker",
            f"127.0.0.1:{self._port}",
            *("--host", host, "--nthreads", "1", "--no-nanny"),
            *("--local-directory", str(self.folder)),
            **environment,
        )
        self.workers.append(worker)
        self._hosts[worker.pid] = host
        if wait:
            self._wait_until_registered(worker)
        return worker

    def replace_dead(self) -> None:
        """Start a worker where one died."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.start_worker(self._hosts[worker.pid])
                self.workers[number] = self.workers.pop()

    def close(self) -> None:
        """Kill everything that still runs."""
        for process in (*self.workers, *([self.scheduler] if hasattr(self, "scheduler") else [])):
            kill(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, role: str, *arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
        self._started += 1
        path = self.folder / f"{self._started}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", role, "--no-dashboard", *arguments],
                cwd=ROOT,
                env={**os.environ, **self._settings, **environment},
                stdout=log,
                stderr=log,
            )
        self._logs[process.pid] = path
        return process

    def _wait_until_registered(self, worker: "subprocess.Popen[bytes]") -> None:
        wait_until(lambda: "Registered to" in self._logs[worker.pid].read_text())


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill as the kernel does when memory runs out."""
    process.send_signal(signal.SIGKILL)
    process.wait()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Look again and again, and give up after long."""
    give_up_at = monotonic() + PATIENCE_S
    while not is_so():
        assert monotonic() < give_up_at, "a process of the cluster did not start"
        sleep(0.05)
