from collections.abc import Iterator
from itertools import count

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from musicrec.catalogue.store.looking import first_that


def test_few_more_rows_are_looked_at_than_needed() -> None:
    taken: list[int] = []

    def rows() -> Iterator[int]:
        for row in count():
            taken.append(row)
            yield row

    assert first_that(lambda some: some % 100 == 3, rows(), 4) == [3, 103, 203, 303]
    assert len(taken) < 1_000


@given(rows=st.lists(st.integers(0, 5_000), max_size=300), limit=st.integers(1, 30))
def test_the_first_rows_that_hold_come_in_their_order(rows: list[int], limit: int) -> None:
    even = [row for row in rows if row % 2 == 0]
    assert first_that(lambda some: np.asarray(some % 2 == 0), rows, limit) == even[:limit]
