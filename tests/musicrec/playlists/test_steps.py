from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.playlists.block_moves import best_exchange
from musicrec.playlists.steps import MOST_URIS, Insert, Move, Remove, Step, next_step

LISTS = st.lists(st.sampled_from("abcdefghijkl"), max_size=14)
"""Some songs stand in a list more than once."""
STUCK = st.sets(st.sampled_from("abc"))
ORDERS = st.integers(0, 40).flatmap(lambda n: st.permutations(range(n)))


def walk(
    now: Sequence[str], goal: Sequence[str], stuck: AbstractSet[str] = frozenset()
) -> list[tuple[Step, list[str]]]:
    """Every step and what it leads to; each is found from nothing but the list by then."""
    path: list[tuple[Step, list[str]]] = []
    present = list(now)
    while step := next_step(present, goal, stuck):
        present = step.applied(present)
        path.append((step, present))
        assert len(path) <= most_steps(now, goal)
    return path


def most_steps(now: Sequence[str], goal: Sequence[str]) -> int:
    """A call for every song that comes, one for all that go, and one for each gap in the order."""
    missing = Counter(goal) - Counter(now)
    surplus = Counter(now) - Counter(goal)
    thinned = [uri for uri in surplus if uri in goal]
    again = sum(goal.count(uri) + 1 for uri in thinned)
    return missing.total() + -(-len(surplus) // MOST_URIS) + again + len(now) + len(goal) + 1


@given(now=LISTS, goal=LISTS, stuck=STUCK)
@settings(deadline=None)
def test_the_steps_lead_to_the_goal_but_for_what_is_stuck(
    now: list[str], goal: list[str], stuck: set[str]
):
    path = walk(now, goal, stuck)
    end = path[-1][1] if path else now
    for uri in "abcdefghijkl":
        assert end.count(uri) == (now if uri in stuck else goal).count(uri)
    if all(now.count(uri) == goal.count(uri) for uri in stuck):
        assert end == goal
    free = [uri for uri in end if uri not in stuck]
    assert free == [uri for uri in goal if uri not in stuck]


@given(now=LISTS, goal=LISTS, stuck=STUCK)
@settings(deadline=None)
def test_what_is_stuck_is_only_ever_moved(now: list[str], goal: list[str], stuck: set[str]):
    for step, _ in walk(now, goal, stuck):
        if not isinstance(step, Move):
            assert not stuck & set(step.uris)
            assert 0 < len(step.uris) <= MOST_URIS


@given(now=LISTS, goal=LISTS)
@settings(deadline=None)
def test_a_song_that_stays_is_away_only_for_the_steps_that_bring_it_back(
    now: list[str], goal: list[str]
):
    stays = Counter(now) & Counter(goal)
    owed: Counter[str] = Counter()
    for step, present in walk(now, goal):
        if owed:
            assert isinstance(step, Insert)
        owed = stays - Counter(present)
        assert len(owed) <= 1
        if owed and isinstance(step, Remove):
            assert len(step.uris) == 1


@given(now=LISTS, goal=LISTS, data=st.data())
@settings(deadline=None)
def test_what_somebody_else_does_in_between_only_makes_the_way_longer(
    now: list[str], goal: list[str], data: st.DataObject
):
    present = list(now)
    for foreign in data.draw(st.lists(LISTS, max_size=3)):
        if step := next_step(present, goal):
            present = step.applied(present)
        at = data.draw(st.integers(0, len(present)))
        present = [*foreign, *present[at:], *present[: at // 2]]
    path = walk(present, goal)
    assert (path[-1][1] if path else present) == goal


@given(order=ORDERS)
@settings(deadline=None)
def test_an_order_takes_no_more_moves_than_it_has_gaps(order: list[int]):
    bounded = [-1, *order, len(order)]
    gaps = sum(after != before + 1 for before, after in pairwise(bounded))
    n_moves = 0
    while exchange := best_exchange(order):
        first, middle, end = exchange
        assert 0 <= first < middle < end <= len(order)
        order = [*order[:first], *order[middle:end], *order[first:middle], *order[end:]]
        n_moves += 1
    assert order == sorted(order)
    assert n_moves <= max(0, gaps - 1)


def uris(n: int) -> list[str]:
    return [f"uri:{number}" for number in range(n)]


def kinds(path: Sequence[tuple[Step, list[str]]]) -> Counter[type[Step]]:
    return Counter(type(step) for step, _ in path)


def test_seven_songs_go_at_once():
    now = uris(500)
    assert kinds(walk(now, [uri for uri in now if uri not in now[3:500:71]])) == {Remove: 1}


def test_three_hundred_songs_are_sorted_by_moves_of_half_as_many():
    now = uris(300)
    shuffled = [now[place] for place in np.random.default_rng(7).permutation(len(now))]
    for goal in (shuffled, now[::-1]):
        path = walk(now, goal)
        assert path[-1][1] == goal
        assert set(kinds(path)) == {Move}
        assert len(path) <= 155


def test_a_run_moves_in_one_step_whichever_side_is_shorter():
    now = uris(100)
    assert [step for step, _ in walk(now, [*now[90:], *now[:90]])] == [Move(90, 10, 0)]
    assert [step for step, _ in walk(now, [*now[10:], *now[:10]])] == [Move(0, 10, 100)]


def test_a_list_is_filled_a_hundred_songs_at_a_time():
    now, goal = ["x"], ["x", *uris(250)]
    path = walk(now, goal)
    assert [len(step.uris) for step, _ in path if isinstance(step, Insert)] == [100, 100, 50]
    assert len(path) == 3


def test_one_of_two_equal_songs_goes_and_the_other_comes_back_at_once():
    path = walk(list("abcada"), list("abcd"))
    assert [step for step, _ in path] == [Remove(("a",)), Insert(0, ("a",))]


def test_missing_songs_come_before_others_go():
    assert [type(step) for step, _ in walk(list("abcx"), list("cyb"))] == [Insert, Remove, Move]


@pytest.mark.parametrize(
    ("now", "goal", "stuck", "end"),
    [
        ("aLbc", "bac", "L", "baLc"),  # L is not wanted, and cannot go
        ("abc", "abLc", "L", "abc"),  # L is wanted, and cannot come
        ("LaLbL", "bLa", "L", "LbLaL"),
        ("LL", "", "L", "LL"),
        ("xLxM", "", "LM", "LM"),
    ],
)
def test_what_is_stuck_stays_with_its_neighbour(now: str, goal: str, stuck: str, end: str):
    path = walk(list(now), list(goal), set(stuck))
    assert "".join(path[-1][1] if path else now) == end
