"""How long a backup of a large SQLite database takes, and the way from the backup to serving.

The database is filled as the bot would fill it: half of its bytes are models, the rest are verdicts
of the listeners. Then it is backed up while another program writes, restored into an empty folder,
and the bot's services are opened there until they have chosen a song for somebody. The goal: below
two minutes for 1 GB.
"""

import argparse
import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from measuring import Row, publish

from bot.container import open_services
from musicrec.domain.ids import ListenerId
from musicrec.storage import back_up, restore, sqlite_file, sqlite_url, upgrade

_MODEL_BYTES: Final = 586_000
"""Of a blend; see docs/operations.md."""
_LABEL_BYTES: Final = 240
"""Of a verdict with its place in three indexes."""
_NOW: Final = "2026-11-23 12:00:00.000000"
_NEWCOMER: Final = ListenerId(1_000_000)
"""Has no model: those in the file are only bytes."""
_WRITER: Final = """
import sqlite3, sys, time
database = sqlite3.connect(sys.argv[1], timeout=15, isolation_level=None)
number = 0
while True:
    number += 1
    database.execute("INSERT INTO cards VALUES (?, 1, 'song:1', ?)", (number, sys.argv[2]))
    print(number, flush=True)
    time.sleep(0.005)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1_000)
    parser.add_argument("--folder", type=Path, help="where there is room for three copies")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="restore-", dir=options.folder) as folder:
        rows = asyncio.run(_drill(Path(folder), options.megabytes))
    publish("restore", {f"{options.megabytes} MB of SQLite": rows})


async def _drill(folder: Path, megabytes: int) -> list[Row]:
    old, new, backup = folder / "old", folder / "new", folder / "backup.db"
    rows: list[Row] = []
    await upgrade(sqlite_url(old))
    _fill(sqlite_file(old), megabytes * 1_000_000)
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITER, str(sqlite_file(old)), _NOW, stdout=subprocess.PIPE
    )
    with _timed("backup", rows):
        await back_up(sqlite_url(old), backup)
    writer.kill()
    n_written = len((await writer.communicate())[0].splitlines())
    print(f"{backup.stat().st_size / 1e6:.0f} MB; {n_written} rows were written meanwhile")
    with _timed("restore", rows):
        await restore(sqlite_url(new), backup)
    with _timed("start, until a song is chosen", rows):
        async with open_services(data_dir=new, worker_processes=1) as services:
            await services.rating.next_song(_NEWCOMER, at=datetime.now(UTC))
    return rows


@contextmanager
def _timed(step: str, rows: list[Row]) -> Generator[None]:
    started, worked = time.perf_counter(), time.process_time()
    yield
    taken = {"seconds": time.perf_counter() - started, "processor": time.process_time() - worked}
    rows.append({"step": step, **taken})


def _fill(file: Path, n_bytes: int) -> None:
    n_models = n_bytes // 2 // _MODEL_BYTES
    n_labels = n_bytes // 2 // _LABEL_BYTES
    with closing(sqlite3.connect(file)) as database:
        numbers = [(number,) for number in range(1, n_models + 1)]
        database.executemany("INSERT INTO listeners VALUES (?, datetime('now'))", numbers)
        database.executemany(
            "INSERT INTO models (listener_id, fitted_at, algorithm, n_labels, feature_names,"
            " content_hash, trained_through, report, blob)"
            " VALUES (?, datetime('now'), 'blend', 100, '[]', ?, 1, '{}', ?)",
            ((*number, f"{number[0]:064}", os.urandom(_MODEL_BYTES)) for number in numbers),
        )
        database.executemany(
            "INSERT INTO label_events (listener_id, track_id, value, labelled_at, source,"
            " event_key) VALUES (?, ?, ?, ?, 'button', ?)",
            (
                (
                    number % n_models + 1,
                    f"spotify:track:{number % 5_000:022}",
                    ("like", "dislike")[number % 2],
                    _NOW,
                    f"interaction:{number:019}",
                )
                for number in range(n_labels)
            ),
        )
        database.commit()


if __name__ == "__main__":
    main()
