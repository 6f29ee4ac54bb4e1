import pytest

from musicrec.domain.genres import distinct, family_of, genre_key, names_of, relatives_of


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hip Hop", "hip-hop"), ("rap", "HIP-HOP"), ("R&B", "rnb"), ("drum'n'bass", "dnb"),
     ("deep-house", "Deep House"), ("reggaetón", "Reggaeton"), ("K-Pop", "kpop")],
)  # fmt: skip
def test_names_of_the_same_genre_have_one_key(one: str, other: str):
    assert genre_key(one) == genre_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("metal", "heavy metal"), ("indie", "indie pop"), ("afrobeat", "afrobeats"), ("", "rock")],
)
def test_near_genres_stay_apart(one: str, other: str):
    assert genre_key(one) != genre_key(other)


def test_genres_have_families():
    assert family_of("Dubstep") == family_of("deep-house") == "electronic"
    assert family_of("rap") == family_of("trap") == "hip hop"
    assert family_of("RnB") == "soul"
    assert family_of("sounds of rain") is None


def test_relatives_are_of_the_catalogue_alone():
    genres = ["rock", "dubstep", "country", "deep-house"]
    assert relatives_of("techno", genres) == ["dubstep", "deep-house"]
    assert relatives_of("sounds of rain", genres) == []


def test_a_name_leads_to_the_genre_as_the_catalogue_spells_it():
    names = names_of(["Hip-Hop", "metal"])
    assert names["rap"] == names["hip hop"] == "Hip-Hop"
    assert names["heavy metal"] == "metal"
    assert "rock" not in names


def test_of_several_names_for_a_genre_the_first_is_kept():
    genres = ["rock", "Hip-Hop", "Rap", "pop", "rock music", "hip hop"]
    assert distinct(genres) == ["rock", "Hip-Hop", "pop"]
