import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.playlists.thinning import with_thinned
from tests.musicrec.playlists.lists import playlist, song

LISTS = st.lists(st.sampled_from("abcdefgh"), max_size=12)


def of(letters: "list[str] | str") -> Playlist:
    return playlist(*(song(letter, uri=f"uri:{letter}") for letter in letters))


def letters_of(some: Playlist) -> str:
    return "".join(item.title for item in some.items)


@pytest.mark.parametrize(
    ("before", "gone", "now", "then"),
    [
        ("abac", [3], "bc", "abc"),  # broken off: the first a should be there
        ("abac", [1], "bc", "bac"),
        ("abaca", [3], "bc", "abca"),
        ("abac", [3], "bxc", "abxc"),
        ("abac", [3], "abc", "abc"),  # done
        ("abac", [3], "abac", "abac"),  # not begun
        ("abac", [2], "ac", "ac"),  # no copy of b stays
        ("abac", [1, 3], "bc", "bc"),
        ("abac", [3], "ab", "ab"),  # somebody else removed c
    ],
)
def test_what_was_lost_with_its_copies_comes_back(
    before: str, gone: list[int], now: str, then: str
):
    change = PlaylistChange.removing(of(before), gone)
    assert letters_of(with_thinned(change, of(now))) == then


@given(letters=LISTS, now=LISTS, data=st.data())
def test_nothing_else_happens(letters: list[str], now: list[str], data: st.DataObject):
    gone = data.draw(st.sets(st.integers(1, max(1, len(letters))), max_size=len(letters)))
    change = PlaylistChange.removing(of(letters), gone)
    current = of(now)
    restored = with_thinned(change, current)
    left, back = letters_of(change.after), letters_of(restored)
    for letter in "abcdefgh":
        is_thinned = 0 < left.count(letter) < letters.count(letter)
        is_lost = is_thinned and letter not in now
        assert back.count(letter) == (left.count(letter) if is_lost else now.count(letter))
    assert with_thinned(change, restored) == restored
