"""What is stored with a weekly list: the songs as a shortlist, and what was guessed about them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from musicrec.domain.guess import GuessPlace, guesses_of
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.week import Week, WeekId, WeekList, WeekState
from musicrec.domain.weekly_plan import WeeklyPlan
from musicrec.services.week_ledger import NOT_THERE
from musicrec.storage import UnitOfWork

MOST_IN_VAIN: Final = 4
"""Lists in a row that cannot be brought before no more are composed."""


def id_of(week: Week) -> WeekId:
    """Return the identity of a week that is stored.

    Raises:
        ValueError: It is not.
    """
    if week.id is None:
        msg = "The week is not stored."
        raise ValueError(msg)
    return week.id


async def store_list(
    uow: UnitOfWork, plan: WeeklyPlan, week: Week, content: WeekList, *, by: str, at: datetime
) -> Week | None:
    """Store a list that was composed, in one transaction with all that goes with it.

    Args:
        uow: The transaction.
        plan: For which it was composed.
        week: Of the ledger.
        content: The list.
        by: Who composed it.
        at: Now.

    Returns:
        The week as it is now; None where somebody else has it, or the listener is not known any
        more: whoever deleted everything meanwhile is not made known again.
    """
    if not await uow.listeners.lock_known(week.listener_id):
        return None
    if not await uow.week_work.is_held(id_of(week), by):
        return None
    shortlist = shortlist_of(week.listener_id, content, at)
    shortlist_id = await uow.shortlists.add(shortlist)
    await uow.week_work.compose(id_of(week), by, content, shortlist_id)
    await uow.guesses.add(*guesses_of(shortlist))
    if content.receipt is not None:
        moved = content.receipt.adventure
        await uow.weekly_plans.set_adventure(week.listener_id, moved, was=plan.adventure)
    return replace(week, state=WeekState.COMPOSED, content=content, shortlist_id=shortlist_id)


async def give_up(uow: UnitOfWork, plan: WeeklyPlan, week: Week, *, by: str) -> None:
    """Skip a week that could not be brought; end the plan where that happens again and again."""
    await uow.week_work.skip(id_of(week), by, week.problem or NOT_THERE)
    await forget_unshown(uow, week.listener_id, filter(None, [week.shortlist_id]))
    last = await uow.weeks.of_listener(week.listener_id, states=WeekState, most=MOST_IN_VAIN)
    in_vain = [one for one in last if one.state is WeekState.SKIPPED and one.problem != NOT_THERE]
    if len(in_vain) == MOST_IN_VAIN:
        trouble = (
            f"{week.problem} That was so for {MOST_IN_VAIN} weekly lists in a row, so I turned them"
            " off; turn them on again to begin anew."
        )
        await uow.weekly_plans.put(replace(plan, is_on=False, trouble=trouble), None)


async def forget_unshown(
    uow: UnitOfWork, listener_id: ListenerId, shortlist_ids: Iterable[ShortlistId]
) -> None:
    """Forget that songs were shown, and guesses told, where the list was never brought."""
    for shortlist_id in shortlist_ids:
        shortlist = await uow.shortlists.get(shortlist_id)
        if shortlist is not None:
            told_at = shortlist.created_at
            await uow.guesses.delete_told(listener_id, GuessPlace.WEEK, told_at)
            await uow.shortlists.delete(shortlist_id)


def shortlist_of(listener_id: ListenerId, content: WeekList, at: datetime) -> Shortlist:
    """Return the songs of a list as a shortlist, which is not stored yet."""
    return Shortlist(
        listener_id=listener_id,
        kind=ShortlistKind.WEEK,
        created_at=at,
        catalogue_version=content.catalogue_version,
        seed=content.seed,
        entries=tuple(
            ShortlistEntry(song.position, song.track_id, song.p_like, song.reason)
            for song in content.songs
        ),
        model_id=content.model_id,
    )
