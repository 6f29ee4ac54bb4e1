"""Weekly lists composed from what is stored, with a real model in a real worker."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.correction import CorrectionKind
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.track import Track
from musicrec.domain.week import Week, WeekList, WeekSong, WeekState
from musicrec.domain.weekly_plan import SpotifyCopy
from musicrec.services.corrections import CorrectionService
from musicrec.services.learning import SongLearning
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.services.rankings import RankingStore
from musicrec.services.scores import ScoreCache
from musicrec.services.training import TrainingService
from musicrec.services.week_composing import seed_of
from musicrec.services.week_wiring import WeeklyServices, build_weekly
from musicrec.storage import Database, sqlite_url, upgrade
from musicrec.workers import LocalWorkers
from tests.musicrec.services.weekly_town import DAY, MONDAY, WEEK, Clock, MemoryPost, plan

_IDS, _NUMBERS = count(501), count(1)


@dataclass
class Studio:
    """The services over one database and the demo catalogue."""

    database: Database
    catalogue: CurrentCatalogue
    built: WeeklyServices
    clock: Clock
    post: MemoryPost
    corrections: CorrectionService

    async def listener(self, n_labels: int, **fields: Any) -> ListenerId:
        """Make a listener of calm songs, with a plan."""
        listener_id = ListenerId(next(_IDS))
        rows = self.catalogue.now.well_known[:: len(self.catalogue.now.well_known) // 100]
        for track in self.catalogue.now.tracks(rows.tolist())[:n_labels]:
            value = LabelValue.LIKE if track.features["energy"] < 0.7 else LabelValue.DISLIKE
            await self.label(listener_id, track.id, value, MONDAY - 5 * DAY)
        await self.built.weekly.turn_on(plan(listener_id, **fields), at=MONDAY - DAY)
        return listener_id

    async def label(
        self, listener_id: ListenerId, track_id: TrackId, value: LabelValue, at: datetime
    ) -> None:
        async with self.database.writing() as uow:
            await uow.listeners.lock(listener_id, at)
            event = LabelEvent(listener_id, track_id, value, at, LabelSource.BUTTON)
            await uow.labels.append(event)

    async def looked(self, listener_id: ListenerId) -> WeekList:
        return (await self.built.weekly.preview(listener_id, at=MONDAY)).content

    async def learn_like(self, songs: Sequence[WeekSong]) -> set[TrackId]:
        """Learn songs that sound like some, by artists whom nobody knows."""
        catalogue = self.catalogue.now
        alike = [catalogue.require(song.track_id) for song in songs]
        new = [_twin(track, next(_NUMBERS)) for track in alike]
        await SongLearning(self.database, self.catalogue).learn(new, at=MONDAY)
        return {song.track.id for song in new}

    async def delivered(self, listener_id: ListenerId, at: datetime) -> WeekList:
        self.clock.at = at
        await self.built.delivery.tick(at)
        [week, *_] = await self.built.weekly.history(listener_id)
        assert week.content is not None
        return week.content


def _twin(track: Track, n: int) -> LearnedSong:
    names: dict[str, Any] = {"title": f"New Song {n}", "artists": (f"New Artist {n}",)}
    twin = replace(track, id=TrackId(f"isrc:XXA0126{n:05}"), **names)
    return LearnedSong.of_one_source(twin, Origin("ReccoBeats", MONDAY))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Studio]:
    folder = tmp_path_factory.mktemp("data")
    await upgrade(sqlite_url(folder))
    async with AsyncExitStack() as stack:
        catalogue = CurrentCatalogue(folder)
        stack.callback(catalogue.close)
        database = Database.open(sqlite_url(folder))
        stack.push_async_callback(database.close)
        workers, clock, post = LocalWorkers(1), Clock(), MemoryPost()
        stack.push_async_callback(workers.close)
        rankings = RankingStore(folder / "rankings", workers)
        training = TrainingService(
            database, catalogue, workers, ScoreCache(workers), rankings, clock=clock
        )
        stack.push_async_callback(training.close)
        corrections = CorrectionService(database, catalogue)
        built = build_weekly(
            database,
            catalogue,
            workers,
            training,
            rankings,
            places=PlaylistPlaces({}, workers, clock),
            clock=clock,
            corrections=corrections,
        )
        built.delivery.bring_by(post)
        yield Studio(database, catalogue, built, clock, post, corrections)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_listener_with_three_labels_gets_a_starter_week_that_says_so(studio: Studio):
    listener_id = await studio.listener(3)
    content = await studio.delivered(listener_id, MONDAY)
    assert "starter week" in content.note
    assert len(content.songs) == 30
    assert {song.p_like for song in content.songs} == {None}
    assert (content.n_labels, content.model_id, content.receipt) == (3, None, None)
    async with studio.database.reading() as uow:
        assert await uow.guesses.list_all(listener_id) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_a_listener_with_a_model_gets_its_best_songs_and_a_receipt_next_time(studio: Studio):
    listener_id = await studio.listener(40, n_songs=10)
    first = await studio.delivered(listener_id, MONDAY)
    chances = [song.p_like for song in first.songs]
    assert len(chances) == 10
    assert min(chance or 0 for chance in chances) > 0.5
    assert (first.note, first.n_labels, first.receipt) == ("", 40, None)
    assert first.model_id is not None
    for song, value in zip(first.songs, [LabelValue.LIKE, LabelValue.DISLIKE], strict=False):
        await studio.label(listener_id, song.track_id, value, MONDAY + DAY)
    second = await studio.delivered(listener_id, MONDAY + WEEK)
    assert second.receipt is not None
    receipt = second.receipt
    assert (receipt.n_shown, receipt.n_rated, receipt.n_liked) == (10, 2, 1)
    assert receipt.n_new_artists in {0, 1}
    assert not {song.track_id for song in first.songs} & {song.track_id for song in second.songs}
    async with studio.database.reading() as uow:
        guesses = await uow.guesses.list_all(listener_id)
    assert len(guesses) == 20
    assert {guess.model_id for guess in guesses} == {first.model_id}


@pytest.mark.asyncio(loop_scope="module")
async def test_who_likes_the_slow_songs_of_a_list_gets_a_slower_one_that_says_so(studio: Studio):
    listener_id, catalogue = await studio.listener(3), studio.catalogue.now

    def tempo(songs: Sequence[WeekSong]) -> NDArray[np.float64]:
        rows = catalogue.rows_of([song.track_id for song in songs])
        return catalogue.features(rows)["tempo_bpm"].to_numpy(dtype=np.float64)

    first = await studio.delivered(listener_id, MONDAY)
    usual = float(np.median(tempo(first.songs)))
    more = [track.id for track in catalogue.tracks(range(100, 160))]
    for track_id in [*(song.track_id for song in first.songs), *more]:
        features = catalogue.require(track_id).features
        value = LabelValue.LIKE if features["tempo_bpm"] < usual else LabelValue.DISLIKE
        await studio.label(listener_id, track_id, value, MONDAY + DAY)
    second = await studio.delivered(listener_id, MONDAY + WEEK)
    assert second.receipt is not None
    assert "slower" in second.receipt.leans
    assert tempo(second.songs).mean() < tempo(first.songs).mean()


@pytest.mark.asyncio(loop_scope="module")
async def test_a_song_is_not_shown_again_for_26_weeks(studio: Studio):
    listener_id = await studio.listener(3)
    best = (await studio.looked(listener_id)).songs[0].track_id
    for weeks, is_back in ((27, True), (26, False)):
        async with studio.database.writing() as uow:
            shown_at = MONDAY - timedelta(weeks=weeks)
            entries = (ShortlistEntry(1, best, 0.5),)
            await uow.shortlists.add(
                Shortlist(listener_id, ShortlistKind.EXPLORE, shown_at, "v1", 1, entries)
            )
        now = await studio.looked(listener_id)
        assert (best in {song.track_id for song in now.songs}) is is_back


@pytest.mark.asyncio(loop_scope="module")
async def test_corrections_reach_the_list(studio: Studio):
    listener_id = await studio.listener(40)
    before = await studio.looked(listener_id)
    known, never = before.songs[:2]
    for song, kind in (
        (known, CorrectionKind.KNOWN_ALREADY),
        (never, CorrectionKind.NEVER_THIS_ARTIST),
    ):
        await studio.corrections.say(
            listener_id, song.track_id, kind, at=MONDAY, event_key=f"tap:{kind}"
        )
    after = await studio.looked(listener_id)
    assert len(after.songs) == 30
    assert known.track_id not in {song.track_id for song in after.songs}
    assert never.artists[0] not in {artist for song in after.songs for artist in song.artists}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_song_that_was_learned_since_the_catalogue_was_built_may_be_picked(studio: Studio):
    listener_id = await studio.listener(40)
    before = await studio.looked(listener_id)
    new = await studio.learn_like(before.songs)
    after = await studio.looked(listener_id)
    assert {song.track_id for song in after.songs} & new


@pytest.mark.asyncio(loop_scope="module")
async def test_songs_that_a_copy_on_spotify_will_not_have_are_told_where_one_is_wished(
    studio: Studio,
):
    listener_id = await studio.listener(40)
    await studio.learn_like((await studio.looked(listener_id)).songs)
    wished = plan(listener_id, spotify=SpotifyCopy.SAME)
    await studio.built.weekly.turn_on(wished, at=MONDAY - DAY)
    content = await studio.looked(listener_id)
    missing = [song for song in content.songs if song.track_id.startswith("isrc:")]
    assert missing
    assert f"I do not know {len(missing)} of the 30 songs on Spotify" in content.note
    assert f"“{missing[0].title}”" in content.note
    await studio.built.weekly.turn_on(replace(wished, spotify=SpotifyCopy.NONE), at=MONDAY - DAY)
    assert (await studio.looked(listener_id)).note == ""


@pytest.mark.asyncio(loop_scope="module")
async def test_where_too_few_songs_are_left_there_are_fewer_and_a_note(studio: Studio):
    listener_id = await studio.listener(3, n_songs=50)
    songs = studio.catalogue.now
    entries = [
        ShortlistEntry(position, track.id, 0.5)
        for position, track in enumerate(songs.tracks(songs.well_known[20:].tolist()), start=1)
    ]
    async with studio.database.writing() as uow:
        shown = Shortlist(listener_id, ShortlistKind.EXPLORE, MONDAY - DAY, "v1", 1, tuple(entries))
        await uow.shortlists.add(shown)
    content = await studio.delivered(listener_id, MONDAY)
    assert 0 < len(content.songs) <= 20
    assert f"Only {len(content.songs)} songs instead of 50" in content.note


def test_a_seed_belongs_to_a_listener_and_a_date():
    weeks = [
        Week(ListenerId(who), MONDAY.date() + days * DAY, MONDAY, WeekState.DUE)
        for who in (1, 2)
        for days in (0, 7)
    ]
    seeds = [seed_of(week) for week in weeks]
    assert len(set(seeds)) == 4
    assert seeds == [seed_of(week) for week in weeks]
    assert all(0 <= seed < 2**31 for seed in seeds)
