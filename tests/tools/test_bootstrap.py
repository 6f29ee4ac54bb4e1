"""The set-up of .venv, in real processes and without any network."""

import ast
import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

BOOTSTRAP = Path(__file__).parents[2] / "tools" / "bootstrap.py"

PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "tiny-project"
version = "1"
"""

BACKEND = """
import zipfile

def get_requires_for_build_editable(config_settings=None):
    return []

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "tiny_project-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{wheel_directory}/{name}", "w") as wheel:
        info = "tiny_project-1.dist-info"
        metadata = "Metadata-Version: 2.1\\nName: tiny-project\\nVersion: 1\\n"
        wheel.writestr(f"{info}/METADATA", metadata)
        tags = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(f"{info}/WHEEL", tags)
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of its own whose only package lies beside it."""
    root = tmp_path / "project"
    (root / "tools").mkdir(parents=True)
    shutil.copy(BOOTSTRAP, root / "tools")
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "backend.py").write_text(BACKEND)
    wheel = make_wheel(tmp_path)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (root / "requirements.lock").write_text(f"tiny-needed==1 --hash=sha256:{digest}\n")
    return root


def make_wheel(folder: Path) -> Path:
    path = folder / "tiny_needed-1-py3-none-any.whl"
    info = "tiny_needed-1.dist-info"
    files = {
        "tiny_needed.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny-needed\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},{record_hash(text)},{len(text)}\n" for name, text in files.items())
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            wheel.writestr(name, text)
    return path


def record_hash(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.decode().rstrip('=')}"


def bootstrap(
    project: Path, *, python: str = sys.executable, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, "tools/bootstrap.py"],
        cwd=project,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(project.parent),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(project.parent),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def assert_one_sentence(ran: subprocess.CompletedProcess[str], *words: str) -> None:
    assert ran.returncode == 2, ran.stderr
    last = ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr
    for word in words:
        assert word in last


def modification_times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_an_old_python_can_read_it():
    ast.parse(BOOTSTRAP.read_text(), feature_version=(3, 8))


def test_the_environment_is_made_once_renewed_when_needed_and_else_left_alone(project: Path):
    first = bootstrap(project)
    assert first.returncode == 0, first.stderr + (project / "build/install.log").read_text()
    python = project / ".venv/bin/python"
    assert subprocess.run([python, "-c", "import tiny_needed"], check=False).returncode == 0

    before = modification_times(project)
    again = bootstrap(project)
    assert (again.returncode, again.stderr, again.stdout) == (0, "", "")
    assert modification_times(project) == before

    with (project / "requirements.lock").open("a") as lock:
        lock.write("# a change\n")
    assert bootstrap(project).stderr.startswith("Setting up")
    assert bootstrap(project).stderr == ""


def test_a_run_that_was_killed_in_the_middle_starts_from_nothing(project: Path):
    rubble = project / ".venv/lib/rubble"
    rubble.mkdir(parents=True)
    (project / ".venv/unfinished").touch()
    assert bootstrap(project).returncode == 0
    assert not rubble.exists()
    assert bootstrap(project).stderr == ""


def test_packages_out_of_reach_are_one_sentence_that_names_the_log(project: Path):
    ran = bootstrap(project, PIP_FIND_LINKS=str(project))
    assert_one_sentence(ran, "out of reach", "is there a network?", "build/install.log")
    assert "tiny-needed" in (project / "build/install.log").read_text()


def test_a_download_that_differs_from_the_lock_file_is_refused(project: Path):
    lock = project / "requirements.lock"
    lock.write_text(lock.read_text()[:-5] + "0000\n")
    assert_one_sentence(bootstrap(project), "differs from requirements.lock", "install.log")


def test_a_folder_that_cannot_be_written_is_one_sentence(project: Path):
    (project / "build").touch()  # a file where the folder belongs stops even root
    assert_one_sentence(bootstrap(project), str(project), "cannot be written")


def test_a_python_without_ensurepip_is_one_sentence(project: Path):
    # Debian's python3 without python3-venv has no such module; this makes ours look the same.
    (project / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None\n")
    ran = bootstrap(project, PYTHONPATH=str(project))
    assert_one_sentence(ran, "came without ensurepip", "python3-venv")


def test_an_old_python_is_one_sentence(project: Path):
    script = project / "tools/bootstrap.py"
    script.write_text(script.read_text().replace("OLDEST = (3, 11)", "OLDEST = (99, 0)"))
    ran = bootstrap(project, PATH=str(project))
    assert_one_sentence(ran, "Python 99.0 or newer is needed", "make PYTHON=")
