"""Processes that live once for every kill, without importing everything each time.

`python -m tests.chaos.lives PROGRAM` imports the module PROGRAM and forks for each line of its
standard input; the copy calls PROGRAM's ``live`` with what the line says. It prints the number of
each copy, and how it ended.
"""

import asyncio
import contextlib
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Life:
    """A copy that works, until it ends or is killed."""

    number: int
    _parent: asyncio.subprocess.Process

    def kill(self) -> None:
        """Kill it, unless it has just ended by itself; ``ended`` tells which of the two."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.number, signal.SIGKILL)

    def end(self) -> None:
        os.kill(self.number, signal.SIGTERM)

    async def ended(self) -> int:
        """Wait; return the exit code, or the signal with a minus."""
        return int(await _line(self._parent))


@dataclass
class Lives:
    """Begins one life after the other.

    Attributes:
        log: What they said on standard error.
    """

    log: Path
    _parent: asyncio.subprocess.Process

    async def begin(self, job: Mapping[str, Any]) -> Life:
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps(job).encode() + b"\n")
        await self._parent.stdin.drain()
        return Life(int(await _line(self._parent)), self._parent)


@contextlib.asynccontextmanager
async def lives_of(program: str, log: Path) -> AsyncGenerator[Lives]:
    """Import a program once; what its copies say on standard error goes to ``log``.

    A copy that still works at the end of the block is killed.
    """
    with log.open("ab") as lines:
        parent = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.lives", program),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=lines,
            start_new_session=True,
        )
    try:
        yield Lives(log, parent)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(parent.pid, signal.SIGKILL)
        await parent.wait()


async def _line(parent: asyncio.subprocess.Process) -> bytes:
    assert parent.stdout is not None
    line = await parent.stdout.readline()
    assert line, "the program that begins lives ended; see its log"
    return line


def _begin_lives(live: Callable[[dict[str, Any]], int]) -> None:
    for line in sys.stdin:
        number = os.fork()
        if not number:
            _live(live, json.loads(line))
        _say(number)
        _, status = os.waitpid(number, 0)
        _say(os.waitstatus_to_exitcode(status))


def _live(live: Callable[[dict[str, Any]], int], job: dict[str, Any]) -> None:
    """Be the copy; it never goes on as its parent."""
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(2, 1)
        code = live(job)
    except BaseException:  # noqa: BLE001 - as above
        traceback.print_exc()
    finally:
        os._exit(code)


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _begin_lives(importlib.import_module(sys.argv[1]).live)
