"""Make .venv from requirements.lock, once; standard library only, and readable to old Pythons.

Exit code 0: .venv is ready. Exit code 2: it is not, and one sentence on standard error says why.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TextIO

OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
UNFINISHED = VENV / "unfinished"
LOG = ROOT / "build" / "install.log"

CAUSES = (
    ("No space left on device", "the disk is full"),
    ("DO NOT MATCH THE HASHES", "a download differs from requirements.lock"),
    ("connection", "the package index is out of reach; is there a network?"),
    ("No matching distribution found", "a package is out of reach; is there a network?"),
)


class SetupError(Exception):
    """The environment cannot be made; the message is one sentence."""


def main() -> int:
    """Make the environment, or say in one sentence why not; return the exit code."""
    try:
        if sys.version_info < OLDEST:
            return run_with_newer_python()
        install()
    except SetupError as error:
        return complain(str(error))
    except OSError as error:
        reason = error.strerror or error
        return complain(f"{ROOT} cannot be written ({reason}): make it writable, or move it.")
    return 0


def complain(sentence: str) -> int:
    """Print the sentence; return the exit code of a failure."""
    print(sentence, file=sys.stderr)
    return 2


def run_with_newer_python() -> int:
    """Start over with a newer Python of this machine.

    Raises:
        SetupError: There is none.
    """
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found and output_of(found, "print(1)"):  # a version manager's shim may lead nowhere
            return subprocess.call([found, str(Path(__file__).resolve())])
    needed = ".".join(map(str, OLDEST))
    this = ".".join(map(str, sys.version_info[:2]))
    message = f"Python {needed} or newer is needed and this is {this}: install it, or name it: "
    raise SetupError(message + "make PYTHON=/path/to/python3")


def output_of(python: str, code: str) -> str:
    """Return what the code prints; empty where it fails."""
    try:
        ran = subprocess.run(
            [python, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return ran.stdout.decode().strip()


def install() -> None:
    """Bring .venv up to requirements.lock; do nothing where it is."""
    if is_installed():
        return
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # released by the kernel even when we are killed
        if not is_installed():
            print("Setting up .venv, once; it takes a few minutes …", file=sys.stderr)
            fill_venv()


def is_installed() -> bool:
    """Say whether .venv is complete and made of these files by this Python."""
    return PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    """Hash everything that .venv depends on."""
    parts = [(ROOT / name).read_bytes() for name in ("requirements.lock", "pyproject.toml")]
    parts.append(f"{ROOT} {sys.version}".encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def fill_venv() -> None:
    """Install everything; what a killed run, another Python or another tool left is made again."""
    with_pip = output_of(str(PYTHON), "import pip, sys; print(sys.version)")
    if VENV.exists() and (UNFINISHED.exists() or with_pip != sys.version):
        shutil.rmtree(str(VENV))
    is_new = not VENV.exists()
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    with LOG.open("w") as log:
        if is_new:
            make_venv(log)
        # No dependencies: the lock file is complete, and leaves out what nothing here imports.
        pip(log, "--require-hashes", "--no-deps", "-r", str(ROOT / "requirements.lock"))
        pip(log, "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(fingerprint())
    UNFINISHED.unlink()


def make_venv(log: TextIO) -> None:
    """Make the bare environment.

    Raises:
        SetupError: This Python came without the modules for it, as Debian's does.
    """
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            message = f"This Python came without {module}: install the package python3-venv."
            raise SetupError(message)
    run(log, [sys.executable, "-m", "venv", str(VENV)], "Making .venv failed")


def pip(log: TextIO, *arguments: str) -> None:
    """Install with the environment's own pip."""
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    run(log, [*command, *arguments], "Installing the packages failed")


def run(log: TextIO, command: "list[str]", failure: str) -> None:
    """Run a command into the log.

    Raises:
        SetupError: It failed; the sentence names the likely cause and the log.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    if subprocess.call(command, stdout=log, stderr=log, cwd=str(ROOT), env=environment) == 0:
        return
    text = LOG.read_text(errors="replace").lower()
    causes = [f": {cause}" for mark, cause in CAUSES if mark.lower() in text]
    because = causes[0] if causes else ""
    message = f"{failure}{because} (details: {LOG.relative_to(ROOT)})."
    raise SetupError(message)


if __name__ == "__main__":
    sys.exit(main())
