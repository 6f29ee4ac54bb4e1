"""What a list's answers say, and how far they move the next one."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind, Receipt, WeekList, WeekSong
from musicrec.services.week_receipts import LONGEST_STEP, moved, receipt_of

SONG = WeekSong(1, TrackId("a"), "A", ("Queen", "Guest"), 0.7, PickKind.NEW, "")
LAST = WeekList(
    (
        SONG,
        replace(SONG, position=2, track_id=TrackId("b"), artists=("QUEEN",)),
        replace(SONG, position=3, track_id=TrackId("c"), artists=("Björk",)),
        replace(SONG, position=4, track_id=TrackId("d"), kind=PickKind.EXPLORING),
        replace(SONG, position=5, track_id=TrackId("e"), artists=(), kind=PickKind.EXPLORING),
    ),
    None,
    "",
    30,
    1,
    "v1",
)


def verdicts(**liked: bool) -> dict[TrackId, bool]:
    return {TrackId(name): value for name, value in liked.items()}


def test_a_receipt_counts_what_was_said_about_that_list_alone():
    said = verdicts(a=True, b=True, c=True, d=False, other=True)
    receipt = receipt_of(LAST, said, {"bjork"}, adventure=0.5, n_skipped=2)
    assert receipt == Receipt(5, 4, 3, 1, 1, 0, moved(0.5, n_rated=1, n_liked=0), 2)


def test_where_nothing_was_said_nothing_moves():
    receipt = receipt_of(LAST, {}, set(), adventure=0.3, n_skipped=0)
    assert receipt == Receipt(5, 0, 0, 0, 0, 0, 0.3, 0)


def test_a_liked_song_without_an_artist_is_no_new_artist():
    receipt = receipt_of(LAST, verdicts(e=True), set(), adventure=0.5, n_skipped=0)
    assert (receipt.n_liked, receipt.n_new_artists, receipt.n_exploring_liked) == (1, 0, 1)


@settings(deadline=None)
@given(st.floats(0, 1), st.integers(0, 50), st.data())
def test_the_adventure_moves_by_a_bounded_step_the_way_the_answers_say(
    adventure: float, n_rated: int, data: st.DataObject
):
    n_liked = data.draw(st.integers(0, n_rated))
    after = moved(adventure, n_rated=n_rated, n_liked=n_liked)
    assert 0 <= after <= 1
    assert abs(after - adventure) <= LONGEST_STEP + 1e-3
    if 2 * n_liked > n_rated:
        assert after >= adventure - 1e-3
    if 2 * n_liked < n_rated:
        assert after <= adventure + 1e-3


def test_more_answers_move_it_further():
    steps = [moved(0.5, n_rated=n, n_liked=n) for n in (0, 1, 4, 40)]
    assert steps == sorted(set(steps))


def test_answers_alone_never_end_exploring():
    adventure = 0.5
    for _ in range(50):
        adventure = moved(adventure, n_rated=4, n_liked=0)
    assert adventure == 0.1
    assert moved(0.02, n_rated=4, n_liked=0) == 0.02
