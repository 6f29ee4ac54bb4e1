import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.discovery import arrange
from musicrec.domain.identity import fold


def test_the_best_scores_come_first():
    assert arrange(np.array([0.1, 0.9, 0.5]), [("A",), ("B",), ("C",)], n=3) == [1, 2, 0]


def test_an_artist_takes_two_places_at_most_also_as_a_guest():
    artists = [("a",), ("b", "a"), ("a",), ("c", "a"), ("d",)]
    assert arrange(np.array([0.9, 0.8, 0.7, 0.6, 0.5]), artists, n=5) == [0, 1, 4]


def test_equal_scores_are_ordered_by_the_seed_alone():
    scores, artists = np.zeros(20), [(str(i),) for i in range(20)]
    first = arrange(scores, artists, n=20, seed=1)
    assert first == arrange(scores, artists, n=20, seed=1)
    assert first != arrange(scores, artists, n=20, seed=2)


def test_unknown_scores_are_never_picked():
    assert arrange(np.array([np.nan, 0.2]), [("A",), ("B",)], n=2) == [1]


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1),
            st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=3).map(tuple),
        ),
        max_size=30,
    ),
    st.integers(0, 10),
)
def test_no_list_repeats_a_row_or_breaks_the_cap(rows: list[tuple[float, tuple[str, ...]]], n: int):
    scores = np.array([score for score, _ in rows])
    artists = [names for _, names in rows]
    picked = arrange(scores, artists, n=n)
    assert len(picked) == len(set(picked)) <= n
    for artist in "ABCDE":
        rows_with = [row for row in picked if fold(artist) in {fold(name) for name in artists[row]}]
        assert len(rows_with) <= 2
