"""Posts in servers by the clock: each once, whatever crashes; real services on both databases."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import pytest_asyncio
from sqlalchemy import delete

from bot.container import open_services
from musicrec.domain.errors import BadInputError
from musicrec.domain.ids import TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.quiet import QuietHours
from musicrec.domain.server_post import (
    Cadence,
    DigestTallies,
    PlannedPost,
    PlannedPostId,
    ServerPlan,
    ServerPostKind,
)
from musicrec.domain.server_post_errors import ChannelLostError, PostDelayedError
from musicrec.domain.track import Track
from musicrec.services import Services
from musicrec.services.server_posts import ServerPostService, post_nonce
from musicrec.storage.social_tables import PlannedPostRow
from tests.musicrec.services.people import Presser
from tests.postgres import PostgresServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

_GUILDS = count(2**58)
_MESSAGES = count(10**17)
_IDS = count(880_001)

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SIX = MONDAY + 18 * HOUR


@dataclass
class Board:
    """A channel, as Discord would be: what was sent stays, whatever became of the sender."""

    messages: list[tuple[PlannedPost, object, int]] = field(default_factory=list)
    before: list[BaseException | asyncio.Event] = field(default_factory=list)
    after: list[BaseException | asyncio.Event] = field(default_factory=list)

    async def send_song(
        self,
        plan: ServerPlan,  # noqa: ARG002 - as ServerPost has it
        post: PlannedPost,
        track: Track,
    ) -> int:
        return await self._send(post, track)

    async def send_digest(
        self,
        plan: ServerPlan,  # noqa: ARG002 - as ServerPost has it
        post: PlannedPost,
        told: DigestTallies,
        tracks: Mapping[TrackId, Track],
    ) -> int:
        assert {one.track_id for one in told.liked} <= set(tracks)
        return await self._send(post, told)

    async def find(
        self,
        plan: ServerPlan,  # noqa: ARG002 - as ServerPost has it
        post: PlannedPost,
    ) -> int | None:
        return next((number for one, _, number in self.messages if one.id == post.id), None)

    async def _send(self, post: PlannedPost, said: object) -> int:
        await self._fate(self.before)
        self.messages.append((post, said, next(_MESSAGES)))
        await self._fate(self.after)
        return self.messages[-1][2]

    @staticmethod
    async def _fate(fates: list[BaseException | asyncio.Event]) -> None:
        fate = fates.pop(0) if fates else None
        if isinstance(fate, asyncio.Event):
            fate.set()
            await asyncio.Event().wait()
        elif fate is not None:
            raise fate

    @property
    def songs(self) -> list[Track]:
        return [said for _, said, _ in self.messages if isinstance(said, Track)]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def postgres(request: pytest.FixtureRequest) -> PostgresServer | None:
    """The PostgreSQL server, or None where the tests run on SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_server")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def all_services(
    postgres: PostgresServer | None, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Services]:
    url = None if postgres is None else await postgres.new_database()
    folder = tmp_path_factory.mktemp("data")
    async with open_services(data_dir=folder, database_url=url, worker_processes=1) as opened:
        yield opened


@dataclass
class Server:
    """A server with a channel, and the processes that post in it."""

    services: Services
    board: Board
    id: int = field(default_factory=lambda: next(_GUILDS))

    async def plan(
        self,
        kind: ServerPostKind = ServerPostKind.SONG,
        cadence: Cadence = Cadence.DAILY,
        *,
        at: datetime = MONDAY,
        hour: int = 18,
        zone: str = "UTC",
    ) -> datetime:
        plan = ServerPlan(self.id, kind, 5, cadence, 0, hour * 60, zone, at)
        return (await self.services.social.server_plans.begin(plan)).first_at

    def process(self) -> ServerPostService:
        own = self.services.social.server_posts
        process = ServerPostService(own._database, own._catalogue, own._songs)
        process.bring_by(self.board)
        return process

    async def card(self, track_id: TrackId) -> int:
        message_id = next(_MESSAGES)
        await self.services.cards.record(message_id, 5, track_id, guild_id=self.id, at=MONDAY)
        return message_id

    async def say(self, person: Presser, card: int, track_id: TrackId, value: LabelValue) -> None:
        await self.services.labels.press(
            person.id,
            track_id,
            value,
            at=MONDAY + HOUR,
            event_key=f"server:{person.id}:{card}",
            card_message_id=card,
        )


@pytest_asyncio.fixture(loop_scope="module")
async def server(all_services: Services) -> AsyncGenerator[Server]:
    found = Server(all_services, Board())
    yield found
    await all_services.privacy.forget_server(found.id)


async def test_a_song_is_posted_when_its_slot_has_come_and_is_a_card_from_then_on(server: Server):
    assert await server.plan() == SIX
    process = server.process()
    assert await process.tick(SIX - MINUTE) == 0
    assert await process.tick(SIX) == 1
    assert await process.tick(SIX + MINUTE) == 0
    ((_, track, message_id),) = server.board.messages
    assert isinstance(track, Track)
    listener = Presser(server.services, next(_IDS))
    outcome = await server.services.labels.react(
        listener.id, message_id, LabelValue.LIKE, added=True, at=SIX
    )
    assert outcome is not None
    assert outcome.track.id == track.id


async def test_two_processes_at_once_post_it_once(server: Server):
    await server.plan()
    processes = [server.process() for _ in range(4)]
    assert sum(await asyncio.gather(*(one.tick(SIX) for one in processes))) == 1
    assert len(server.board.messages) == 1


async def test_no_song_comes_twice_nor_one_that_was_posted_by_hand(server: Server):
    catalogue = server.services.songs._catalogue.now
    popular = [track.id for track in catalogue.tracks(range(12))]
    for track_id in popular:
        await server.card(track_id)
    await server.plan()
    process = server.process()
    for day in range(8):
        assert await process.tick(SIX + day * DAY) == 1
    posted = [track.id for track in server.board.songs]
    assert len(set(posted)) == 8
    assert not set(posted) & set(popular)
    assert len({track.genre for track in server.board.songs}) >= 4
    well_known = {track.id for track in catalogue.tracks(catalogue.well_known)}
    assert set(posted) <= well_known


async def test_a_crash_before_the_message_loses_nothing(server: Server):
    await server.plan()
    reached = asyncio.Event()
    server.board.before = [reached]
    dying = asyncio.create_task(server.process().tick(SIX))
    await reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert server.board.messages == []
    heir = server.process()
    assert await heir.tick(SIX + MINUTE) == 0
    assert await heir.tick(SIX + 11 * MINUTE) == 1
    assert len(server.board.messages) == 1


async def test_a_crash_after_the_message_repeats_nothing(server: Server):
    await server.plan()
    reached = asyncio.Event()
    server.board.after = [reached]
    dying = asyncio.create_task(server.process().tick(SIX))
    await reached.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    heir = server.process()
    assert await heir.tick(SIX + 11 * MINUTE) == 1
    assert await heir.tick(SIX + 30 * MINUTE) == 0
    ((_, track, message_id),) = server.board.messages
    assert isinstance(track, Track)
    async with heir._database.reading() as uow:
        card = await uow.cards.by_message(message_id)
    assert card is not None
    assert (card.track_id, card.guild_id) == (track.id, server.id)


@pytest.mark.parametrize("arrived", [True, False])
async def test_what_discord_refuses_is_tried_again_and_arrives_once(server: Server, arrived: bool):
    await server.plan()
    fates = server.board.after if arrived else server.board.before
    fates.append(PostDelayedError("Discord did not answer."))
    process = server.process()
    assert await process.tick(SIX) == 0
    assert await process.tick(SIX + MINUTE) == 0
    assert await process.tick(SIX + 3 * MINUTE) == 1
    assert len(server.board.messages) == 1


async def test_a_lost_channel_turns_it_off_with_a_sentence_until_it_is_chosen_anew(server: Server):
    await server.plan()
    server.board.before = [ChannelLostError("the channel was deleted.")]
    process = server.process()
    assert await process.tick(SIX) == 0
    (plan,) = await server.services.social.server_plans.of_server(server.id)
    assert (plan.is_on, plan.trouble) == (False, "the channel was deleted.")
    assert await process.tick(SIX + DAY) == 0
    first_at = await server.plan(at=SIX + DAY + HOUR, hour=20)
    assert first_at == SIX + DAY + 2 * HOUR
    assert await process.tick(first_at) == 1
    assert len(server.board.messages) == 1


async def test_after_a_long_pause_only_what_is_still_of_today_is_posted(server: Server):
    await server.plan()
    process = server.process()
    assert await process.tick(SIX + 5 * DAY + 13 * HOUR) == 0
    assert await process.tick(SIX + 8 * DAY + 11 * HOUR) == 1
    assert len(server.board.messages) == 1


async def test_a_slot_that_was_entered_is_dropped_when_it_is_too_late(server: Server):
    await server.plan()
    server.board.before = [PostDelayedError("down")]
    process = server.process()
    assert await process.tick(SIX) == 0
    assert await process.tick(SIX + 13 * HOUR) == 0
    assert server.board.messages == []
    assert await process.tick(SIX + DAY) == 1


async def test_moving_a_plan_does_not_post_twice_on_one_day(server: Server):
    await server.plan()
    process = server.process()
    assert await process.tick(SIX) == 1
    moved = await server.plan(at=SIX + HOUR, hour=20)
    assert moved == SIX + DAY + 2 * HOUR
    assert await process.tick(SIX + 3 * HOUR) == 0
    assert await process.tick(moved) == 1


async def test_what_is_ended_is_not_posted_any_more(server: Server):
    await server.plan()
    plans = server.services.social.server_plans
    assert await plans.end(server.id, ServerPostKind.SONG)
    assert not await plans.end(server.id, ServerPostKind.SONG)
    assert await server.process().tick(SIX) == 0


async def test_an_unknown_zone_is_refused(server: Server):
    with pytest.raises(BadInputError, match="no time zone"):
        await server.plan(zone="Mars/Olympus")


async def test_nothing_is_posted_before_somebody_knows_how(server: Server):
    await server.plan()
    own = server.services.social.server_posts
    assert await ServerPostService(own._database, own._catalogue, own._songs).tick(SIX) == 0


async def test_a_digest_tells_the_week_and_names_the_first_liker_only_with_their_consent(
    server: Server,
):
    people = [Presser(server.services, next(_IDS)) for _ in range(4)]
    track = server.services.songs._catalogue.now.track(3)
    card = await server.card(track.id)
    for person in people[:3]:
        await server.say(person, card, track.id, LabelValue.LIKE)
    private = server.services.songs._catalogue.now.track(4)
    for person in people:
        await person.press(private.id, LabelValue.LIKE)
    await server.plan(ServerPostKind.DIGEST, Cadence.WEEKLY, at=MONDAY, hour=18)
    assert await server.process().tick(SIX) == 1
    ((_, told, _),) = server.board.messages
    assert isinstance(told, DigestTallies)
    assert [one.track_id for one in told.liked] == [track.id]
    assert (told.n_people, told.n_verdicts, told.first_liker) == (3, 3, None)
    await server.services.social.comparing.allow(people[0].id, server.id, at=MONDAY)
    async with server.services.social.server_plans._database.writing() as uow:
        sent = delete(PlannedPostRow).where(PlannedPostRow.guild_id == server.id)
        await uow.planned_posts._session.execute(sent)
    await server.plan(ServerPostKind.DIGEST, Cadence.WEEKLY, at=MONDAY, hour=19)
    assert await server.process().tick(SIX + HOUR) == 1
    told = server.board.messages[-1][1]
    assert isinstance(told, DigestTallies)
    assert told.first_liker == people[0].id


async def test_a_week_in_which_nothing_may_be_told_has_no_digest(server: Server):
    track = server.services.songs._catalogue.now.track(3)
    card = await server.card(track.id)
    for _ in range(2):
        await server.say(Presser(server.services, next(_IDS)), card, track.id, LabelValue.LIKE)
    await server.plan(ServerPostKind.DIGEST, Cadence.WEEKLY)
    assert await server.process().tick(SIX) == 0
    assert await server.process().tick(SIX + HOUR) == 0
    assert server.board.messages == []


async def test_a_nonce_is_a_posts_own_and_fits():
    nonces = {post_nonce(PlannedPostId(n)) for n in (1, 2, 10**9)}
    assert len(nonces) == 3
    assert all(len(one) <= 25 for one in nonces)


async def test_what_is_due_in_quiet_hours_is_posted_once_after_them(server: Server):
    await server.plan()
    quiet = server.services.quiet
    await quiet.keep_for_server(server.id, QuietHours(18 * 60, 6 * 60, "UTC"))
    process = server.process()
    for hours in (0, 1, 6, 11):
        assert await process.tick(SIX + hours * HOUR) == 0
    assert await process.tick(SIX + 12 * HOUR) == 1
    assert await process.tick(SIX + 13 * HOUR) == 0
    ((post, _, _),) = server.board.messages
    assert post.local_date == SIX.date()


async def test_a_server_whose_quiet_hours_end_early_waits_some_minutes_at_most(server: Server):
    await server.plan()
    await server.services.quiet.keep_for_server(server.id, QuietHours(18 * 60, 6 * 60, "UTC"))
    process = server.process()
    assert await process.tick(SIX) == 0
    assert await server.services.quiet.end_for_server(server.id)
    assert await process.tick(SIX + 15 * MINUTE) == 1


async def test_a_server_that_was_left_has_no_quiet_hours(server: Server):
    await server.services.quiet.keep_for_server(server.id, QuietHours(0, 60, "UTC"))
    await server.services.privacy.forget_server(server.id)
    assert await server.services.quiet.of_server(server.id) is None
