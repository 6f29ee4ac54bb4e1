"""Files that are too much for their process are refused, and the next one is listened to."""

from dataclasses import replace
from pathlib import Path

import pytest

from musicrec.domain.errors import BadInputError
from musicrec.services.listening import COMPILED as FOLDER
from musicrec.services.listening import FileListening
from musicrec.workers import Limits
from tests.sounds import COMPILED, file_of, song

LIMITS = Limits(prepare_s=200, job_s=100, memory=2**30, idle_s=100, most_waiting=1)


@pytest.fixture(autouse=True)
def _compiled_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(COMPILED))


async def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path):
    files = FileListening(tmp_path, replace(LIMITS, job_s=0.05))
    with pytest.raises(BadInputError, match="gave up"):
        await files.listen(file_of(song(90)))
    await files.close()


async def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_is_heard(
    tmp_path: Path,
):
    files = FileListening(tmp_path, replace(LIMITS, memory=2**26))
    with pytest.raises(BadInputError, match="too much for the program"):
        await files.listen(file_of([song(90), song(90)]))
    assert "loudness_db" in (await files.listen(file_of(song(2)))).features
    await files.close()


async def test_a_long_song_without_loss_has_room(tmp_path: Path):
    files = FileListening(tmp_path)
    sound = song(100)
    assert "tempo_bpm" in (await files.listen(file_of([sound, sound]))).features
    await files.close()


async def test_what_is_compiled_is_kept_in_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    files = FileListening(tmp_path)
    assert "loudness_db" in (await files.listen(file_of(song(8)))).features
    assert any((tmp_path / FOLDER).rglob("*.nbi"))
    await files.close()
