"""The index of words, written by a process of its own."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from musicrec.domain.errors import StorageError
from musicrec.storage.text_index import TextIndex, writing_text_index_aside

_MANY = 20_000
_PATIENCE_S = 30


def write(path: Path, n: int) -> None:
    with writing_text_index_aside(path) as feed:
        for start in range(0, n, 1_000):
            feed.add([f"Song {start + i}" for i in range(1_000)], ["Linkin Park"] * 1_000)


def children() -> list[BaseProcess]:
    return [process for process in active_children() if process.name == "text index"]


def child() -> BaseProcess:
    (only,) = children()
    return only


def test_all_songs_are_found_once_the_context_ends(tmp_path: Path):
    write(tmp_path / "index", 3_000)
    with closing(TextIndex(tmp_path / "index")) as index:
        assert list(index.search("song 2999 linkin")) == [2999]
    assert not children()


def test_what_cannot_be_written_is_said_after_all_was_sent(tmp_path: Path):
    with pytest.raises(StorageError, match="cannot be written"):
        write(tmp_path / "nowhere" / "index", _MANY)
    assert not children()


def feed_and_kill(path: Path) -> None:
    with writing_text_index_aside(path) as feed:
        feed.add(["Numb"], ["Linkin Park"])
        child().kill()


def kill_and_feed(path: Path) -> None:
    with writing_text_index_aside(path) as feed:
        indexing = child()
        indexing.kill()
        indexing.join()
        feed.add(["Numb"] * _MANY, ["Linkin Park"] * _MANY)


def give_up(path: Path) -> None:
    with writing_text_index_aside(path) as feed:
        feed.add(["Numb"], ["Linkin Park"])
        msg = "the songs ran out"
        raise RuntimeError(msg)


@pytest.mark.parametrize("work", [feed_and_kill, kill_and_feed])
def test_a_killed_process_is_said_so(tmp_path: Path, work: Callable[[Path], None]):
    with pytest.raises(StorageError, match="died"):
        work(tmp_path / "index")


def test_giving_up_leaves_neither_file_nor_process(tmp_path: Path):
    with pytest.raises(RuntimeError, match="the songs ran out"):
        give_up(tmp_path / "index")
    assert not list(tmp_path.iterdir())
    assert not children()


def test_it_ends_with_whoever_feeds_it(tmp_path: Path):
    command = [sys.executable, "-m", "tests.musicrec.storage.killed_feeder", str(tmp_path / "i")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as feeder:
        assert feeder.stdout is not None
        feeder.stdout.readline()
        draft = tmp_path / "i.draft"
        wait_for(draft.exists)
        feeder.kill()
        wait_for(lambda: not draft.exists())
    assert not list(tmp_path.iterdir())


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
