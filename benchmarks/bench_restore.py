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
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from measuring import publish

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
        row = asyncio.run(_drill(Path(folder), options.megabytes))
    publish("restore", {"SQLite, seconds": [row]})


async def _drill(folder: Path, megabytes: int) -> dict[str, float]:
    old, new, backup = folder / "old", folder / "new", folder / "backup.db"
    await upgrade(sqlite_url(old))
    _fill(sqlite_file(old), megabytes * 1_000_000)
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WRITER, str(sqlite_file(old)), _NOW, stdout=subprocess.PIPE
    )
    started = time.perf_counter()
    size = await back_up(sqlite_url(old), backup)
    backed_up = time.perf_counter() - started
    writer.kill()
    n_written = len((await writer.communicate())[0].splitlines())
    started = time.perf_counter()
    await restore(sqlite_url(new), backup)
    restored = time.perf_counter() - started
    async with open_services(data_dir=new, worker_processes=1) as services:
        await services.rating.next_song(_NEWCOMER, at=datetime.now(UTC))
        serving = time.perf_counter() - started
    return {
        "MB": size / 1e6,
        "backup": backed_up,
        "written meanwhile": n_written,
        "restore": restored,
        "restore until a song is chosen": serving,
    }


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
