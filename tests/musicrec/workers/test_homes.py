from collections import Counter

import pytest

from musicrec.workers.homes import homes

HOSTS = {"ada": 4, "bea": 4, "cyd": 8}


@pytest.mark.parametrize("n_parts", [1, 3, 16, 64])
def test_hosts_have_parts_by_their_workers(n_parts: int):
    loads = Counter(homes(n_parts, HOSTS))
    assert loads.total() == n_parts
    assert all(load <= -(-n_parts * HOSTS[host] // 16) for host, load in loads.items())


def test_parts_have_the_same_home_in_whatever_order_hosts_are_named():
    assert homes(64, HOSTS) == homes(64, dict(reversed(HOSTS.items())))


def test_most_parts_stay_where_they_are_when_a_host_is_lost():
    before = homes(64, HOSTS)
    after = homes(64, {"ada": 4, "cyd": 8})
    moved = [old for old, new in zip(before, after, strict=True) if old not in {new, "bea"}]
    assert len(moved) <= 10
