"""`python -m tests.chaos FILE`: every scenario on both databases, at length; figures as JSON.

``KILLS`` (1000) in all, shared among scenarios and databases; ``SEED`` (1) of everything that is
left to chance. It ends with exit code 1 where anything was lost, doubled or spoilt.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from musicrec.storage import sqlite_url, upgrade
from tests.chaos.figures import Figures, Scenario, Setting
from tests.chaos.labels import labels
from tests.chaos.playlists import playlists
from tests.chaos.weeks import weeks
from tests.postgres import PostgresServer, running_server

SCENARIOS: Final[Mapping[str, Scenario]] = {
    "labels": labels,
    "weeks": weeks,
    "playlists": playlists,
}


async def main(target: Path, kills: int, seed: int) -> bool:
    """Run everything; return whether nothing went wrong."""
    found: list[Figures] = []
    begun = time.monotonic()
    with running_server() as postgres:
        await postgres.create_template()
        turns = [(name, one) for name in SCENARIOS for one in (None, postgres)]
        for number, (name, server) in enumerate(turns):
            n_kills = kills // len(turns) + (number < kills % len(turns))
            found.append(await _run(name, server, n_kills, seed))
            say(json.dumps(found[-1].document()))
    summary = _summary(found, seed, time.monotonic() - begun)
    await asyncio.to_thread(_write, target, summary)
    say(f"{summary['kills']} kills, {summary['lost']} lost, {summary['duplicated']} duplicated")
    return all(one.is_sound for one in found)


async def _run(name: str, server: PostgresServer | None, n_kills: int, seed: int) -> Figures:
    begun = time.monotonic()
    async with _setting(server, n_kills, seed) as setting:
        figures = await SCENARIOS[name](setting)
    return replace(figures, seconds=round(time.monotonic() - begun, 1))


@asynccontextmanager
async def _setting(
    server: PostgresServer | None, n_kills: int, seed: int
) -> AsyncGenerator[Setting]:
    with tempfile.TemporaryDirectory(prefix="musicrec-chaos-") as name:
        folder = Path(name)
        yield Setting(await new_database(server, folder), folder, n_kills, seed)


async def new_database(server: PostgresServer | None, folder: Path) -> str:
    """Return the address of a database with all tables: of the server, or a file in the folder."""
    if server is not None:
        return await server.new_database()
    await upgrade(sqlite_url(folder))
    return sqlite_url(folder)


def _summary(found: Sequence[Figures], seed: int, seconds: float) -> dict[str, Any]:
    return {
        "kills": sum(one.kills for one in found),
        "lost": sum(one.lost for one in found),
        "duplicated": sum(one.duplicated for one in found),
        "wrong": sum(one.wrong for one in found),
        "seed": seed,
        "seconds": round(seconds, 1),
        "scenarios": [one.document() for one in found],
    }


def _write(path: Path, summary: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(summary, indent=2) + "\n")


def say(line: str) -> None:
    """Tell whoever runs it how far it is."""
    print(line, flush=True)  # noqa: T201 - what it is run for


if __name__ == "__main__":
    plan = int(os.environ.get("KILLS", "1000")), int(os.environ.get("SEED", "1"))
    say(f"KILLS={plan[0]} SEED={plan[1]}")
    sys.exit(0 if asyncio.run(main(Path(sys.argv[1]), *plan)) else 1)
