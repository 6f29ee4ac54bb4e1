"""Exploring and passports on the demo songs, whose countries come from the table of artists."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.catalogue import import_songs
from musicrec.domain.correction import CorrectionKind
from musicrec.domain.errors import (
    GenreNotFoundError,
    NotEnoughLabelsError,
    NothingToRecommendError,
)
from musicrec.domain.guess import GuessPlace
from musicrec.domain.label import LabelValue
from musicrec.domain.place_errors import CountryNotFoundError
from musicrec.domain.places import STAMPED_AT, PlaceKind
from musicrec.domain.shortlist import ShortlistKind
from musicrec.services import Exploration, Services
from tests.musicrec.services.people import Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMES = {"SE": "Schweden"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def carla(services: Services) -> AsyncGenerator[Presser]:
    """Rated 24 songs, none of them by artists from Sweden or Germany."""
    presser = Presser(services, 9_001)
    songs = [song for song in services.songs.suggest("", limit=60) if song.country in {"US", "GB"}]
    for song in songs[:24]:
        calm = song.features["energy"] < 0.7
        await presser.press(song.id, LabelValue.LIKE if calm else LabelValue.DISLIKE)
    yield presser


async def explore(presser: Presser, **wishes: object) -> Exploration:
    return await presser.services.exploring.explore(presser.id, at=presser.now, **wishes)  # pyright: ignore[reportArgumentType] - of any test


async def test_proposed_places_were_hardly_rated(carla: Presser):
    outlook = await carla.services.exploring.propose(carla.id, at=carla.now)
    assert len(outlook.places) == 5
    assert not outlook.is_everywhere
    assert outlook.n_labels == 24
    assert all(each.n_rated < STAMPED_AT for each in outlook.places)
    assert {each.place.name for each in outlook.places}.isdisjoint({"US", "GB"})
    assert all(0 < each.p_like < 1 for each in outlook.places)
    for each in outlook.places:
        at = each.example.country if each.place.kind is PlaceKind.COUNTRY else each.example.genre
        assert at == each.place.name


async def test_a_place_whose_example_is_never_wanted_makes_room_for_the_next_one(
    services: Services, anna: Presser
):
    for song in services.songs.suggest("", limit=24):
        calm = song.features["energy"] < 0.7
        await anna.press(song.id, LabelValue.LIKE if calm else LabelValue.DISLIKE)
    before = await services.exploring.propose(anna.id, at=anna.now)
    never = {place.example.main_artist for place in before.places}
    for number, place in enumerate(before.places):
        await services.corrections.say(
            anna.id,
            place.example.id,
            CorrectionKind.NEVER_THIS_ARTIST,
            at=anna.now,
            event_key=f"tap:{anna.id}:{number}",
        )
    after = await services.exploring.propose(anna.id, at=anna.now)
    assert len(after.places) == len(before.places) == 5
    assert never.isdisjoint(place.example.main_artist for place in after.places)


async def test_adventure_changes_the_order_of_places(carla: Presser):
    propose = carla.services.exploring.propose
    near, far = [
        await propose(carla.id, adventure=adventure, at=carla.now) for adventure in (0.0, 1.0)
    ]
    # What was said about a place counts, too, where anything was.
    expected = [each.p_like for each in near.places if not each.n_rated]
    assert expected == sorted(expected, reverse=True)
    assert near.places != far.places


async def test_songs_come_from_the_place_and_say_why_and_what_is_new(carla: Presser):
    found = await explore(carla, country="de", n=3)
    assert found.only.country == "DE"
    assert found.is_new
    assert len(found.songs) == 3
    for song in found.songs:
        assert song.track.country == "DE"
        assert song.news.country == "DE"
        assert len(song.near) == 2
        assert song.entry.p_like is not None
        assert song.entry.reason
        assert not song.is_country_weak
    liked = {track.id for track in found.songs[0].near}
    async with carla.services.exploring._database.reading() as uow:
        events = {event.track_id: event.value for event in await uow.labels.current(carla.id)}
        newest = (await uow.personal.rows(carla.id))["shortlists"][-1]
        stored = await uow.shortlists.get(newest["id"])
        guesses = await uow.guesses.list_all(carla.id)
    assert {events[track_id] for track_id in liked} == {LabelValue.LIKE}
    assert stored is not None
    assert stored.kind is ShortlistKind.EXPLORE
    assert [entry.track_id for entry in stored.entries] == [song.track.id for song in found.songs]
    assert guesses[-1].place is GuessPlace.EXPLORE


async def test_no_song_is_handed_out_twice_by_anybody(carla: Presser):
    services = carla.services
    seen: set[str] = set()
    for _ in range(3):
        found = await explore(carla, genre="Deep House")
        new = {song.track.id for song in found.songs}
        assert not seen & new
        seen |= new
    found = await services.recommendations.recommend(carla.id, genre="deep-house", at=carla.now)
    assert not seen & {track.id for track in found.tracks}
    seen |= {track.id for track in found.tracks}
    again = await explore(carla, genre="deep-house")
    assert not seen & {song.track.id for song in again.songs}


async def test_a_place_runs_out_of_songs(carla: Presser):
    found = await explore(carla, country="KR", n=10)
    assert {song.track.main_artist for song in found.songs} == {"PSY"}
    with pytest.raises(NothingToRecommendError) as caught:
        await explore(carla, country="KR", n=10)
    assert caught.value.is_narrow


async def test_a_known_place_shows_its_new_corners_first(carla: Presser):
    found = await explore(carla, genre="rock")
    assert found.is_new
    assert all(song.news.country or song.news.genre for song in found.songs)


async def test_a_corner_without_anything_new_says_so(carla: Presser):
    found = await explore(carla, genre="rock", country="US")
    assert not found.is_new


@pytest.mark.parametrize(
    ("wishes", "error"),
    [({"genre": "jazzz"}, GenreNotFoundError), ({"country": "Atlantis"}, CountryNotFoundError)],
)
async def test_unknown_places_are_refused(
    carla: Presser, wishes: dict[str, str], error: type[Exception]
):
    with pytest.raises(error):
        await explore(carla, **wishes)


async def test_with_too_few_ratings_nothing_is_guessed(anna: Presser):
    with pytest.raises(NotEnoughLabelsError):
        await anna.services.exploring.propose(anna.id, at=anna.now)


async def test_a_passport_counts_what_was_rated(anna: Presser):
    empty = await anna.services.passport.show(anna.id, NAMES)
    assert empty.picture is None
    assert empty.passport.entries == ()
    swedish = [song for song in anna.services.songs.suggest("ghost") if song.country == "SE"][:3]
    for song in swedish:
        await anna.press(song.id, LabelValue.DISLIKE)
    view = await anna.services.passport.show(anna.id, NAMES)
    assert [each.place.name for each in view.passport.stamped(PlaceKind.COUNTRY)] == ["SE"]
    assert view.picture is not None
    assert view.picture.png.startswith(b"\x89PNG")
    assert "✓ Schweden: 3" in view.picture.text
    await anna.press(swedish[0].id, LabelValue.DISLIKE)  # the same button again takes it back
    taken_back = await anna.services.passport.show(anna.id, NAMES)
    assert taken_back.passport.stamped(PlaceKind.COUNTRY) == []
    assert taken_back.passport.next is not None
    assert taken_back.passport.next.place.name == "SE"


async def test_a_country_by_its_isrc_is_told_as_weak(tmp_path: Path):
    rows = [
        f"{'SE' if row % 2 else 'US'}ABC25{row:05},Song {row},Band {row},"
        f"{'' if row % 2 else 'US'},{row / 60:.3f}"
        for row in range(60)
    ]
    path = tmp_path / "songs.csv"
    path.write_text("\n".join(["isrc,title,artist,country,energy", *rows]), "utf-8")
    import_songs(tmp_path / "data", [path])
    async with open_services(data_dir=tmp_path / "data", worker_processes=1) as opened:
        dora = Presser(opened, 1)
        american = [song for song in opened.songs.suggest("", limit=60) if song.country == "US"]
        for number, song in enumerate(american[:14]):
            await dora.press(song.id, LabelValue.LIKE if number % 2 else LabelValue.DISLIKE)
        found = await explore(dora, country="SE")
        known = await explore(dora, country="US")
    assert all(song.is_country_weak for song in found.songs)
    assert not any(song.is_country_weak for song in known.songs)
