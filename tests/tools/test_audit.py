"""What the audit of packages says, with programs in the place of pip-audit."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLEAN = {"name": "aiohttp", "version": "3.12.0", "vulns": []}
WEAK = {
    "name": "requests",
    "version": "2.0.0",
    "vulns": [
        {"id": "PYSEC-1", "fix_versions": ["2.1.0"]},
        {"id": "PYSEC-2", "fix_versions": []},
    ],
}


def audit(folder: Path, program: str) -> subprocess.CompletedProcess[str]:
    """Run the audit with a program that calls itself pip-audit."""
    package = folder / "pip_audit"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(program)
    return run(folder)


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder)}
    command = [sys.executable, "-S", "-P", str(ROOT / "tools/audit.py")]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, env=environment
    )


def printing(*packages: object) -> str:
    answer = json.dumps({"dependencies": packages, "fixes": []})
    return f"import sys\nprint({answer!r})\nsys.exit({int(WEAK in packages)})"


def test_packages_without_known_weaknesses_pass(tmp_path: Path):
    ran = audit(tmp_path, printing(CLEAN))
    assert ran.returncode == 0, ran.stderr
    assert "requirements.lock: 1 packages, 0 of them with a known weakness" in ran.stdout
    assert "requirements-audio.lock: 1 packages, 0 of them" in ran.stdout


def test_a_known_weakness_fails_and_is_named_with_what_mends_it(tmp_path: Path):
    ran = audit(tmp_path, printing(CLEAN, WEAK))
    assert ran.returncode == 1
    assert "  requests 2.0.0: PYSEC-1, mended in 2.1.0\n" in ran.stdout
    assert "  requests 2.0.0: PYSEC-2, mended in no version so far\n" in ran.stdout


@pytest.mark.parametrize(
    "program",
    [
        "raise SystemExit('could not connect to somewhere')",
        "print('{}')",
        "print('[]')",
        "raise OSError('no network')",
        'print(\'{"dependencies": [{"name": "a", "skip_reason": "not found"}]}\')',
    ],
)
def test_where_nobody_can_be_asked_it_says_so_and_names_no_host(tmp_path: Path, program: str):
    ran = audit(tmp_path, program)
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert len(lines) == 2
    assert all(line.endswith("could not be reached: not audited") for line in lines)


def test_without_pip_audit_it_says_so(tmp_path: Path):
    ran = run(tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "pip-audit is not installed: not audited\n"
