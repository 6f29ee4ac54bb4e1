from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from musicrec.catalogue.build import Batch, build
from musicrec.catalogue.recording_keys import derived_ids, recording_keys
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.store.texts import LINKS
from musicrec.catalogue.store.versions import current_folder
from musicrec.domain.errors import BadInputError
from musicrec.domain.identity import recording_key, track_id_of
from tests.musicrec.catalogue.store.songs import made_up

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BEST = Source(name="best", licence="CC0")
NEXT = Source(name="next")
SPOTIFY_1 = "spotify:track:60a0Rd6pjrkxjPbaKzXjfq"
SPOTIFY_2 = "spotify:track:2nLtzopw4rPReszdYBJU6h"


def song(title: str, artists: Any = "LP", **values: Any) -> Mapping[str, Any]:
    return {"title": title, "artists": artists, **values}


def batch(source: Source, *songs: Mapping[str, Any]) -> Batch:
    return Batch(pd.DataFrame(list(songs)), source)


def built(root: Path, *batches: Batch) -> Snapshot:
    summary = build(root, batches, name="test", created_at=NOW)
    return Snapshot.open(summary.folder, verify=True)


def test_entries_of_one_title_and_artist_are_one_song(tmp_path: Path):
    songs = built(
        tmp_path, batch(BEST, song("Numb"), song("NUMB (feat. X)", "lp; X"), song("Faint"))
    )
    assert songs.text("title", range(2)) == ["Numb", "Faint"]
    assert len(songs) == 2


@pytest.mark.parametrize(
    "shared", ["isrc:USWB10300474", "mbid:0ad0b0a5-0000-4000-8000-1d1d1d1d1d1d"]
)
def test_entries_that_share_an_id_are_one_song_whatever_they_are_called(
    tmp_path: Path, shared: str
):
    first = song("Numb", track_id=SPOTIFY_1, **{LINKS: [shared]})
    second = song("Taub", "Andere", track_id=shared, **{LINKS: []})
    songs = built(tmp_path, batch(BEST, first), batch(NEXT, second))
    assert len(songs) == 1
    assert songs.links(0) == (shared,)
    assert songs.row_of(shared) == songs.row_of(SPOTIFY_1) == 0


def test_a_third_entry_joins_two_that_have_nothing_in_common(tmp_path: Path):
    songs = built(
        tmp_path,
        batch(BEST, song("Numb", track_id="isrc:USWB10300474"), song("Taub", "Andere")),
        batch(NEXT, song("taub", "andere", track_id="isrc:USWB10300474")),
    )
    assert len(songs) == 1


def test_the_better_source_wins_and_the_next_one_fills_its_gaps(tmp_path: Path):
    songs = built(
        tmp_path,
        batch(BEST, song("Numb", energy=0.5, valence=None, popularity=10, genre=None)),
        batch(NEXT, song("Numb", energy=0.9, valence=0.25, popularity=80, genre="rock")),
    )
    row = songs.table([0]).iloc[0]
    assert (row["energy"], row["valence"], row["genre"]) == (0.5, 0.25, "rock")
    assert row["popularity"] == 80
    sources = songs.sources(0)
    assert {name: sources[name] for name in ("title", "energy", "valence", "genre")} == {
        "title": "best",
        "energy": "best",
        "valence": "next",
        "genre": "next",
    }
    assert sources["popularity"] == "next"
    assert songs.manifest.sources == (BEST, NEXT)


def test_within_a_source_the_more_popular_entry_wins(tmp_path: Path):
    songs = built(
        tmp_path,
        batch(
            BEST,
            song("Numb", track_id=SPOTIFY_1, popularity=10, energy=0.1),
            song("Numb", track_id=SPOTIFY_2, popularity=90, energy=0.9),
        ),
    )
    row = songs.table([0]).iloc[0]
    assert (row["track_id"], row["energy"], songs.links(0)) == (SPOTIFY_2, 0.9, (SPOTIFY_1,))


def test_a_spotify_id_comes_before_other_ids_whatever_its_source(tmp_path: Path):
    isrc = "isrc:USWB10300474"
    songs = built(
        tmp_path,
        batch(BEST, song("Numb", track_id=isrc)),
        batch(NEXT, song("Numb", track_id=SPOTIFY_1)),
    )
    assert songs.text("track_id", [0]) == [SPOTIFY_1]
    assert songs.row_of(isrc) == 0


def test_songs_come_most_popular_first_then_as_they_were_read(tmp_path: Path):
    popularity = {"A": None, "B": 10, "C": 50, "D": None, "E": 50, "F": 0}
    songs = built(tmp_path, batch(BEST, *(song(t, popularity=p) for t, p in popularity.items())))
    assert songs.text("title", range(6)) == ["C", "E", "B", "F", "A", "D"]


def test_songs_of_nameless_artists_are_not_one_because_of_their_title(tmp_path: Path):
    songs = built(
        tmp_path,
        batch(
            BEST,
            song("Intro", None, track_id="isrc:USRC17607839"),
            song("Intro", None, track_id="isrc:USRC17607840"),
        ),
    )
    assert len(songs) == 2


def test_very_long_titles_are_cut_and_strange_ones_kept(tmp_path: Path):
    titles = ["T" * 10_000, "שלום עולם", "👍🏽🎉", "!!!"]
    songs = built(tmp_path, batch(BEST, *(song(title) for title in titles)))
    assert songs.text("title", range(4)) == ["T" * 500, *titles[1:]]
    for row, title in enumerate(["T" * 500, *titles[1:]]):
        assert songs.row_of(track_id_of(title, "LP")) == row


def test_every_row_is_counted_by_source(tmp_path: Path):
    summary = build(
        tmp_path,
        [batch(BEST, song("A"), song("a")), batch(NEXT, song("A"), song("B"))],
        name="test",
        created_at=NOW,
    )
    counts = {name: (c.read, c.new, c.merged, c.rejected) for name, c in summary.sources.items()}
    assert counts == {"best": (2, 1, 1, 0), "next": (2, 1, 1, 0)}
    assert summary.n_songs == 2


def test_songs_with_neither_title_nor_id_are_counted_and_left_out(tmp_path: Path):
    songs = batch(BEST, song("A"), {"title": None, "track_id": None, "artists": "LP"})
    summary = build(tmp_path, [songs], name="test", created_at=NOW)
    assert summary.sources["best"].reasons == {"neither a title nor an id": 1}
    assert summary.n_songs == 1


def test_a_song_with_an_id_waits_for_a_title_from_another_source(tmp_path: Path):
    isrc = "isrc:USWB10300474"
    songs = built(
        tmp_path,
        batch(BEST, {"track_id": isrc, "energy": 0.5}, {"track_id": SPOTIFY_2, "energy": 0.1}),
        batch(NEXT, song("Numb", track_id=SPOTIFY_1, **{LINKS: [isrc]})),
    )
    assert len(songs) == 1
    assert songs.table([0])["energy"].tolist() == [0.5]
    assert songs.row_of(isrc) == 0
    assert songs.row_of(SPOTIFY_2) is None


def test_no_song_at_all_leaves_the_old_snapshot(tmp_path: Path):
    before = built(tmp_path, batch(BEST, song("A"))).folder
    with pytest.raises(BadInputError, match="no song"):
        build(tmp_path, [], name="test", created_at=NOW)
    assert current_folder(tmp_path) == before


def test_batches_that_fail_leave_the_old_snapshot_and_nothing_else(tmp_path: Path):
    before = built(tmp_path, batch(BEST, song("A"))).folder

    def batches() -> Iterator[Batch]:
        yield batch(BEST, song("B"))
        msg = "broken"
        raise BadInputError(msg)

    with pytest.raises(BadInputError, match="broken"):
        build(tmp_path, batches(), name="test", created_at=NOW)
    assert current_folder(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["BUILD.lock", "CURRENT", before.name]
    )


def test_equal_batches_cut_differently_give_equal_snapshots(tmp_path: Path):
    songs = made_up(1_000).drop(columns=["provenance", "made_id"])
    whole = built(tmp_path / "1", Batch(songs, BEST))
    cut = built(tmp_path / "2", *(Batch(songs[i : i + 90], BEST) for i in range(0, 1_000, 90)))
    assert whole.version == cut.version
    assert len(whole) == 1_000


def test_progress_ends_with_all_songs(tmp_path: Path):
    seen: list[tuple[int, int]] = []
    build(
        tmp_path,
        [batch(BEST, song("A"), song("B"))],
        name="test",
        created_at=NOW,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (2, 2)


TITLES = [
    "Numb",
    "Numb (feat. Jay-Z)",
    "One - Remastered 2011",
    "Ärger & Größe",
    "!!!",
    "...",
    "(Sittin' On) The Dock",
    "Left ft. Right",
    "Straße\u2003feat. X",
    "",
    "  ",
    "K\u212a\u017f",
    "a-b",
    "سلام",
]


def test_keys_in_bulk_are_those_of_single_songs():
    titles = pd.Series(TITLES, dtype="str")
    mains = pd.Series(["Łódź", "!!!", "", "AC/DC", "x", "y", "z"] * 2, dtype="str")
    assert recording_keys(titles, mains) == [
        recording_key(title, main) for title, main in zip(titles, mains, strict=True)
    ]
    assert derived_ids(titles, mains).tolist() == [
        track_id_of(title, main) for title, main in zip(titles, mains, strict=True)
    ]
