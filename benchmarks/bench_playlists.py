"""How long a listener waits for a page of ``/playlist prune``, and for a click on it.

A playlist of songs that the catalogue knows, of 500 and of 10,000 songs (in files), with a model
that was learned from the verdicts of a simulated listener. The goal: 500 songs are scored and shown
within 2 s. Everything is real but Discord: database, worker process, files; the worker has started
and has the model, as after a first use.
"""

import argparse
import asyncio
import time
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from measuring import Row, publish

from bot.container import open_services
from cogs.playlists.render import edit_page
from musicrec.catalogue import Catalogue, open_catalogue
from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.playlist import Playlist, PlaylistItem, numbered
from musicrec.playlists.formats.files import PlaylistFormat, write_playlist
from musicrec.services import OpenedList, Services
from musicrec.storage import Database, sqlite_url

SIZES: Final = (500, 10_000)
N_LABELS: Final = 200
PRECISION: Final = 0.8

_LISTENER: Final = ListenerId(1)
_START: Final = datetime(2026, 1, 1, tzinfo=UTC)

Result = TypeVar("Result")


async def timed(work: Awaitable[Result]) -> tuple[Result, float]:
    """Return a result with the seconds that it took."""
    started = time.perf_counter()
    return await work, time.perf_counter() - started


async def give_labels(catalogue: Catalogue, data_dir: Path) -> None:
    """Let the listener like what is calm, in songs from all over the catalogue."""
    tracks = catalogue.tracks(range(0, len(catalogue), len(catalogue) // N_LABELS))[:N_LABELS]
    database = Database.open(sqlite_url(data_dir))
    async with database.writing() as uow:
        await uow.listeners.lock(_LISTENER, _START)
        for minute, track in enumerate(tracks):
            liked = track.features["energy"] < 0.65
            value = LabelValue.LIKE if liked else LabelValue.DISLIKE
            at = _START + timedelta(minutes=minute)
            event = LabelEvent(_LISTENER, track.id, value, at, LabelSource.IMPORT)
            await uow.labels.append(event)
    await database.close()


def file_of(catalogue: Catalogue, n_songs: int) -> bytes:
    """Write a playlist of songs that the catalogue knows, as M3U8."""
    rows = [row % len(catalogue) for row in range(1, n_songs + 1)]
    items = [
        PlaylistItem(
            position=1,
            title=track.title,
            artists=track.artists,
            track_id=track.id,
            uri=track.listen_url or "",
        )
        for track in catalogue.tracks(rows)
    ]
    return write_playlist(Playlist("Mine", numbered(items)), PlaylistFormat.M3U8)


async def measure(services: Services, data: bytes, n_songs: int, repeats: int) -> Row:
    """Take the times of one prune, as the command takes its steps."""
    best: dict[str, float] = {}
    n_proposed = 0
    for _ in range(repeats):
        opened, reading = await timed(services.places.open_file("mine.m3u8", data))
        times = {"read file": reading} | await _steps(services, opened)
        n_proposed = int(times.pop("proposed"))
        best = {name: min(best.get(name, value), value) for name, value in times.items()}
    shown = best["read file"] + best["score, explain, store"] + best["lay out"]
    figures = {f"{name} [s]": round(value, 3) for name, value in best.items()}
    return {"songs": n_songs, "proposed": n_proposed, **figures, "shown [s]": round(shown, 3)}


async def _steps(services: Services, opened: OpenedList) -> dict[str, float]:
    pruning = services.playlists.prune(_LISTENER, opened, precision=PRECISION)
    edit, scoring = await timed(pruning)
    started = time.perf_counter()
    edit_page(edit)
    laying = time.perf_counter() - started
    times = {"score, explain, store": scoring, "lay out": laying, "proposed": len(edit.proposals)}
    if edit.id is None:
        return times
    position = edit.proposals[0].position
    ticked = services.edits.tick(_LISTENER, edit.id, [position], on=False)
    times["one tick"] = (await timed(ticked))[1]
    times["make file"] = (await timed(services.edits.make(_LISTENER, edit.id)))[1]
    times["undo"] = (await timed(services.edits.undo(_LISTENER, edit.id)))[1]
    return times


async def main(repeats: int) -> None:
    """Measure every size."""
    with TemporaryDirectory() as folder:
        async with open_services(data_dir=Path(folder), worker_processes=1) as services:
            catalogue = open_catalogue(Path(folder))
            await give_labels(catalogue, Path(folder))
            await services.training.ensure_model(_LISTENER, at=_START + timedelta(days=1))
            rows = [
                await measure(services, file_of(catalogue, n_songs), n_songs, repeats)
                for n_songs in SIZES
            ]
    publish("playlists", {"/playlist prune of a file": rows})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    asyncio.run(main(parser.parse_args().repeats))
