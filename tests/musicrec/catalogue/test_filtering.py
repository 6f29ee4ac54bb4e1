from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from musicrec.catalogue.filtering import all_rows_meeting, rows_meeting
from musicrec.catalogue.store.code_rows import few_rows, rows_file, write_code_rows
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.domain.errors import StorageError
from musicrec.domain.song_filter import SongFilter
from tests.musicrec.catalogue.store.songs import built, made_up

N = 5_000
GENRES = ("rock", "Hip Hop", "hip-hop", "zouk", "jazz")
COUNTRIES = ("SE", "DE", "IS", "FO")
SHARES = (0.6, 0.38, 0.01, 0.006, 0.004)
YEARS = ((1950, 2026), (2000, 2000), (1990, 2026), (1950, 1953), (2030, 2040))


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """A snapshot with the index of a large one; some genres, countries and years are rare."""
    folder = tmp_path_factory.mktemp("indexed")
    write_code_rows(built(folder, _songs()).folder, N)
    return Snapshot.open(folder, verify=True)


def _songs() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return made_up(N).assign(
        genre=rng.choice(GENRES, N, p=SHARES),
        country=rng.choice(COUNTRIES, N, p=[*SHARES[:3], sum(SHARES[3:])]),
        year=2026 - np.floor(rng.gamma(1.5, 9, N).clip(max=76)),
    )


def _filters() -> list[SongFilter]:
    return [
        SongFilter(genre=genre, country=country, years=years, clean=clean)
        for genre in (None, "rock", "hip hop", "zouk", "polka")
        for country in (None, *COUNTRIES, "XX")
        for years in (None, *YEARS)
        for clean in (False, True)
    ]


@pytest.mark.parametrize("part", [slice(0, N), slice(64, 2_000), slice(100, 4_999), slice(7, 7)])
def test_the_index_finds_what_a_scan_finds(indexed: Snapshot, part: slice) -> None:
    for only in _filters():
        scanned = np.flatnonzero(rows_meeting(indexed, only, part)) + part.start
        assert all_rows_meeting(indexed, only, part).tolist() == scanned.tolist(), only


def test_rare_songs_are_found_without_looking_at_the_columns(indexed: Snapshot) -> None:
    codes = indexed.code_rows
    genre, country = indexed.genre_codes, indexed.country_codes
    everywhere = slice(0, N)
    listed = few_rows([(codes["genre"], genre("zouk"))], everywhere)
    both = [(codes["genre"], genre("hip hop")), (codes["country"], country("IS"))]
    together = few_rows(both, everywhere)
    assert listed is not None
    assert together is not None
    rare = SongFilter(genre="hip hop", country="IS")
    assert {*np.flatnonzero(rows_meeting(indexed, rare, everywhere))} <= {*together}
    assert len(together) < N / 100
    assert few_rows([(codes["genre"], genre("rock"))], everywhere) is None


def test_a_snapshot_without_the_index_is_scanned(tmp_path: Path) -> None:
    snapshot = built(tmp_path, _songs())
    assert not snapshot.code_rows
    only = SongFilter(genre="zouk", country="SE")
    scanned = np.flatnonzero(rows_meeting(snapshot, only, slice(None)))
    assert len(scanned)
    assert all_rows_meeting(snapshot, only).tolist() == scanned.tolist()


@pytest.mark.parametrize("content", [b"", b"\x00" * (1 << 18), b"\x01" * (1 << 19)])
def test_a_damaged_index_is_noticed(tmp_path: Path, content: bytes) -> None:
    folder = built(tmp_path, _songs()).folder
    (folder / rows_file("genre")).write_bytes(content)
    with pytest.raises(StorageError, match=r"are damaged"):
        Snapshot.open(folder, verify=False)
