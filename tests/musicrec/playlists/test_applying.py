"""Changes are made to the list that is there now, not to the one that was looked at."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.playlists.applying import apply
from musicrec.playlists.undoing import undo
from tests.musicrec.playlists.lists import playlist, song

LETTERS = "abcdefgh"
LISTS = st.lists(st.sampled_from(LETTERS), max_size=12)
"""Some songs stand in a list more than once."""


def of(letters: "list[str] | str") -> Playlist:
    return playlist(*(song(letter, uri=f"uri:{letter}") for letter in letters))


def letters_of(some: Playlist) -> str:
    return "".join(item.title for item in some.items)


@st.composite
def changes(draw: st.DrawFn) -> PlaylistChange:
    letters = draw(LISTS)
    order = draw(st.permutations(range(1, len(letters) + 1)))
    left = order[: draw(st.integers(0, len(letters)))]
    return PlaylistChange(of(letters), tuple(draw(st.sampled_from([left, sorted(left)]))))


@given(change=changes())
@settings(deadline=None)
def test_an_unchanged_list_becomes_the_very_list_after(change: PlaylistChange):
    assert letters_of(apply(change, change.before)) == letters_of(change.after)


@given(change=changes(), now=LISTS)
@settings(deadline=None)
def test_made_again_it_makes_the_same(change: PlaylistChange, now: list[str]):
    once = apply(change, of(now))
    assert apply(change, once) == once


@given(change=changes(), now=LISTS)
@settings(deadline=None)
def test_only_chosen_songs_go_and_no_more_than_are_to_go(change: PlaylistChange, now: list[str]):
    then = letters_of(apply(change, of(now)))
    before, after = letters_of(change.before), letters_of(change.after)
    for letter in LETTERS:
        is_chosen = after.count(letter) < before.count(letter)
        left = min(now.count(letter), after.count(letter)) if is_chosen else now.count(letter)
        assert then.count(letter) == left


@given(letters=LISTS, now=LISTS, data=st.data())
@settings(deadline=None)
def test_a_removal_keeps_the_order_that_the_list_has_now(
    letters: list[str], now: list[str], data: st.DataObject
):
    gone = data.draw(st.sets(st.integers(1, max(1, len(letters))), max_size=len(letters)))
    rest = iter(now)
    then = letters_of(apply(PlaylistChange.removing(of(letters), gone), of(now)))
    assert all(letter in rest for letter in then)


@given(letters=st.permutations(LETTERS), data=st.data())
@settings(deadline=None)
def test_half_on_the_way_it_leads_to_the_same_end(letters: list[str], data: st.DataObject):
    before = of(letters)
    gone = data.draw(st.lists(st.sampled_from(range(1, 9)), unique=True))
    change = PlaylistChange.removing(before, gone)
    some = gone[: data.draw(st.integers(0, len(gone)))]
    half = PlaylistChange.removing(before, some).after
    assert letters_of(apply(change, half)) == letters_of(change.after)
    assert letters_of(undo(change, half).playlist) == "".join(letters)


@pytest.mark.parametrize(
    ("before", "order", "now", "then"),
    [
        ("abcdef", [1, 3, 4, 6], "abcdef", "acdf"),
        ("abcdef", [1, 3, 4, 6], "abxcdef", "axcdf"),  # somebody added a song
        ("abcdef", [1, 3, 4, 6], "bdef", "df"),  # somebody removed others
        ("abcdef", [1, 3, 4, 6], "fedcba", "fdca"),  # somebody moved songs
        ("abca", [2, 3, 4], "abca", "bca"),  # the first of two copies
        ("abca", [1, 2, 3], "abca", "abc"),  # the second
        ("abca", [2, 3, 4], "bca", "bca"),  # it is gone already
        ("abcd", [4, 2, 1, 3], "axbcd", "dbacx"),  # sorted: new songs come last
        ("abcd", [4, 2, 1, 3], "bda", "dba"),
    ],
)
def test_what_others_did_meanwhile_stays(before: str, order: list[int], now: str, then: str):
    assert letters_of(apply(PlaylistChange(of(before), tuple(order)), of(now))) == then


def test_other_facts_of_the_list_stay():
    renamed = Playlist("Renamed since", of("ab").items, "About it")
    after = apply(PlaylistChange.removing(of("ab"), [1]), renamed)
    assert (after.title, after.description) == ("Renamed since", "About it")
