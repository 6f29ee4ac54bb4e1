"""A folder where somebody types ``musicrec`` commands."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""Output is buffered, as in most people's shells."""


@dataclass(frozen=True)
class Outcome:
    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Desk:
    """A folder where somebody types ``musicrec`` commands."""

    folder: Path

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "bot.command_line", *arguments],
            cwd=self.folder,
            env=ENVIRONMENT | {"PYTHONPATH": str(REPOSITORY), "DATA_DIR": "data"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )

    def musicrec(self, *arguments: str) -> Outcome:
        with self.start(*arguments) as process:
            stdout, stderr = process.communicate(timeout=240)
        return Outcome(process.returncode, stdout, stderr)

    def write(self, name: str, content: str) -> str:
        (self.folder / name).write_text(content, "utf-8")
        return name
