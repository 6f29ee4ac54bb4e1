import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.playlists.broken_off import is_on_the_way, with_thinned
from musicrec.playlists.steps import next_step
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
        ("abaca", [3], "abc", "abca"),  # one of two is back
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
    restored = with_thinned(change, of(now))
    left, back = letters_of(change.after), letters_of(restored)
    for letter in "abcdefgh":
        is_thinned = 0 < left.count(letter) < letters.count(letter)
        assert back.count(letter) == max(left.count(letter) if is_thinned else 0, now.count(letter))
    assert with_thinned(change, restored) == restored


@pytest.mark.parametrize(
    ("before", "gone", "now", "is_so"),
    [
        ("abcab", [1, 3], "abcab", True),  # not begun
        ("abcab", [1, 3], "bab", True),  # done
        ("abcab", [1, 3], "abab", True),  # half done, or half undone
        ("abcab", [1, 3], "bb", True),  # both copies of a are away
        ("abcab", [1, 3], "aba", False),  # somebody removed b
        ("abcab", [1, 3], "bbca", False),  # somebody moved b
        ("abcab", [1, 3], "babx", False),  # somebody added x
    ],
)
def test_what_a_removal_itself_left_behind_is_told_from_what_others_did(
    before: str, gone: list[int], now: str, *, is_so: bool
):
    assert is_on_the_way(PlaylistChange.removing(of(before), gone), of(now)) == is_so


@given(letters=LISTS, data=st.data())
@settings(deadline=None)
def test_whoever_dies_after_every_step_gets_to_the_end_and_back_all_the_same(
    letters: list[str], data: st.DataObject
):
    gone = data.draw(st.sets(st.integers(1, max(1, len(letters))), max_size=len(letters)))
    change = PlaylistChange.removing(of(letters), gone)
    left = letters_of(change.after)
    assume(sum(0 < left.count(each) < letters.count(each) for each in set(letters)) <= 1)
    states = walk(letters, change, change.after)
    assert states[-1] == list(letters_of(change.after))
    for state in states:
        assert walk(state, change, change.before)[-1] == letters


def walk(state: list[str], change: PlaylistChange, goal: Playlist) -> list[list[str]]:
    """Every list on the way, each reached by somebody who knows nothing but the one before."""
    states = [state]
    while True:
        assert is_on_the_way(change, of(states[-1]))
        step = next_step(states[-1], list(letters_of(goal)))
        if step is None:
            return states
        states.append(step.applied(states[-1]))
