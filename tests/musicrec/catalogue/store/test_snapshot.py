from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicrec.catalogue.cleaning import derived_ids
from musicrec.catalogue.store.codes import SCALES
from musicrec.catalogue.store.ids import IdIndex, hashes_of, write_id_index
from musicrec.catalogue.store.manifest import MANIFEST_FILE, wrong_checksums
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.domain.errors import StorageError
from musicrec.domain.features import FEATURE_NAMES, FEATURE_RANGES, SONG_COLUMNS
from tests.musicrec.catalogue.store.songs import built, made_up

MOST_OFF = {"duration_ms": 0.0002, "loudness_db": 0.002, "tempo_bpm": 0.004, "popularity": 0.002}
"""Half a step; of a length, as a share of it."""


def test_songs_come_back_as_they_were_but_for_rounding(tmp_path: Path) -> None:
    songs = made_up(1_300)
    table = built(tmp_path, songs).table(range(1_300))
    assert list(table.columns) == list(SONG_COLUMNS)
    for column in SONG_COLUMNS:
        expected, found = songs[column], table[column]
        if column in FEATURE_NAMES:
            unit = expected if column == "duration_ms" else 1
            off = ((found - expected).abs() / unit).max()
            assert (found.isna() == expected.isna()).all(), column
            assert off <= MOST_OFF.get(column, 1e-5), column
        else:
            assert found.fillna("").tolist() == expected.fillna("").tolist(), column


def test_rows_come_in_the_order_they_are_asked_for(tmp_path: Path) -> None:
    snapshot = built(tmp_path, made_up(1_300))
    rows = [1_299, 0, 700, 700]
    assert snapshot.table(rows)["title"].tolist() == [f"Song {row}" for row in rows]
    assert snapshot.text("title", rows) == [f"Song {row}" for row in rows]


def test_every_id_of_a_song_leads_to_it(tmp_path: Path) -> None:
    songs = made_up(1_300)
    snapshot = built(tmp_path, songs)
    for row in (0, 1, 511, 512, 1_299):
        song = songs.iloc[row]
        for track_id in (song["track_id"], song["made_id"], *song["links"]):
            assert snapshot.row_of(track_id) == row
    assert snapshot.row_of("spotify:track:nobody") is None


def test_a_made_up_id_of_several_songs_leads_to_the_most_popular_one(tmp_path: Path) -> None:
    songs = made_up(10)
    songs = songs.assign(title="Same", artists="Same")
    made = derived_ids(songs["title"], songs["artists"])
    snapshot = built(tmp_path, songs.assign(made_id=made))
    assert snapshot.row_of(made[0]) == 0
    several = [made[0], "spotify:track:nobody", made[1], made[0]]
    one_by_one = sorted(row for track_id in several for row in snapshot.rows_of(track_id))
    assert sorted(snapshot.rows_of_any(several).tolist()) == one_by_one


def test_songs_are_found_by_their_words_most_popular_first(tmp_path: Path) -> None:
    songs = made_up(1_300)
    songs.loc[700, "artists"] = None
    snapshot = built(tmp_path, songs)
    assert list(islice(snapshot.search("guest 1 song"), 3)) == [1, 4, 7]
    assert list(snapshot.search("SONG 1299")) == [1_299]
    assert 700 in list(snapshot.search("song 700"))


def test_the_manifest_counts_and_measures(tmp_path: Path) -> None:
    songs = made_up(1_300)
    manifest = built(tmp_path, songs).manifest
    counts = dict(zip(manifest.genres, manifest.genre_counts, strict=True))
    assert counts == songs["genre"].fillna("").value_counts().to_dict()
    energy = manifest.statistics["energy"]
    assert energy.n_known == songs["energy"].notna().sum()
    assert energy.mean == pytest.approx(songs["energy"].mean())
    assert energy.sd == pytest.approx(songs["energy"].std(ddof=0))


def test_a_song_knows_where_its_values_come_from(tmp_path: Path) -> None:
    snapshot = built(tmp_path, made_up(3))
    assert snapshot.sources(2) == {"title": "imagination", "energy": "imagination"}
    assert snapshot.links(1) == ("mbid:0000" + f"{1:028}",)


def test_equal_songs_give_equal_versions_and_others_do_not(tmp_path: Path) -> None:
    first = built(tmp_path / "1", made_up(50))
    same = built(tmp_path / "2", made_up(50), batch=7)
    other = built(tmp_path / "3", made_up(50, seed=1))
    assert first.version == same.version != other.version


def test_no_songs_are_a_snapshot_too(tmp_path: Path) -> None:
    snapshot = built(tmp_path, made_up(0))
    assert len(snapshot) == 0
    assert snapshot.row_of("isrc:NOBODY") is None
    assert snapshot.table([]).empty


@pytest.mark.parametrize(
    "file", ["energy.column", "texts.blocks", "ids.entries.npy", "search.sqlite"]
)
def test_a_changed_byte_is_found_before_anything_is_read(tmp_path: Path, file: str) -> None:
    built(tmp_path, made_up(100))
    content = bytearray((tmp_path / file).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / file).write_bytes(content)
    with pytest.raises(StorageError, match=f"{file}: its checksum is wrong"):
        Snapshot.open(tmp_path, verify=True)


@pytest.mark.parametrize("verify", [True, False])
def test_a_missing_or_cut_file_is_found_without_reading_it(tmp_path: Path, verify: bool) -> None:
    built(tmp_path, made_up(100))
    (tmp_path / "energy.column").unlink()
    (tmp_path / "texts.blocks").write_bytes(b"28b5")
    with pytest.raises(StorageError, match=r"it is missing.*it has the wrong size"):
        Snapshot.open(tmp_path, verify=verify)


@pytest.mark.parametrize("content", ["", "{}", "[]", "{", '{"format": 3}', "\xff\xfe"])
def test_a_manifest_that_is_none_is_said_so(tmp_path: Path, content: str) -> None:
    built(tmp_path, made_up(1))
    (tmp_path / MANIFEST_FILE).write_text(content, "latin-1")
    with pytest.raises(StorageError, match="damaged"):
        Snapshot.open(tmp_path, verify=False)


@pytest.mark.parametrize(("number", "said"), [(99, "newer version"), (2, "older version")])
def test_a_snapshot_of_another_program_is_refused(tmp_path: Path, number: int, said: str) -> None:
    manifest = built(tmp_path, made_up(1)).manifest
    other = manifest.model_copy(update={"format": number})
    (tmp_path / MANIFEST_FILE).write_text(other.model_dump_json())
    with pytest.raises(StorageError, match=said):
        Snapshot.open(tmp_path, verify=False)


def test_an_undamaged_snapshot_has_nothing_wrong(tmp_path: Path) -> None:
    assert wrong_checksums(tmp_path, built(tmp_path, made_up(5)).manifest) == []


@given(name=st.sampled_from(FEATURE_NAMES), data=st.data())
def test_codes_keep_order_and_survive_another_round(name: str, data: st.DataObject) -> None:
    low, high = FEATURE_RANGES[name]
    numbers = st.floats(low, high) | st.just(float("nan"))
    values = np.sort(np.array(data.draw(st.lists(numbers, min_size=1))))
    codes = SCALES[name].encode(values)
    back = SCALES[name].decode(codes)
    assert (SCALES[name].encode(back) == codes).all()
    assert (np.diff(codes.astype(int)) >= 0).all()
    assert (np.isnan(back) == np.isnan(values)).all()


def test_ids_are_found_among_many_and_strangers_are_not(tmp_path: Path) -> None:
    ids = [f"id:{number}" for number in range(5_000)]
    rows = np.arange(5_000, dtype=np.uint32)[::-1].copy()
    write_id_index(tmp_path, hashes_of(ids), rows)
    index = IdIndex(tmp_path)
    assert all(rows[number] in index.rows(ids[number]) for number in range(5_000))
    assert sum(len(index.rows(f"stranger:{number}")) for number in range(5_000)) == 0
