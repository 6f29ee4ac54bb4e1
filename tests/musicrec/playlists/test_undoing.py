from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.errors import BadInputError
from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.playlists.undoing import undo, way_back
from tests.musicrec.playlists.lists import playlist, song

LISTS = st.lists(st.sampled_from("abcdefgh"), max_size=12)
"""Some songs stand in a list more than once."""


def of(letters: "list[str] | str") -> Playlist:
    return playlist(*(song(letter, uri=f"uri:{letter}") for letter in letters))


def letters_of(some: Playlist) -> str:
    return "".join(item.title for item in some.items)


@given(letters=LISTS, data=st.data())
@settings(deadline=None)
def test_undo_restores_the_very_list(letters: list[str], data: st.DataObject):
    before = of(letters)
    order = data.draw(st.permutations(range(1, len(letters) + 1)))
    change = PlaylistChange(before, tuple(order[: data.draw(st.integers(0, len(letters)))]))
    undone = undo(change, change.after)
    assert undone.is_exact
    assert undone.playlist == before
    assert [item.position for item in undone.restored] == list(change.removed)


@given(letters=LISTS, now=LISTS, data=st.data())
@settings(deadline=None)
def test_undo_loses_nothing_that_is_there_now_and_brings_back_all_that_was_removed(
    letters: list[str], now: list[str], data: st.DataObject
):
    gone = data.draw(st.sets(st.integers(1, max(1, len(letters))), max_size=len(letters)))
    change = PlaylistChange.removing(of(letters), gone)
    undone = undo(change, of(now))
    result = letters_of(undone.playlist)
    left = letters_of(change.after)
    for letter in "abcdefgh":
        added = max(0, now.count(letter) - left.count(letter))
        removed = letters.count(letter) - left.count(letter)
        assert result.count(letter) == now.count(letter) + max(0, removed - added)
    assert [i.position for i in undone.playlist.items] == list(range(1, len(undone.playlist) + 1))


@pytest.mark.parametrize(
    ("before", "gone", "now", "then"),
    [
        ("abcdef", [2, 5], "acdf", "abcdef"),
        ("abcdef", [2, 5], "acxdf", "abcxdef"),  # somebody added a song
        ("abcdef", [2, 5], "adf", "abdef"),  # somebody removed another one
        ("abcdef", [1, 2], "cdef", "abcdef"),  # neighbours, at the start
        ("abcdef", [1, 2], "cfde", "abcfde"),  # somebody moved a song
        ("abcdef", [2, 5], "abcdf", "abcdef"),  # somebody put one back already
        ("aba", [3], "abc", "abac"),  # the same song twice
        ("ab", [1, 2], "x", "abx"),
    ],
)
def test_removed_songs_come_back_beside_their_neighbours(
    before: str, gone: list[int], now: str, then: str
):
    change = PlaylistChange.removing(of(before), gone)
    undone = undo(change, of(now))
    assert letters_of(undone.playlist) == then
    assert undone.is_exact is (now == letters_of(change.after))
    assert Counter(item.title for item in undone.restored) == Counter(then) - Counter(now)


def test_a_sorted_list_goes_back_to_its_order_with_what_was_added():
    change = PlaylistChange(of("abcd"), (4, 2, 1, 3))
    assert letters_of(change.after) == "dbac"
    assert letters_of(undo(change, of("dbxac")).playlist) == "abxcd"
    assert letters_of(undo(change, of("bdac")).playlist) == "bdac"  # moved since: that stays


@given(letters=LISTS, now=LISTS, data=st.data())
@settings(deadline=None)
def test_the_way_back_of_moves_leads_to_where_undo_does(
    letters: list[str], now: list[str], data: st.DataObject
):
    order = data.draw(st.permutations(range(1, len(letters) + 1)))
    change = PlaylistChange(of(letters), tuple(order))
    current = data.draw(st.sampled_from([change.after, of(now)]))
    back = way_back(change, current)
    assert back.before == current
    assert sorted(back.order) == list(range(1, len(current) + 1))
    assert letters_of(back.after) == letters_of(undo(change, current).playlist)


def test_the_way_back_of_songs_that_stand_twice_moves_none_past_its_like():
    change = PlaylistChange(of("abab"), (1, 3, 2, 4))
    assert letters_of(change.after) == "aabb"
    assert way_back(change, change.after).order == (1, 3, 2, 4)


def test_of_equal_songs_the_one_that_was_removed_comes_back_before_the_other():
    before = of("aa")
    dated = before.with_items(
        replace(item, added_by=f"who {item.position}") for item in before.items
    )
    change = PlaylistChange.removing(dated, [1])
    now = change.after.with_items((*change.after.items, song("x")))
    restored = undo(change, now).playlist.items
    assert [item.added_by for item in restored] == ["who 1", "who 2", ""]


def test_dates_and_files_come_back_too():
    before = of("abc")
    dated = before.with_items(replace(item, added_by=f"who {item.title}") for item in before.items)
    change = PlaylistChange.removing(dated, [2])
    plain = of("acx")
    restored = undo(change, plain).playlist.items
    assert [item.added_by for item in restored] == ["", "who b", "", ""]


@pytest.mark.parametrize("order", [(1, 1), (0,), (4,)])
def test_an_order_names_every_position_at_most_once(order: tuple[int, ...]):
    with pytest.raises(BadInputError):
        PlaylistChange(of("abc"), order)
