import asyncio

import pytest

from musicrec.domain.errors import GenreNotFoundError
from musicrec.domain.ids import ShortlistId
from musicrec.domain.label import LabelCounts, LabelValue
from musicrec.services import Duel, DuelChoice, DuelOutcome, LabelChange, Services
from tests.musicrec.services.people import NOON, Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def next_duel(who: Presser, genre: str | None = None) -> Duel:
    return await who.services.rating.next_duel(who.id, genre=genre, at=who.now)


async def answer(who: Presser, shortlist_id: ShortlistId, choice: DuelChoice) -> DuelOutcome | None:
    who.presses += 1
    return await who.services.duels.answer(
        who.id, shortlist_id, choice, at=who.now, event_key=f"duel:{who.id}:{who.presses}"
    )


async def undo(who: Presser, shortlist_id: ShortlistId) -> DuelOutcome | None:
    who.presses += 1
    return await who.services.duels.undo(
        who.id, shortlist_id, at=who.now, event_key=f"undo:{who.id}:{who.presses}"
    )


async def own_label(who: Presser, track_id: str) -> LabelValue | None:
    async with who.services.duels._database.reading() as uow:
        labels = await uow.labels.current(who.id)
    return next((event.value for event in labels if event.track_id == track_id), None)


@pytest.mark.parametrize(
    ("choice", "first", "second"),
    [
        (DuelChoice.FIRST, LabelValue.LIKE, None),
        (DuelChoice.SECOND, None, LabelValue.LIKE),
        (DuelChoice.BOTH, LabelValue.LIKE, LabelValue.LIKE),
        (DuelChoice.NEITHER, LabelValue.DISLIKE, LabelValue.DISLIKE),
    ],
)
async def test_an_answer_says_only_what_the_listener_said(
    anna: Presser, choice: DuelChoice, first: LabelValue | None, second: LabelValue | None
):
    duel = await next_duel(anna)
    outcome = await answer(anna, duel.shortlist_id, choice)
    assert outcome is not None
    assert outcome.change is LabelChange.SET
    assert await own_label(anna, duel.first.id) == first
    assert await own_label(anna, duel.second.id) == second
    assert outcome.counts.total == sum(value is not None for value in (first, second))
    assert outcome.missing_labels > 0


async def test_the_first_answer_stands_until_it_is_undone(anna: Presser):
    duel = await next_duel(anna)
    await answer(anna, duel.shortlist_id, DuelChoice.FIRST)
    for choice in DuelChoice:
        again = await answer(anna, duel.shortlist_id, choice)
        assert again is not None
        assert (again.change, again.counts) == (LabelChange.REPEATED, LabelCounts(1, 0))
    undone = await undo(anna, duel.shortlist_id)
    assert undone is not None
    assert (undone.change, undone.counts) == (LabelChange.TAKEN_BACK, LabelCounts(0, 0))
    repeated = await undo(anna, duel.shortlist_id)
    assert repeated is not None
    assert repeated.change is LabelChange.REPEATED
    other = await answer(anna, duel.shortlist_id, DuelChoice.NEITHER)
    assert other is not None
    assert (other.change, other.counts) == (LabelChange.SET, LabelCounts(0, 2))


async def test_clicks_at_the_same_time_give_one_answer(anna: Presser):
    duel = await next_duel(anna)
    outcomes = await asyncio.gather(
        *(answer(anna, duel.shortlist_id, choice) for choice in list(DuelChoice) * 2)
    )
    changes = [outcome.change for outcome in outcomes if outcome]
    assert changes.count(LabelChange.SET) == 1
    assert len(changes) == 8
    standing = [await own_label(anna, track.id) for track in (duel.first, duel.second)]
    assert LabelValue.LIKE not in standing or LabelValue.DISLIKE not in standing


async def test_undo_leaves_what_was_said_elsewhere_afterwards(anna: Presser):
    duel = await next_duel(anna)
    await answer(anna, duel.shortlist_id, DuelChoice.BOTH)
    await anna.press(duel.first.id, LabelValue.DISLIKE)
    undone = await undo(anna, duel.shortlist_id)
    assert undone is not None
    assert undone.counts == LabelCounts(0, 1)


async def test_nobody_answers_somebody_else_s_duel(anna: Presser, ben: Presser):
    duel = await next_duel(anna)
    assert await answer(ben, duel.shortlist_id, DuelChoice.BOTH) is None
    assert await undo(ben, duel.shortlist_id) is None
    assert await answer(anna, ShortlistId(10**9), DuelChoice.BOTH) is None
    suggestion = await anna.services.rating.next_song(anna.id, at=NOON)
    assert await answer(anna, suggestion.shortlist_id, DuelChoice.BOTH) is None


async def test_duels_never_show_a_rated_or_shown_song_again(anna: Presser):
    rated = {track.id for track in await anna.rate(5)}
    shown: list[str] = []
    for _ in range(20):
        duel = await next_duel(anna)
        shown += [duel.first.id, duel.second.id]
    assert len(set(shown)) == 40
    assert not rated & set(shown)


async def test_duels_keep_to_the_genre_asked_for(services: Services, anna: Presser):
    genre = services.songs.genres[-1]
    duel = await next_duel(anna, genre.upper())
    assert duel.first.genre == duel.second.genre == genre
    with pytest.raises(GenreNotFoundError):
        await next_duel(anna, "polka")


async def test_answers_train_a_model_as_ratings_do(anna: Presser):
    for number in range(12):
        duel = await next_duel(anna)
        await answer(anna, duel.shortlist_id, DuelChoice.BOTH if number % 2 else DuelChoice.NEITHER)
    await anna.services.training.idle()
    assert (await anna.services.privacy.show(anna.id)).held["models"] > 0
    later = await next_duel(anna)
    async with anna.services.duels._database.reading() as uow:
        shown = await uow.shortlists.get(later.shortlist_id)
    assert shown is not None
    assert all(entry.p_like is not None for entry in shown.entries)
