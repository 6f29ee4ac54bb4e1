"""``make load``: at length, on both databases; figures are printed and written.

``SECONDS``, ``RATE``, ``LISTENERS``, ``LABELS`` (of all listeners together), ``TRAININGS`` and
``DATABASES`` in the environment say how much.
"""

import asyncio
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from musicrec.storage import upgrade
from tests.load.run import Scale, load
from tests.postgres import running_server


def scale_of(environment: dict[str, str]) -> Scale:
    """Return what is asked for."""
    usual = Scale()
    return replace(
        usual,
        seconds=float(environment.get("SECONDS", usual.seconds)),
        rate=float(environment.get("RATE", usual.rate)),
        listeners=int(environment.get("LISTENERS", usual.listeners)),
        labels=int(environment.get("LABELS", usual.labels)),
        trainings=int(environment.get("TRAININGS", usual.trainings)),
    )


async def on_sqlite(scale: Scale) -> dict[str, Any]:
    """Run in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="musicrec-load-") as folder:
        return await load(Path(folder), scale)


async def on_postgresql(scale: Scale) -> dict[str, Any]:
    """Run beside a server of its own that keeps what it commits."""
    with (
        tempfile.TemporaryDirectory(prefix="musicrec-load-") as folder,
        running_server(is_durable=True) as server,
    ):
        url = await server.new_database("template0")
        await upgrade(url)
        return await load(Path(folder), scale, url)


async def main() -> list[dict[str, Any]]:
    """Return the figures of every database."""
    scale = scale_of(dict(os.environ))
    found: list[dict[str, Any]] = []
    for database in os.environ.get("DATABASES", "sqlite,postgresql").split(","):
        found.append(await (on_sqlite(scale) if database == "sqlite" else on_postgresql(scale)))
        print(json.dumps(found[-1], indent=2))  # noqa: T201 - what one waits for
    return found


if __name__ == "__main__":
    path = Path(sys.argv[1])
    figures = asyncio.run(main())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=2) + "\n")
