"""What must be the same in the bot and in its workers."""

import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from musicrec.domain.errors import WorkerLostError

_PACKAGES: Final = (
    "musicrec",
    "numpy",
    "pandas",
    "scikit-learn",
    "scipy",
    "xgboost",
    "xgboost-cpu",
    "distributed",
)
"""What reads a job, or decides its result to the last bit."""


@cache
def versions() -> Mapping[str, str]:
    """Return the version of everything that counts, by name."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"Python": python, **{name: _version(name) for name in _PACKAGES}}


def require_same(ours: Mapping[str, str], theirs: Mapping[str, str], worker: str) -> None:
    """Compare a worker's versions with the bot's.

    Raises:
        WorkerLostError: They differ; the message names the first that does.
    """
    for name, wanted in ours.items():
        if theirs[name] != wanted:
            msg = (
                f"The worker on {worker} runs {name} {theirs[name]} and the bot {wanted}: install"
                " the same versions on both, and start the worker again."
            )
            raise WorkerLostError(msg)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(none)"
