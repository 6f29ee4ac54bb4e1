"""Looks up what is locked in the lists of known weaknesses, where these can be reached.

Ends with 1 where a weakness is known, else with 0; where nobody could be asked, it says so.
"""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
LOCKS: Final = ("requirements.lock", "requirements-audio.lock")
ANSWER_S: Final = 5
"""Seconds for one answer."""
ALL_S: Final = 120
"""Seconds for all of them."""


def main() -> int:
    """Audit every lock file."""
    if find_spec("pip_audit") is None:
        print("pip-audit is not installed: not audited")
        return 0
    return max([audited(name) for name in LOCKS])


def audited(name: str) -> int:
    """Audit one lock file; 1 where a weakness is known."""
    # A registry that keeps no such lists passes every package over, with a reason.
    found = [one for one in asked(ROOT / name) or [] if "skip_reason" not in one]
    if not found:
        print(f"{name}: the lists of known weaknesses could not be reached: not audited")
        return 0
    weak = [one for one in found if one.get("vulns")]
    print(f"{name}: {len(found)} packages, {len(weak)} of them with a known weakness")
    for one in weak:
        for known in one["vulns"]:
            fixed = ", ".join(known.get("fix_versions") or ["no version so far"])
            print(f"  {one['name']} {one['version']}: {known['id']}, mended in {fixed}")
    return 1 if weak else 0


def asked(lock: Path) -> list[dict[str, Any]] | None:
    """Return what is known of each package; None where nobody could be asked."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--format", "json"]
    command += ["--disable-pip", "--progress-spinner", "off", "--timeout", str(ANSWER_S)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=ALL_S, check=False)
        return json.loads(ran.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, LookupError, TypeError):
        return None


if __name__ == "__main__":
    sys.exit(main())
