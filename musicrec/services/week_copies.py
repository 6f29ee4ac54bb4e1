"""Copies weekly lists that were sent to their listener's Spotify account."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.errors import (
    MusicRecError,
    NotInvitedError,
    PlaylistUnusableError,
    SourceClosedError,
    SourceError,
)
from musicrec.domain.playlist import Playlist, PlaylistItem
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.domain.playlist_home import PlaylistHome
from musicrec.domain.week import Week
from musicrec.domain.weekly_plan import SpotifyCopy, WeeklyPlan
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.services.week_ledger import LATEST
from musicrec.services.week_spotify import known_there
from musicrec.storage import Database

TITLE: Final = "Weekly discoveries"

_RETRY: Final = timedelta(hours=1)

_log = logging.getLogger(__name__)


class SpotifyCopies:
    """One playlist that is overwritten, or a new one each week, as the plan wishes."""

    def __init__(
        self, database: Database, catalogue: CurrentCatalogue, places: PlaylistPlaces
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._places = places

    def is_owed(self, plan: WeeklyPlan) -> bool:
        """Tell whether lists of this plan are to be copied."""
        return plan.spotify is not SpotifyCopy.NONE

    async def copy(self, plan: WeeklyPlan, week: Week, at: datetime) -> datetime | None:
        """Copy a list; what goes wrong for good is told as the plan's trouble.

        Making the same copy twice makes one: it may be tried again after a crash.

        Returns:
            When to try again; None where it is done with.
        """
        try:
            await self._copy(plan, week)
        except NotInvitedError as error:
            await self._give_up(plan, error)
        except SourceError as error:
            again = error.until if isinstance(error, SourceClosedError) else at + _RETRY
            if again - week.due_at <= LATEST:
                return max(again, at + timedelta(minutes=1))
            await self._give_up(plan, error)
        except MusicRecError as error:
            await self._give_up(plan, error)
        return None

    async def _copy(self, plan: WeeklyPlan, week: Week) -> None:
        home = self._places.home(plan.listener_id, PlaceKind.SPOTIFY)
        songs = () if week.content is None else week.content.songs
        items = await asyncio.to_thread(known_there, songs, self._catalogue.now)
        if not items:
            msg = "none of its songs is known there."
            raise PlaylistUnusableError(msg)
        if plan.spotify is SpotifyCopy.SAME:
            await self._overwrite(home, plan, items, week)
        else:
            await _make_once(home, f"{TITLE}, {week.local_date}", items)
        self._places.forget(plan.listener_id)

    async def _overwrite(
        self, home: PlaylistHome, plan: WeeklyPlan, items: Sequence[PlaylistItem], week: Week
    ) -> None:
        if plan.spotify_playlist_id:
            try:
                await _bring(home, plan.spotify_playlist_id, items)
            except PlaylistUnusableError as error:  # deleted there: a new one takes its place
                _log.info("A weekly playlist on Spotify is made anew: %s", error)
            else:
                return
        made = await home.create(TITLE, f"Since {week.local_date}: a new list every week.", items)
        async with self._database.writing() as uow:
            await uow.weekly_plans.set_spotify_playlist(plan.listener_id, made.id)

    async def _give_up(self, plan: WeeklyPlan, error: MusicRecError) -> None:
        trouble = f"Your last weekly list was not copied to Spotify: {error}"
        async with self._database.writing() as uow:
            await uow.weekly_plans.set_trouble(plan.listener_id, trouble)


async def _make_once(home: PlaylistHome, title: str, items: Sequence[PlaylistItem]) -> None:
    """Make a list unless an earlier attempt did; then complete that."""
    lists = await home.lists()
    earlier = next((one for one in lists if one.title == title), None)
    if earlier is None:
        await home.create(title, "", items)
    else:
        await _bring(home, earlier.id, items)


async def _bring(home: PlaylistHome, list_id: str, items: Sequence[PlaylistItem]) -> None:
    def wanted(now: Playlist) -> Playlist:
        return now.with_items(items)

    await home.bring(list_id, wanted)
