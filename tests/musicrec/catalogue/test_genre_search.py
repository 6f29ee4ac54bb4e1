from pathlib import Path

import pytest

from musicrec.catalogue import Catalogue, import_songs, open_catalogue
from musicrec.catalogue.genre_search import GenreSearch
from musicrec.domain.errors import GenreNotFoundError
from musicrec.domain.song_filter import SongFilter

GENRES = ("rock", "hip-hop", "dubstep", "deep-house", "Rap", "country")


@pytest.fixture
def search() -> GenreSearch:
    return GenreSearch(GENRES)


@pytest.mark.parametrize(
    ("text", "genre"),
    [("Hip Hop", "hip-hop"), ("HIPHOP", "hip-hop"), ("rap", "Rap"), ("Deep House", "deep-house"),
     ("jazz", None), ("", None)],
)  # fmt: skip
def test_genres_are_found_by_any_name(search: GenreSearch, text: str, genre: str | None):
    assert search.find(text) == genre


def test_for_an_unknown_genre_its_family_comes_first(search: GenreSearch):
    assert search.nearest("techno", 2) == ("dubstep", "deep-house")
    assert "dubstep" in search.nearest("dubstpe", 3)
    assert len(search.nearest("sounds of rain", 3)) <= 3


def test_typing_completes_names_that_the_catalogue_does_not_use(search: GenreSearch):
    assert search.complete("xyz", 5) == []
    assert search.complete("hiph", 5)[0] == "hip-hop"
    assert search.complete("rap", 5)[0] == "hip-hop"
    assert search.complete("hous", 5) == ["deep-house"]
    assert search.complete("", 3) == ["rock", "hip-hop", "dubstep"]


def songs(tmp_path: Path) -> Catalogue:
    path = tmp_path / "songs.csv"
    path.write_text(
        "title,artist,genre,popularity\nOne,A,Hip Hop,90\nTwo,B,hip-hop,80\nThree,C,rap,70\n"
        "Four,D,rock,60\nFive,E,,50\n",
        "utf-8",
    )
    import_songs(tmp_path / "data", [path])
    return open_catalogue(tmp_path / "data")


def test_a_filter_passes_every_name_of_its_genre(tmp_path: Path):
    catalogue = songs(tmp_path)
    only = SongFilter(genre=catalogue.require_genre("HIP HOP"))
    assert [track.title for track in catalogue.search("", only=only)] == ["One", "Two", "Three"]
    assert catalogue.all_meeting(SongFilter(genre="jazz")).tolist() == []
    with pytest.raises(GenreNotFoundError) as caught:
        catalogue.require_genre("punk")
    assert caught.value.nearest[0] == "rock"
