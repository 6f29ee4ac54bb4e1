import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from musicrec.domain.errors import TrackNotFoundError
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelCounts, LabelValue
from musicrec.services import LabelChange, Services
from tests.musicrec.services.people import NOON, Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIKE, DISLIKE = LabelValue.LIKE, LabelValue.DISLIKE


@pytest.fixture
def song(services: Services) -> TrackId:
    return services.songs.suggest("")[0].id


async def test_a_press_sets_the_other_changes_and_the_same_takes_back(song: TrackId, anna: Presser):
    first = await anna.press(song, LIKE)
    assert (first.change, first.counts) == (LabelChange.SET, LabelCounts(1, 0))
    second = await anna.press(song, DISLIKE)
    assert (second.change, second.counts) == (LabelChange.CHANGED, LabelCounts(0, 1))
    third = await anna.press(song, DISLIKE)
    assert (third.change, third.counts) == (LabelChange.TAKEN_BACK, LabelCounts(0, 0))
    fourth = await anna.press(song, LIKE)
    assert (fourth.change, fourth.counts) == (LabelChange.SET, LabelCounts(1, 0))


async def test_a_double_click_is_one_press(song: TrackId, anna: Presser):
    await anna.press(song, LIKE)
    echo = await anna.press(song, LIKE, seconds_later=0.3)
    assert (echo.change, echo.counts) == (LabelChange.REPEATED, LabelCounts(1, 0))


async def test_a_double_click_that_takes_back_takes_back_once(song: TrackId, anna: Presser):
    await anna.press(song, LIKE)
    await anna.press(song, LIKE)
    echo = await anna.press(song, LIKE, seconds_later=0.3)
    assert (echo.change, echo.counts) == (LabelChange.REPEATED, LabelCounts(0, 0))


async def test_a_clock_that_is_set_back_makes_no_echo(song: TrackId, anna: Presser):
    await anna.press(song, LIKE)
    later = await anna.press(song, LIKE, seconds_later=-3_600)
    assert (later.change, later.counts) == (LabelChange.TAKEN_BACK, LabelCounts(0, 0))
    again = await anna.press(song, DISLIKE, seconds_later=-3_600)
    assert (again.change, again.counts) == (LabelChange.SET, LabelCounts(0, 1))


async def test_a_quick_change_of_mind_counts(song: TrackId, anna: Presser):
    await anna.press(song, LIKE)
    changed = await anna.press(song, DISLIKE, seconds_later=0.3)
    assert (changed.change, changed.counts) == (LabelChange.CHANGED, LabelCounts(0, 1))


async def test_a_press_delivered_twice_counts_once(
    services: Services, song: TrackId, anna: Presser
):
    for seconds in (0, 3600):
        await services.labels.press(
            anna.id, song, LIKE, at=NOON + timedelta(seconds=seconds), event_key="interaction:7"
        )
    assert (await services.privacy.show(anna.id)).held["label_events"] == 1


async def test_presses_at_once_are_one_label(services: Services, song: TrackId, anna: Presser):
    outcomes = await asyncio.gather(
        *(
            services.labels.press(anna.id, song, LIKE, at=NOON, event_key=f"interaction:{i}")
            for i in range(10)
        )
    )
    changes = sorted(outcome.change for outcome in outcomes)
    assert changes == [LabelChange.REPEATED] * 9 + [LabelChange.SET]


async def test_two_people_have_two_labels(
    services: Services, song: TrackId, anna: Presser, ben: Presser
):
    await anna.press(song, LIKE)
    outcome = await ben.press(song, DISLIKE)
    assert outcome.counts == LabelCounts(0, 1)
    assert (await services.privacy.show(anna.id)).likes == 1


async def test_undo_takes_the_label_back_and_undoing_again_does_nothing(
    services: Services, song: TrackId, anna: Presser
):
    await anna.press(song, DISLIKE)
    undone = await services.labels.undo(anna.id, song, at=NOON, event_key="a")
    again = await services.labels.undo(anna.id, song, at=NOON, event_key="b")
    assert (undone.change, undone.counts) == (LabelChange.TAKEN_BACK, LabelCounts(0, 0))
    assert again.change is LabelChange.REPEATED


async def test_a_press_right_after_undo_counts(song: TrackId, services: Services, anna: Presser):
    await anna.press(song, LIKE)
    await services.labels.undo(anna.id, song, at=anna.now, event_key="undo right after")
    again = await anna.press(song, LIKE, seconds_later=0.5)
    assert (again.change, again.counts) == (LabelChange.SET, LabelCounts(1, 0))


async def test_reactions_set_change_and_take_back_only_what_they_stand_for(
    services: Services, song: TrackId, anna: Presser
):
    await services.cards.record(5, 6, song, at=NOON)

    async def react(value: LabelValue, *, added: bool) -> LabelChange | None:
        outcome = await services.labels.react(anna.id, 5, value, added=added, at=NOON)
        return outcome and outcome.change

    assert await react(LIKE, added=True) is LabelChange.SET
    assert await react(LIKE, added=True) is None
    assert await react(DISLIKE, added=True) is LabelChange.CHANGED
    assert await react(LIKE, added=False) is None
    assert await react(DISLIKE, added=False) is LabelChange.TAKEN_BACK
    assert await react(DISLIKE, added=False) is None


async def test_a_reaction_that_two_processes_heard_counts_once_and_each_later_change_too(
    services: Services, song: TrackId, anna: Presser
):
    await services.cards.record(7, 6, song, at=NOON)

    async def heard(*, added: bool) -> list[LabelChange | None]:
        react = services.labels.react
        name = f"7:{anna.id}:👍"
        both = [react(anna.id, 7, LIKE, added=added, at=NOON, heard_as=name) for _ in range(2)]
        return [outcome and outcome.change for outcome in await asyncio.gather(*both)]

    assert {*await heard(added=True)} == {LabelChange.SET, None}
    assert (await anna.press(song, DISLIKE)).change is LabelChange.CHANGED
    assert await heard(added=True) == [None, None]
    assert await heard(added=False) == [None, None]
    assert {*await heard(added=True)} == {LabelChange.CHANGED, None}
    assert {*await heard(added=False)} == {LabelChange.TAKEN_BACK, None}
    assert (await services.privacy.show(anna.id)).held["label_events"] == 4


async def test_a_reaction_on_another_message_is_none_of_ours(services: Services, anna: Presser):
    assert await services.labels.react(anna.id, 999, LIKE, added=True, at=NOON) is None
    assert (await services.privacy.show(anna.id)).since is None


async def test_the_answer_says_how_many_more_ratings_are_needed(song: TrackId, anna: Presser):
    outcome = await anna.press(song, LIKE)
    assert outcome.missing_labels == 9
    assert outcome.accuracy is None


async def test_a_song_that_left_the_catalogue_is_said_so(anna: Presser):
    with pytest.raises(TrackNotFoundError):
        await anna.press(TrackId("spotify:track:gone"), LIKE)


async def test_presses_of_several_people_at_once_are_each_their_own(
    services: Services, song: TrackId, anna: Presser, ben: Presser
):
    await anna.press(song, LIKE)
    values = {anna.id: LIKE, ben.id: DISLIKE, ListenerId(anna.id + 10_000): LIKE}
    outcomes = await asyncio.gather(
        *(
            services.labels.press(who, song, value, at=anna.now, event_key=f"together:{who}")
            for who, value in values.items()
        )
    )
    assert [outcome.change for outcome in outcomes] == [
        LabelChange.REPEATED,  # a double click
        LabelChange.SET,
        LabelChange.SET,
    ]
    assert [outcome.counts for outcome in outcomes] == [
        LabelCounts(1, 0),
        LabelCounts(0, 1),
        LabelCounts(1, 0),
    ]


async def test_what_is_remembered_of_a_listener_is_what_the_log_says(
    services: Services, anna: Presser
):
    tracks = services.songs._catalogue.now.tracks(range(4))
    for track in tracks:
        await anna.press(track.id, LIKE)
    # Another process takes one back, past everything that is remembered here.
    async with services.labels._database.writing() as uow:
        await uow.listeners.lock(anna.id, anna.now)
        last = await uow.labels.latest(anna.id, tracks[0].id)
        assert last is not None
        await uow.labels.append(replace(last, value=LabelValue.WITHDRAWN, event_key=None))
    outcome = await anna.press(tracks[3].id, DISLIKE, seconds_later=5)
    assert (outcome.change, outcome.counts) == (LabelChange.CHANGED, LabelCounts(2, 1))
