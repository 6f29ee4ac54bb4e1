"""Comparisons and blends over a catalogue in which songs were learned since it was built."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from musicrec.catalogue import Catalogue
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.track import Track
from musicrec.services import Services
from musicrec.services.jobs import model_of
from musicrec.services.together_jobs import compare_tastes
from tests.musicrec.services.people import NOON, Presser
from tests.musicrec.services.test_comparing import people, town

__all__ = ["people", "town"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

_NUMBERS = count(1)


async def learned_like(services: Services, *tracks: Track) -> list[TrackId]:
    """Learn a song that sounds like each of some, by somebody nobody knows."""
    found: list[LearnedSong] = []
    for track in tracks:
        n = next(_NUMBERS)
        new = TrackId(f"isrc:XXA0126{n:05}")
        twin = replace(track, id=new, title=f"New Song {n}", artists=(f"New Artist {n}",))
        found.append(LearnedSong.of_one_source(twin, Origin("ReccoBeats", NOON)))
    await services.learning.learn(found, at=NOON)
    return [song.track.id for song in found]


def catalogue_of(services: Services) -> Catalogue:
    return services.social.comparing._catalogue.now


async def blobs_of(services: Services, *people: Presser) -> list[bytes]:
    async with services.social.comparing._database.reading() as uow:
        models = [await uow.models.latest(person.id) for person in people]
    return [model.blob for model in models if model is not None]


async def blended(services: Services, guild_id: int, ids: list[ListenerId]) -> set[TrackId]:
    blend = await services.social.blends.blend(guild_id, ids, "Us", n=12, at=NOON)
    return {entry.track_id for entry in blend.made.shortlist.entries}


async def test_a_song_that_was_learned_may_be_the_one_for_both(
    services: Services, people: list[Presser]
) -> None:
    calm, _, loud = people
    [new] = await learned_like(services, catalogue_of(services).track(0))
    catalogue = catalogue_of(services)
    first, second = await blobs_of(services, calm, loud)
    row = catalogue.row_of(new)
    assert row is not None
    rows = np.union1d(catalogue.well_known, [row])
    found = compare_tastes(
        (first, second),
        catalogue.snapshot.folder,
        rows,
        catalogue.well_known,
        catalogue.delta.only(rows),
        never=(),
        n_both=0,
        n_same=0,
    )
    assert found.for_both is not None
    assert found.splits == found.for_both
    assert found.for_both.track == catalogue.track(row)
    expected = [model_of(blob).predict(catalogue.table([row]))[0] for blob in (first, second)]
    assert [found.for_both.first, found.for_both.second] == pytest.approx(expected)


async def test_songs_that_were_learned_come_into_blends_until_somebody_dislikes_them(
    services: Services, people: list[Presser], town: int
) -> None:
    calm, also_calm, _ = people
    ids = [calm.id, also_calm.id]
    best = await blended(services, town, ids)
    new = await learned_like(services, *map(catalogue_of(services).require, best))
    picked = await blended(services, town, ids) & set(new)
    assert picked
    gone = min(picked)
    await also_calm.press(gone, LabelValue.DISLIKE)
    await services.training.idle()
    assert gone not in await blended(services, town, ids)


async def test_verdicts_on_a_song_that_was_learned_count_in_a_comparison(
    services: Services, people: list[Presser], town: int
) -> None:
    calm, also_calm, _ = people
    [new] = await learned_like(services, catalogue_of(services).track(1))
    compare = services.social.comparing.compare
    before = await compare(town, calm.id, also_calm.id, asker=calm.id, at=NOON)
    for person in (calm, also_calm):
        await person.press(new, LabelValue.LIKE)
    await services.training.idle()
    after = await compare(town, calm.id, also_calm.id, asker=calm.id, at=NOON)
    assert after.agreement.n_both == before.agreement.n_both + 1
    assert after.agreement.n_same == before.agreement.n_same + 1


async def test_a_song_that_was_learned_better_is_judged_by_what_is_known_now(
    services: Services, people: list[Presser]
) -> None:
    calm, _, loud = people
    old = catalogue_of(services).track(2)
    features = {**old.features, "energy": 0.01, "acousticness": 0.99, "loudness_db": -40.0}
    better = LearnedSong.of_one_source(replace(old, features=features), Origin("x", NOON))
    await services.learning.learn([better], at=NOON)
    catalogue = catalogue_of(services)
    first, second = await blobs_of(services, calm, loud)
    others = np.setdiff1d(catalogue.well_known, [2])
    rows = np.union1d(others, [2])
    found = compare_tastes(
        (first, second),
        catalogue.snapshot.folder,
        rows,
        others,
        catalogue.delta.only(rows),
        never=(),
        n_both=0,
        n_same=0,
    )
    assert found.for_both is not None
    assert found.for_both.track == catalogue.track(2)
    expected = model_of(first).predict(catalogue.table([2]))[0]
    assert found.for_both.first == pytest.approx(expected)
    assert found.for_both.first != pytest.approx(
        model_of(first).predict(catalogue.snapshot.table([2]))[0]
    )
