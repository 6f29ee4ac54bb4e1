"""While the bot runs, a newer catalogue is taken up if it is whole, and only then."""

import asyncio
import gc
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.container import open_services
from musicrec.catalogue import import_songs
from musicrec.domain.source_answer import SourceAnswer
from musicrec.services import Services


def put(data_dir: Path, title: str) -> Path:
    """Import one more song and return the new snapshot's folder."""
    file = data_dir.parent / "songs.csv"
    file.write_text(f"title,artist\n{title},LP\n", "utf-8")
    import_songs(data_dir, [file])
    return data_dir / "catalogue" / (data_dir / "catalogue" / "CURRENT").read_text()


def newer_version(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 99}), "utf-8")


def changed_byte(folder: Path) -> None:
    content = bytearray((folder / "energy.column").read_bytes())
    content[0] ^= 1
    (folder / "energy.column").write_bytes(content)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing file": (lambda folder: (folder / "ids.entries.npy").unlink(), "it is missing"),
    "cut file": (lambda folder: (folder / "energy.column").write_bytes(b""), "the wrong size"),
    "changed byte": (changed_byte, "its checksum is wrong"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "damaged"),
    "of a newer program": (newer_version, "newer version of musicrec; update this one"),
    "gone": (lambda folder: folder.rename(folder.with_name("elsewhere")), "damaged"),
    "pointer": (lambda folder: (folder.parent / "CURRENT").write_text("../"), "no version"),
}


@pytest.mark.parametrize("name", DAMAGE)
async def test_a_newer_catalogue_that_cannot_be_used_leaves_the_old_one_serving(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
):
    harm, says = DAMAGE[name]
    data_dir = tmp_path / "data"
    put(data_dir, "First")
    async with open_services(data_dir=data_dir, look_again_s=0.01) as services:
        # No look comes between the import and the harm: nothing here awaits.
        harm(put(data_dir, "Second"))
        said = await first_error(caplog)
        assert says in said
        assert "the old one stays" in said
        assert "\n" not in said
        assert titles(services) == ["First"]
        assert services.songs.suggest("fir")[0].title == "First"


async def test_a_repaired_catalogue_is_taken_up(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    data_dir = tmp_path / "data"
    put(data_dir, "First")
    async with open_services(data_dir=data_dir, look_again_s=0.01) as services:
        folder = put(data_dir, "Second")
        content = (folder / "energy.column").read_bytes()
        (folder / "energy.column").unlink()
        await first_error(caplog)
        (folder / "energy.column").write_bytes(content)
        while len(titles(services)) == 1:  # noqa: ASYNC110 - nobody is told of a newer catalogue
            await asyncio.sleep(0.01)
        assert sorted(titles(services)) == ["First", "Second"]


async def test_no_connection_outlives_the_bot(tmp_path: Path):
    put(tmp_path / "data", "First")
    for pause_s in (0.0, 0.001, 0.002, 0.004):
        async with open_services(data_dir=tmp_path / "data", look_again_s=0.0):
            await asyncio.sleep(0.1 + pause_s)  # some look is under way at almost any moment
    gc.collect()  # a connection that nobody closed would warn here, which fails a test


def titles(services: Services) -> list[str]:
    return [track.title for track in services.songs.suggest("")]


async def first_error(caplog: pytest.LogCaptureFixture) -> str:
    while True:
        for record in caplog.records:
            if record.levelno >= logging.ERROR:
                return record.getMessage()
        await asyncio.sleep(0.01)


async def test_what_services_did_not_know_a_week_ago_is_forgotten_and_the_rest_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    now = datetime.now(UTC)
    answers = [
        SourceAnswer("Deezer", "old and unknown", None, now - timedelta(days=8)),
        SourceAnswer("Deezer", "new and unknown", None, now - timedelta(days=6)),
        SourceAnswer("Deezer", "old and known", {"id": 1}, now - timedelta(days=800)),
    ]
    keys = [answer.key for answer in answers]
    async with open_services(data_dir=tmp_path, worker_processes=1) as services:
        database = services.sharing._database
        async with database.writing() as work:
            await work.sources.put_answers(answers)
    with caplog.at_level(logging.INFO):
        async with open_services(data_dir=tmp_path, worker_processes=1) as services:
            async with asyncio.timeout(60):
                while "Forgot 1 answers" not in caplog.text:  # noqa: ASYNC110 - only the log tells
                    await asyncio.sleep(0.01)
            async with services.sharing._database.reading() as work:
                left = await work.sources.answers("Deezer", keys)
    assert left.keys() == {"new and unknown", "old and known"}
