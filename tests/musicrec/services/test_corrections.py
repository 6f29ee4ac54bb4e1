"""Corrections from the tap to the next ranking, over the demo catalogue."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import pytest_asyncio

from musicrec.discovery import NO_CORRECTIONS, Corrections
from musicrec.domain.correction import Correction, CorrectionKind
from musicrec.domain.errors import TrackNotFoundError
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.track import Track
from musicrec.services import Said, SaidChange, Services
from musicrec.services.rankings import Ranked
from musicrec.services.recommendations import shortlisted
from tests.musicrec.services.people import NOON, Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")

FAST, NEVER = CorrectionKind.TOO_FAST, CorrectionKind.NEVER_THIS_ARTIST
KNOWN, MORE = CorrectionKind.KNOWN_ALREADY, CorrectionKind.MORE_LIKE_THIS
NOT_GENRE = CorrectionKind.NOT_THIS_GENRE


async def say(
    who: Presser, song: TrackId, kind: CorrectionKind = FAST, key: str = "interaction:1"
) -> Said:
    return await who.services.corrections.say(who.id, song, kind, at=NOON, event_key=key)


@pytest.fixture
def song(services: Services) -> Track:
    return services.songs.suggest("")[0]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def rater(services: Services) -> Presser:
    """Somebody with forty ratings, a model, and nothing corrected at the start of each test."""
    anna = Presser(services, 90_001)
    await anna.rate(40)
    await services.training.idle()
    return anna


@pytest_asyncio.fixture(loop_scope="module")
async def fan(rater: Presser) -> Presser:
    corrections = rater.services.corrections
    for one in await corrections.standing(rater.id):
        assert one.correction.id
        await corrections.take_back(rater.id, one.correction.id, at=NOON)
    return rater


async def test_a_tap_keeps_the_songs_values_and_says_what_it_moves(anna: Presser, song: Track):
    said = await say(anna, song.id)
    assert said.change is SaidChange.NEW
    assert said.points_before == 0
    assert -12.5 < said.points < -10
    kept = said.correction
    assert (kept.title, kept.artist, kept.genre) == (song.title, song.main_artist, song.genre)
    assert kept.features == song.features
    (standing,) = await anna.services.corrections.standing(anna.id)
    assert standing.correction == kept
    assert standing.points == said.points


async def test_a_tap_counts_once_however_often_it_arrives(anna: Presser, song: Track):
    taps = await asyncio.gather(*(say(anna, song.id, key=f"interaction:{n}") for n in range(8)))
    assert sorted(said.change for said in taps) == [SaidChange.NEW] + [SaidChange.REPEATED] * 7
    assert len({said.correction.id for said in taps}) == 1
    first = next(said for said in taps if said.change is SaidChange.NEW).correction
    taken = await anna.services.corrections.take_back_said(anna.id, first.event_key, at=NOON)
    assert [one.id for one in taken] == [first.id]
    late = await say(anna, song.id, key=first.event_key)
    assert late.change is SaidChange.REPEATED
    assert await anna.services.corrections.standing(anna.id) == []


async def test_taking_back_is_for_whoever_said_it_and_makes_nobody_known(
    anna: Presser, ben: Presser, song: Track
):
    corrections = anna.services.corrections
    said = (await say(anna, song.id)).correction
    assert said.id
    assert await corrections.take_back(ben.id, said.id, at=NOON) is None
    assert await corrections.take_back_said(ben.id, "interaction:1", at=NOON) == []
    assert (await anna.services.privacy.show(ben.id)).since is None
    assert await corrections.take_back(anna.id, said.id, at=NOON) == replace(
        said, taken_back_at=NOON
    )


async def test_a_song_that_has_left_cannot_be_corrected(anna: Presser):
    with pytest.raises(TrackNotFoundError):
        await say(anna, TrackId("song:gone"))


async def test_a_genre_that_is_liked_loses_less(anna: Presser, ben: Presser, services: Services):
    songs = services.songs._catalogue.now
    genre = songs.genres[0]
    rows = np.flatnonzero(songs.features(range(len(songs)), ("genre",))["genre"] == genre)[:6]
    tracks = songs.tracks(rows)
    for track in tracks[1:]:
        await ben.press(track.id, LabelValue.LIKE)
    plain, liked = [await say(who, tracks[0].id, NOT_GENRE) for who in (anna, ben)]
    assert (plain.n_likes, liked.n_likes) == (0, 5)
    assert plain.points < 1.8 * liked.points < 0


async def test_chances_told_are_the_corrected_ones_everywhere_and_kept_as_guesses(
    fan: Presser,
):
    services = fan.services
    first = await services.recommendations.recommend(fan.id, n=3, at=NOON)
    song = first.tracks[0]
    before = await services.predictions.predict(fan.id, song.id, at=NOON)
    await say(fan, song.id, FAST, key="interaction:told")
    after = await services.predictions.predict(fan.id, song.id, at=NOON + timedelta(minutes=1))
    assert after.p_like < before.p_like - 0.005
    assert "too fast, as you said" in [one.words for one in after.explanation.reasons.against]
    later = await services.recommendations.recommend(fan.id, n=9, at=NOON)
    assert later.asked == ("fewer fast songs",)
    chances = [entry.p_like for entry in later.shortlist.entries]
    assert chances == sorted(chances, key=lambda p: -(p or 0))
    for track, chance in zip(later.tracks, chances, strict=True):
        alone = await services.predictions.predict(fan.id, track.id, at=NOON)
        assert alone.p_like == pytest.approx(chance, abs=1e-3)
    assert [said.p_like for said in later.explanations] == chances
    async with services.corrections._database.reading() as uow:
        guesses = await uow.guesses.list_all(fan.id)
    told = {guess.track_id: guess.p_like for guess in guesses}
    assert told[song.id] == after.p_like


async def test_a_song_that_is_known_is_recommended_nowhere_and_is_no_dislike(fan: Presser):
    services = fan.services
    first = await services.recommendations.recommend(fan.id, n=1, at=NOON)
    await services.corrections.say(fan.id, first.tracks[0].id, KNOWN, at=NOON, event_key="k")
    corrections = await services.corrections.of(fan.id)
    assert corrections.known == {first.tracks[0].id}
    assert corrections.taps == {}
    made = await services.making.make(fan.id, "calm", wanted={"energy": 0.2}, n=20)
    assert first.tracks[0].id not in [entry.track_id for entry in made.shortlist.entries]


async def test_an_artist_is_never_recommended_asked_about_or_put_in_a_playlist(fan: Presser):
    services = fan.services
    genre = services.songs.genres[0]
    recommended = services.recommendations
    gone: set[str] = set()
    for number in range(6):
        found = await recommended.recommend(fan.id, n=2, genre=genre, at=NOON)
        # Of one list, two songs may have a guest in common whom nobody minded before.
        assert all(gone.isdisjoint(track.artists) for track in found.tracks)
        for track in found.tracks:
            gone.add(track.main_artist)
            await say(fan, track.id, NEVER, key=f"interaction:never:{number}")
    made = await services.making.make(fan.id, "calm", wanted={"energy": 0.4}, n=40)
    shown = [services.songs._catalogue.now.require(one.track_id) for one in made.shortlist.entries]
    assert all(gone.isdisjoint(track.artists) for track in shown)


async def test_nobody_is_asked_about_an_artist_whom_they_never_want(
    anna: Presser, services: Services
):
    first = (await services.rating.next_song(anna.id, at=NOON)).track
    await say(anna, first.id, NEVER)
    blocks = (await services.corrections.of(anna.id)).blocks
    for _ in range(12):
        asked = await services.rating.next_song(anna.id, at=NOON)
        assert not blocks(asked.track.artists)
        duel = await services.rating.next_duel(anna.id, at=NOON)
        assert not blocks([*duel.first.artists, *duel.second.artists])


async def test_a_guest_beyond_the_second_is_found_in_the_text(services: Services, song: Track):
    catalogue = services.songs._catalogue.now
    tracks = catalogue.tracks(range(len(catalogue)))
    row = next(row for row, track in enumerate(tracks) if len(track.artists) > 2)
    guest = replace(song, artists=(tracks[row].artists[2].upper(),))
    never = Correction(ListenerId(1), song.id, NEVER, NOON, artist=guest.main_artist)
    rows = np.array([row, *(other for other in range(20) if other != row)], dtype=np.intp)
    ranked = Ranked(rows, np.linspace(0.9, 0.1, len(rows)).astype(np.float32), is_complete=True)
    picked = shortlisted(catalogue, ranked, NO_CORRECTIONS, n=3, seed=0)
    assert picked[0] == 0
    left = shortlisted(catalogue, ranked, Corrections((never,)), n=3, seed=0)
    assert len(left) == 3
    assert 0 not in left


async def test_more_like_this_brings_alike_songs_up(fan: Presser):
    services = fan.services
    found = await services.recommendations.recommend(fan.id, n=5, at=NOON)
    await services.corrections.say(
        fan.id, found.tracks[-1].id, MORE, at=NOON, event_key="interaction:more"
    )
    later = await services.recommendations.recommend(fan.id, n=9, at=NOON)
    words = [reason.words for said in later.explanations for reason in said.reasons.for_]
    assert f"like “{found.tracks[-1].title}”, as you asked" in words


async def test_acceptance_counts_what_was_recommended_and_not_what_was_asked(anna: Presser):
    services = anna.services
    await anna.rate(20)
    assert (await services.scoreboard.accepted(anna.id, at=NOON)).n_shown == 0
    found = await services.recommendations.recommend(anna.id, n=4, at=NOON)
    await anna.press(found.tracks[0].id, LabelValue.LIKE)
    accepted = await services.scoreboard.accepted(anna.id, at=NOON + timedelta(days=89))
    assert (accepted.n_shown, accepted.n_rated, accepted.n_liked) == (4, 1, 1)
    assert (await services.scoreboard.accepted(anna.id, at=NOON + timedelta(days=91))).n_shown == 0
