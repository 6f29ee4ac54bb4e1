"""Buckets of tokens: what passes, when it passes again, and what is kept in memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from musicrec.domain.allowance import Allowance, Pace


def passes(allowance: Allowance, key: str, at: float) -> bool:
    if allowance.wait_s(key, at):
        return False
    allowance.take(key, at)
    return True


def test_a_full_bucket_is_emptied_at_once_and_fills_by_itself():
    allowance = Allowance(Pace(at_once=3, per_s=0.5))
    assert [passes(allowance, "alice", 100.0) for _ in range(4)] == [True, True, True, False]
    assert allowance.wait_s("alice", 100.0) == pytest.approx(2.0)
    assert not passes(allowance, "alice", 101.9)
    assert passes(allowance, "alice", 102.0)
    assert not passes(allowance, "alice", 102.1)


def test_nobody_waits_for_somebody_else():
    allowance = Allowance(Pace(at_once=1, per_s=0.1))
    assert passes(allowance, "alice", 0.0)
    assert not passes(allowance, "alice", 1.0)
    assert passes(allowance, "bob", 1.0)


def test_what_is_refused_costs_nothing():
    allowance = Allowance(Pace(at_once=1, per_s=1.0))
    allowance.take("alice", 0.0)
    for _ in range(100):
        assert not passes(allowance, "alice", 0.5)
    assert passes(allowance, "alice", 1.0)


@given(
    start=st.floats(0, 1e7),
    at_once=st.integers(1, 50),
    per_s=st.floats(0.01, 100),
    pauses=st.lists(st.floats(0, 5), max_size=80),
)
def test_no_more_passes_than_a_full_bucket_and_what_came_back(
    start: float, at_once: int, per_s: float, pauses: list[float]
):
    allowance = Allowance(Pace(at_once, per_s))
    at, n_passed = start, 0
    for pause in pauses:
        at += pause
        n_passed += passes(allowance, "alice", at)
        assert n_passed <= at_once + (at - start) * per_s + 0.01


@given(st.floats(0, 1e7), st.integers(1, 50), st.floats(0.01, 100))
def test_a_whole_bucket_always_passes_at_once(at: float, at_once: int, per_s: float):
    allowance = Allowance(Pace(at_once, per_s))
    assert all(passes(allowance, "alice", at) for _ in range(at_once))


def test_full_buckets_are_forgotten():
    allowance = Allowance(Pace(at_once=2, per_s=1.0))
    for number in range(1_000):
        allowance.take(number, at=10.0 * number)
        assert len(allowance) <= 2


def test_there_are_never_more_buckets_than_may_be_kept():
    allowance = Allowance(Pace(at_once=1, per_s=0.001), most_kept=50)
    for number in range(1_000):
        allowance.take(number, at=0.0)
        assert len(allowance) <= 51
    assert allowance.wait_s(999, 0.0) > 0
    assert allowance.wait_s(0, 0.0) == 0
