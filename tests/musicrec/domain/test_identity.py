import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain import identity
from musicrec.domain.identity import fold, recording_key, track_id_of


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("Halo", "HALO"),
        ("Déjà Vu", "Deja vu"),
        ("Stay (feat. Mikky Ekko)", "Stay"),
        ("Stay feat. Mikky Ekko", "Stay"),
        ("Kashmir - Remastered 2012", "Kashmir"),
        ("Kashmir (2012 Remaster)", "Kashmir"),
        ("10,000 Hours (with Justin Bieber)", "10,000 Hours"),
        ("One - Radio Edit", "One"),
        ("One (Radio Edit)", "One"),
        ("The Bones - with Hozier", "The Bones"),
        ('Vaathi Coming (From "Master")', "Vaathi Coming"),
        ('Tapestry - From "Some Film" Soundtrack', "Tapestry"),
        ("Layla - 40th Anniversary Version / 2010 Remastered", "Layla"),
    ],
)
def test_decorations_do_not_make_a_new_song(title: str, same: str):
    assert recording_key(title, "Artist") == recording_key(same, "ARTIST")


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Layla", "Layla - Live"),
        ("Layla", "Layla (Acoustic)"),
        ("Titanium", "Titanium (Alesso Remix)"),
        ("One", "One More Time"),
        ("Jolene", "Jolene (From the Top)"),
    ],
)
def test_other_versions_are_other_songs(title: str, other: str):
    assert recording_key(title, "Artist") != recording_key(other, "Artist")


def test_the_same_title_by_another_artist_is_another_song():
    assert recording_key("Hurt", "Nine Inch Nails") != recording_key("Hurt", "Johnny Cash")


@pytest.mark.parametrize("text", ["!!!", "???", "♥", "愛", "(feat. X)"])
def test_odd_titles_keep_an_identity(text: str):
    assert fold(text)
    assert recording_key(text, "A") != recording_key("other", "A")


def test_made_ids_fit_into_a_button():
    assert len(track_id_of("x" * 10_000, "y")) <= 64


def _folded_slowly(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", bare).strip() or bare.strip()


@settings(max_examples=500)
@given(st.text() | st.text(st.characters(max_codepoint=127)) | st.text("aB_ -'\x00\x1f\n!é"))
def test_folding_plain_text_quickly_changes_nothing(text: str):
    assert fold(text) == _folded_slowly(text)


PIECES = """( ) [ ] - - feat FEAT. ft Ft. with Song X Remastered 2011 Radio Edit mix From "Film" 5th
Anniversary Edition"""
DECORATED = st.lists(st.sampled_from(PIECES.split()) | st.just(" "), max_size=10).map("".join)


@settings(max_examples=500)
@given(DECORATED | st.text())
def test_titles_are_undecorated_as_if_every_one_were_looked_at_closely(title: str):
    closely = identity._DECORATION.sub("", title) or title
    assert recording_key(title, "") == f"{fold(closely)}|"
