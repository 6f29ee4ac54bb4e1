"""Leaning on others of the same server who opted in: real models, a real database, real workers."""

import io
import json
import zipfile
from collections.abc import AsyncGenerator
from itertools import count

import numpy as np
import pytest
import pytest_asyncio

from musicrec.domain.errors import NotEnoughLabelsError
from musicrec.domain.label import LabelValue
from musicrec.services import Services
from musicrec.taste.borrow import LET_GO
from tests.musicrec.services.people import NOON, Presser

_GUILDS = count(2**60)
_IDS = count(9001)


class Server:
    """A Discord server with listeners who like the calm songs."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.id = next(_GUILDS)

    async def share(self, *people: Presser) -> None:
        for person in people:
            await self.services.sharing.share(person.id, self.id, at=NOON)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def calm(services: Services) -> AsyncGenerator[list[Presser]]:
    """Three listeners with models who like calm songs; they share where a test says so."""
    people = [Presser(services, next(_IDS)) for _ in range(3)]
    for person in people:
        await person.rate(30)
        await services.training.ensure_model(person.id, at=NOON)
    await services.training.idle()
    yield people


@pytest.fixture
def server(services: Services) -> Server:
    return Server(services)


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_without_ratings_songs_are_recommended_from_what_others_like(
    services: Services, server: Server, calm: list[Presser], anna: Presser
):
    await server.share(*calm)
    found = await services.recommendations.recommend(anna.id, n=5, guild_id=server.id, at=NOON)
    assert found.leaning is not None
    assert (found.leaning.n_labels, found.leaning.n_people) == (0, 3)
    assert found.leaning.own_weight == 0
    assert found.leaning.labels_to_go == LET_GO
    assert found.accuracy is None
    assert np.mean([track.features["energy"] < 0.7 for track in found.tracks]) >= 0.6


async def test_nobody_is_leant_on_without_their_consent_or_elsewhere(
    services: Services, server: Server, calm: list[Presser], anna: Presser
):
    elsewhere = Server(services)
    await elsewhere.share(*calm)
    for guild_id in (None, server.id):
        with pytest.raises(NotEnoughLabelsError):
            await services.recommendations.recommend(anna.id, guild_id=guild_id, at=NOON)


async def test_one_person_alone_is_never_leant_on(
    services: Services, server: Server, calm: list[Presser], anna: Presser, ben: Presser
):
    await server.share(calm[0], ben)
    with pytest.raises(NotEnoughLabelsError):
        await services.recommendations.recommend(anna.id, guild_id=server.id, at=NOON)
    await server.share(anna)
    with pytest.raises(NotEnoughLabelsError):
        await services.recommendations.recommend(anna.id, guild_id=server.id, at=NOON)


async def test_opting_out_acts_at_once(
    services: Services, server: Server, calm: list[Presser], anna: Presser
):
    track = services.songs.suggest("")[0]
    await server.share(*calm)
    by_three = await services.predictions.predict(anna.id, track.id, guild_id=server.id, at=NOON)
    assert await services.sharing.stop(calm[0].id, server.id)
    by_two = await services.predictions.predict(anna.id, track.id, guild_id=server.id, at=NOON)
    assert by_three.leaning is not None
    assert by_two.leaning is not None
    assert (by_three.leaning.n_people, by_two.leaning.n_people) == (3, 2)
    assert by_three.p_like != by_two.p_like
    await services.sharing.stop(calm[1].id, server.id)
    with pytest.raises(NotEnoughLabelsError):
        await services.predictions.predict(anna.id, track.id, guild_id=server.id, at=NOON)


async def test_whoever_deletes_everything_or_has_nothing_left_is_out_at_once(
    services: Services, server: Server, calm: list[Presser], anna: Presser, ben: Presser
):
    await ben.rate(14)
    await services.training.ensure_model(ben.id, at=NOON)
    await services.training.idle()
    await server.share(calm[0], ben)
    song = await services.rating.next_song(anna.id, guild_id=server.id, at=NOON)
    assert song.leaning is not None
    assert song.p_like is not None
    await services.privacy.delete(ben.id)
    song = await services.rating.next_song(anna.id, guild_id=server.id, at=NOON)
    assert song.leaning is None
    assert song.p_like is None


async def test_the_first_questions_stay_well_known_songs_of_all_genres(
    services: Services, server: Server, calm: list[Presser], anna: Presser
):
    await server.share(*calm)
    shown = [
        (await services.rating.next_song(anna.id, guild_id=server.id, at=NOON)).track
        for _ in range(6)
    ]
    assert {track.genre for track in shown} == set(services.songs.genres)
    assert min(track.features["popularity"] for track in shown) >= 40


async def test_own_ratings_count_more_and_more_until_they_speak_alone(
    services: Services, server: Server, calm: list[Presser], anna: Presser
):
    await server.share(*calm)
    weights: list[float] = []
    for n in (5, 40, LET_GO - 46):
        await anna.rate(n)
        found = await services.recommendations.recommend(anna.id, n=3, guild_id=server.id, at=NOON)
        assert found.leaning is not None
        weights.append(found.leaning.own_weight)
    await anna.rate(1)
    alone = await services.recommendations.recommend(anna.id, n=3, guild_id=server.id, at=NOON)
    assert 0 < weights[0] < weights[1] < weights[2]
    assert alone.leaning is None
    assert alone.n_labels > 0


async def test_a_guess_that_leant_is_kept_like_any_other(
    services: Services, server: Server, calm: list[Presser], anna: Presser
):
    await server.share(*calm)
    song = await services.rating.next_song(anna.id, guild_id=server.id, at=NOON)
    outcome = await anna.press(song.track.id, LabelValue.LIKE)
    assert outcome.told == pytest.approx(song.p_like)


async def test_the_invitation_to_share_is_made_once_and_not_to_those_who_do(
    services: Services, server: Server, calm: list[Presser], anna: Presser, ben: Presser
):
    await server.share(*calm, ben)
    invited = [
        (await services.recommendations.recommend(who.id, n=1, guild_id=server.id, at=NOON)).leaning
        for who in (anna, anna, ben)
    ]
    assert [leaning is not None and leaning.invites for leaning in invited] == [True, False, False]


async def test_a_server_that_was_left_is_forgotten(
    services: Services, server: Server, calm: list[Presser], anna: Presser
):
    await server.share(*calm)
    assert await services.privacy.forget_server(server.id) == 3
    assert (await services.rating.next_song(anna.id, guild_id=server.id, at=NOON)).leaning is None


async def test_consents_are_shown_exported_and_deleted(
    services: Services, server: Server, anna: Presser
):
    await server.share(anna)
    assert (await services.privacy.show(anna.id)).shared_on == (server.id,)
    with zipfile.ZipFile(io.BytesIO((await services.privacy.export(anna.id))[0])) as archive:
        everything = json.loads(archive.read("everything.json"))
    assert [one["guild_id"] for one in everything["shared_tastes"]] == [server.id]
    assert (await services.privacy.delete(anna.id)).held["shared_tastes"] == 1
    assert not await services.sharing.is_shared(anna.id, server.id)


async def test_the_radar_shows_others_only_where_three_of_them_share(
    services: Services, server: Server, calm: list[Presser], anna: Presser
):
    await anna.rate(3)
    await server.share(*calm[:2])
    of_two = await services.taste.radar(anna.id, server.id)
    assert of_two is not None
    assert "on this server" not in of_two.text
    await server.share(calm[2])
    of_three = await services.taste.radar(anna.id, server.id)
    assert of_three is not None
    assert "3 others on this server" in of_three.text
    await services.sharing.stop(calm[0].id, server.id)
    again = await services.taste.radar(anna.id, server.id)
    assert again is not None
    assert "on this server" not in again.text
