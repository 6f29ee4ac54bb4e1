"""Files in archives, none larger than allowed, and nothing lost between them."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicrec.services.archives import File, json_files, table_files, zipped

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ROWS = st.lists(st.fixed_dictionaries({"title": TEXTS, "n": st.integers()}), max_size=30)


def noise(n_bytes: int) -> bytes:
    return np.random.default_rng(n_bytes).bytes(n_bytes)


def opened(parts: Iterable[bytes]) -> dict[str, bytes]:
    """Return the files of all archives, each opened by itself."""
    files: dict[str, bytes] = {}
    for part in parts:
        with zipfile.ZipFile(io.BytesIO(part)) as archive:
            assert not files.keys() & set(archive.namelist())
            files |= {name: archive.read(name) for name in archive.namelist()}
    return files


def test_what_fits_is_one_archive():
    files = [File("a.txt", b"a"), File("b.txt", b"b")]
    [part] = zipped(files, most_bytes=10_000)
    assert opened([part]) == {"a.txt": b"a", "b.txt": b"b"}


def test_no_archive_is_larger_than_allowed_and_nothing_is_lost():
    files = [File(f"{n}.bin", noise(9_000 + n)) for n in range(20)]
    parts = zipped(files, most_bytes=40_000)
    assert len(parts) == 5
    assert max(map(len, parts)) <= 40_000
    assert opened(parts) == {file.name: file.content for file in files}


def test_a_file_that_is_too_large_alone_is_an_archive_of_its_own():
    parts = zipped([File("a", b"a"), File("big", noise(9_000)), File("b", b"b")], most_bytes=5_000)
    assert [list(opened([part])) for part in parts] == [["a"], ["big"], ["b"]]


def test_nothing_at_all_is_an_archive_too():
    assert [opened([part]) for part in zipped([], most_bytes=1)] == [{}]


def test_a_table_without_rows_has_its_columns():
    assert table_files("t", ("a", "b"), [], most_bytes=9) == [File("t.csv", b"a,b\r\n")]


def test_rows_may_have_more_columns_and_unknown_values_are_empty():
    rows = [{"a": 1, "c": None}, {"a": float("nan"), "b": "x"}]
    [file] = table_files("t", ("b",), rows, most_bytes=9_000)
    assert file.content == b"b,a,c\r\n,1,\r\nx,,\r\n"


@given(ROWS)
def test_a_table_that_is_cut_is_the_same_table(rows: list[dict[str, object]]):
    long = [row | {"filler": "x" * 900} for row in rows]
    files = table_files("t", ("title", "n", "filler"), long, most_bytes=1)
    read = [csv.DictReader(io.StringIO(file.content.decode(), newline="")) for file in files]
    found = [(row["title"], row["n"]) for part in read for row in part]
    assert found == [(row["title"], str(row["n"])) for row in rows]
    if len(rows) > 8:
        assert [file.name for file in files[:2]] == ["t-1.csv", "t-2.csv"]


@pytest.mark.parametrize("n_rows", [0, 1, 3, 200])
def test_json_that_is_cut_has_the_same_rows_in_the_same_order(n_rows: int):
    tables = {
        "songs": [{"n": n, "title": f"“{n}”\n" + "y" * 60} for n in range(n_rows)],
        "none": [],
        "others": [{"n": n} for n in range(n_rows)],
    }
    files = json_files("all", tables, most_bytes=1)
    read = [json.loads(file.content) for file in files]
    assert all(list(part) == list(tables) for part in read)
    for name, rows in tables.items():
        assert [row for part in read for row in part[name]] == rows
    assert (len(files) > 1) is (n_rows == 200)
