"""Posts in servers by the clock: each slot exactly once.

The ledger is the truth (``planned_posts``). Whoever works on a line holds a lease, and notes an
attempt before making it: after a crash the channel is looked through before anything is sent
again. The leases are long against what is done under them, and the nonce makes two sendings within
minutes one message.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.card import Card
from musicrec.domain.errors import BadInputError, MusicRecError
from musicrec.domain.ids import TrackId
from musicrec.domain.server_post import (
    DigestTallies,
    PlannedPost,
    PlannedPostId,
    ServerPlan,
    ServerPostKind,
)
from musicrec.domain.server_post_errors import ChannelLostError, PostDelayedError
from musicrec.domain.track import Track
from musicrec.services.digests import tallies_of_week
from musicrec.services.quiet import quiet_until
from musicrec.services.server_slots import last_slot, next_slot
from musicrec.services.song_posts import SongChoice
from musicrec.storage import Database

LATEST: Final = timedelta(hours=12)
"""After its slot, or the quiet hours in which that lies, how long something is still posted:
tomorrow's song is not today's."""

_LEASE: Final = timedelta(minutes=10)
_RETRY: Final = timedelta(minutes=2)
_QUIET_AT_MOST: Final = timedelta(minutes=15)
"""Then it is looked again whether it is still quiet: whoever manages the server may end that."""
_BATCH: Final = 64
_AT_ONCE: Final = 8
_PATIENCE_S: Final = 60
"""For one post, so that a whole batch is done with long before the leases end."""

_log = logging.getLogger(__name__)


class ServerPost(Protocol):
    """Brings posts to servers."""

    async def send_song(self, plan: ServerPlan, post: PlannedPost, track: Track) -> int:
        """Send a card and return its message's id.

        Raises:
            ChannelLostError: The channel is gone or closed.
            PostDelayedError: It failed, and may have arrived all the same.
        """
        ...

    async def send_digest(
        self,
        plan: ServerPlan,
        post: PlannedPost,
        told: DigestTallies,
        tracks: Mapping[TrackId, Track],
    ) -> int:
        """Send a digest and return its message's id; raises as ``send_song``."""
        ...

    async def find(self, plan: ServerPlan, post: PlannedPost) -> int | None:
        """Look for a post among the last messages of its channel; raises as ``send_song``."""
        ...


class ServerPostService:
    """Posts what is due, once somebody knows how (``bring_by``)."""

    def __init__(self, database: Database, catalogue: CurrentCatalogue, songs: SongChoice) -> None:
        self._database = database
        self._catalogue = catalogue
        self._songs = songs
        self._post: ServerPost | None = None
        self._name = secrets.token_hex(8)

    def bring_by(self, post: ServerPost) -> None:
        """Bring posts this way from now on."""
        self._post = post

    async def tick(self, at: datetime) -> int:
        """Post everything that is due and that nobody else works on.

        Args:
            at: Now, aware.

        Returns:
            How many posts were sent.

        Raises:
            StorageError: The database is out of reach or failed.
        """
        if self._post is None:
            return 0
        while await self._enter_due(at) == _BATCH:
            pass
        turn, some = asyncio.Semaphore(_AT_ONCE), await self._open(at)
        work = (self._work_in_turn(post_id, self._post, at, turn) for post_id in some)
        return sum(await asyncio.gather(*work))

    async def _enter_due(self, at: datetime) -> int:
        async with self._database.reading() as uow:
            plans = await uow.server_plans.due(at, most=_BATCH)
        for plan in plans:
            await self._enter(plan, at)
        return len(plans)

    async def _enter(self, plan: ServerPlan, at: datetime) -> None:
        """Enter the last slot that has come; earlier ones that were missed are gone."""
        async with self._database.writing() as uow:
            try:
                slot, following = last_slot(plan, at), next_slot(plan, at)
            except BadInputError as error:  # the zone is not known any more
                await uow.server_plans.turn_off(plan, str(error))
                return
            is_current = await uow.server_plans.move(plan, following.due_at)
            if is_current and slot.due_at > plan.since and at - slot.due_at <= LATEST:
                await uow.planned_posts.enter(
                    PlannedPost(plan.guild_id, plan.kind, slot.local_date, slot.due_at)
                )

    async def _open(self, at: datetime) -> list[PlannedPostId]:
        async with self._database.reading() as uow:
            return await uow.planned_posts.open(at, most=_BATCH)

    async def _work_in_turn(
        self, post_id: PlannedPostId, post: ServerPost, at: datetime, turn: asyncio.Semaphore
    ) -> bool:
        """Take a post up and bring it; its failure is its own."""
        async with turn:
            async with self._database.writing() as uow:
                if not await uow.planned_posts.take(post_id, self._name, at=at, until=at + _LEASE):
                    return False
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    return await self._bring(post_id, post, at)
            except (MusicRecError, TimeoutError) as error:
                _log.warning("Post %s is put off: %s", post_id, error or "it took too long")
            except Exception:  # noqa: BLE001 - one server's bug must not end all posts
                _log.exception("Post %s failed, and will be tried again", post_id)
            await self._put_off(post_id, at + _RETRY)
            return False

    async def _bring(self, post_id: PlannedPostId, post: ServerPost, at: datetime) -> bool:
        async with self._database.reading() as uow:
            line = await uow.planned_posts.get(post_id)
            plan = await uow.server_plans.get(line.guild_id, line.kind) if line else None
            hours = await uow.quiet_hours.of_server(line.guild_id) if line else None
        if line is None:
            return False
        if (quiet := quiet_until(hours, at)) is not None:
            await self._put_off(post_id, min(quiet, at + _QUIET_AT_MOST))
            return False
        wanted_at = quiet_until(hours, line.due_at) or line.due_at
        if plan is None or not plan.is_on or at - wanted_at > LATEST:
            await self._skip(post_id)
            return False
        try:
            return await self._sent(plan, line, post, at)
        except ChannelLostError as error:
            async with self._database.writing() as uow:
                await uow.server_plans.turn_off(plan, str(error))
                await uow.planned_posts.skip(post_id, self._name)
            return False

    async def _sent(
        self, plan: ServerPlan, line: PlannedPost, post: ServerPost, at: datetime
    ) -> bool:
        """Send a post unless an earlier attempt did; False where there is nothing to say."""
        message_id = await post.find(plan, line) if line.attempts else None
        if message_id is not None:
            await self._store(plan, line, message_id, line.track_id, at)
            return True
        if plan.kind is ServerPostKind.SONG:
            return await self._send_song(plan, line, post, at)
        return await self._send_digest(plan, line, post, at)

    async def _send_song(
        self, plan: ServerPlan, line: PlannedPost, post: ServerPost, at: datetime
    ) -> bool:
        track = self._songs.known(line) or await self._chosen(line)
        if track is None or not await self._begin(line, at):
            return False
        message_id = await post.send_song(plan, line, track)
        await self._store(plan, line, message_id, track.id, at)
        return True

    async def _send_digest(
        self, plan: ServerPlan, line: PlannedPost, post: ServerPost, at: datetime
    ) -> bool:
        async with self._database.reading() as uow:
            told = await tallies_of_week(uow, plan.guild_id, line.due_at)
        if not told.liked and told.divisive is None:
            await self._skip(_id(line))
            return False
        if not await self._begin(line, at):
            return False
        message_id = await post.send_digest(plan, line, told, self._tracks(told))
        await self._store(plan, line, message_id, None, at)
        return True

    async def _chosen(self, line: PlannedPost) -> Track | None:
        track = await self._songs.choose(line)
        if track is None:
            await self._skip(_id(line))
            return None
        async with self._database.writing() as uow:
            is_held = await uow.planned_posts.choose(_id(line), self._name, track.id)
        return track if is_held else None

    def _tracks(self, told: DigestTallies) -> dict[TrackId, Track]:
        named = [*told.liked, *([told.divisive] if told.divisive else [])]
        found = ((one.track_id, self._catalogue.now.get(one.track_id)) for one in named)
        return {track_id: track for track_id, track in found if track is not None}

    async def _begin(self, line: PlannedPost, at: datetime) -> bool:
        async with self._database.writing() as uow:
            return await uow.planned_posts.begin(_id(line), self._name, until=at + _LEASE)

    async def _put_off(self, post_id: PlannedPostId, until: datetime) -> None:
        async with self._database.writing() as uow:
            await uow.planned_posts.put_off(post_id, self._name, until=until)

    async def _skip(self, post_id: PlannedPostId) -> None:
        async with self._database.writing() as uow:
            await uow.planned_posts.skip(post_id, self._name)

    async def _store(
        self,
        plan: ServerPlan,
        line: PlannedPost,
        message_id: int,
        track_id: TrackId | None,
        at: datetime,
    ) -> None:
        async with self._database.writing() as uow:
            await uow.planned_posts.sent(_id(line), plan.channel_id, message_id)
            if track_id is not None:
                card = Card(message_id, plan.channel_id, track_id, at, plan.guild_id)
                await uow.cards.put(card)


def post_nonce(post_id: PlannedPostId) -> str:
    """Name a post, so that Discord makes two sendings within minutes one message."""
    return f"server-post-{post_id}"[:25]


def _id(line: PlannedPost) -> PlannedPostId:
    if line.id is None:
        msg = "This post is not in the ledger."
        raise PostDelayedError(msg)
    return line.id
