"""Comparisons and blends of people who agreed: real models, a real database, real workers."""

import io
import json
import zipfile
from collections import Counter
from collections.abc import AsyncGenerator
from itertools import count

import numpy as np
import pytest
import pytest_asyncio

from musicrec.domain.correction import CorrectionKind
from musicrec.domain.errors import BadInputError, NotEnoughLabelsError
from musicrec.domain.identity import fold
from musicrec.domain.label import LabelValue
from musicrec.domain.together_errors import NotComparableError
from musicrec.services import Services
from musicrec.services.together_jobs import blend_songs, compare_tastes
from tests.musicrec.services.people import NOON, Presser

_GUILDS = count(2**59)
# As long as Discord's: a shorter one may stand in the digits of a probability by chance.
_IDS = count(10**17 + 1)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def rate(person: Presser, n: int, *, calm: bool) -> None:
    """Rate ``n`` songs all over the catalogue, the same ones for everybody."""
    catalogue = person.services.songs._catalogue.now
    for track in catalogue.tracks(range(0, len(catalogue), len(catalogue) // n)):
        is_calm = track.features.get("energy", 0.5) < 0.65
        await person.press(track.id, LabelValue.LIKE if is_calm is calm else LabelValue.DISLIKE)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(services: Services) -> AsyncGenerator[list[Presser]]:
    """Two who like calm songs and one who likes the others."""
    found = [Presser(services, next(_IDS)) for _ in range(3)]
    for person, calm in zip(found, (True, True, False), strict=True):
        await rate(person, 30, calm=calm)
        await services.training.ensure_model(person.id, at=NOON)
    await services.training.idle()
    yield found


@pytest_asyncio.fixture(loop_scope="module")
async def town(services: Services, people: list[Presser]) -> int:
    guild_id = next(_GUILDS)
    for person in people:
        await services.social.comparing.allow(person.id, guild_id, at=NOON)
    return guild_id


async def test_two_who_rate_alike_agree_more_than_two_who_do_not(
    services: Services, people: list[Presser], town: int
):
    calm, also_calm, loud = (person.id for person in people)
    alike = await services.social.comparing.compare(town, calm, also_calm, asker=calm, at=NOON)
    unlike = await services.social.comparing.compare(town, calm, loud, asker=calm, at=NOON)
    assert alike.agreement.low > alike.agreement.by_chance
    assert unlike.agreement.high < unlike.agreement.by_chance
    n_both = alike.agreement.n_both
    assert n_both >= 30
    assert (alike.agreement.n_same, unlike.agreement.n_same) == (n_both, 0)
    sounds = {trait.about for trait in unlike.apart}
    assert sounds & {"energy", "loudness_db", "acousticness"}


async def test_the_song_for_both_suits_both_and_the_one_that_splits_does_not(
    services: Services, people: list[Presser], town: int
):
    calm, _, loud = (person.id for person in people)
    found = await services.social.comparing.compare(town, calm, loud, asker=calm, at=NOON)
    assert found.for_both is not None
    assert found.splits is not None
    assert abs(found.splits.first - found.splits.second) > 0.4
    assert min(found.for_both.first, found.for_both.second) > min(
        found.splits.first, found.splits.second
    )
    rated = {song.track.id for song in (found.for_both, found.splits)}
    async with services.social.comparing._database.reading() as uow:
        assert not rated & await uow.labels.track_ids(calm)


async def test_the_asker_is_held_to_what_was_told_and_nobody_else_is(
    services: Services, people: list[Presser], town: int
):
    calm, _, loud = (person.id for person in people)
    async with services.social.comparing._database.reading() as uow:
        before = [len(await uow.guesses.list_all(who)) for who in (calm, loud)]
    await services.social.comparing.compare(town, loud, calm, asker=calm, at=NOON)
    async with services.social.comparing._database.reading() as uow:
        after = [len(await uow.guesses.list_all(who)) for who in (calm, loud)]
    assert after == [before[0] + 2, before[1]]


async def test_nobody_is_compared_without_consent_on_that_server(
    services: Services, people: list[Presser], town: int
):
    calm, also_calm, _ = (person.id for person in people)
    elsewhere = next(_GUILDS)
    await services.social.comparing.allow(calm, elsewhere, at=NOON)
    with pytest.raises(NotComparableError) as caught:
        await services.social.comparing.compare(elsewhere, calm, also_calm, asker=calm, at=NOON)
    assert caught.value.missing == (also_calm,)
    assert await services.social.comparing.stop(also_calm, town)
    with pytest.raises(NotComparableError):
        await services.social.comparing.compare(town, calm, also_calm, asker=calm, at=NOON)


async def test_to_share_for_guesses_is_no_consent_to_be_compared(
    services: Services, people: list[Presser]
):
    guild_id = next(_GUILDS)
    calm, also_calm, _ = (person.id for person in people)
    for who in (calm, also_calm):
        await services.sharing.share(who, guild_id, at=NOON)
    missing = await services.social.comparing.missing(guild_id, (calm, also_calm), asker=calm)
    assert missing == (calm, also_calm)


async def test_without_a_model_others_are_missing_like_those_without_consent(
    services: Services, people: list[Presser], town: int, anna: Presser, ben: Presser
):
    await services.social.comparing.allow(anna.id, town, at=NOON)
    calm = people[0].id
    without_model = await services.social.comparing.missing(town, (calm, anna.id), asker=calm)
    without_consent = await services.social.comparing.missing(town, (calm, ben.id), asker=calm)
    assert (without_model, without_consent) == ((anna.id,), (ben.id,))
    with pytest.raises(NotEnoughLabelsError):
        await services.social.comparing.compare(town, anna.id, calm, asker=anna.id, at=NOON)


async def test_one_person_is_not_compared_with_themself(
    services: Services, people: list[Presser], town: int
):
    one = people[0].id
    with pytest.raises(BadInputError, match="twice"):
        await services.social.comparing.compare(town, one, one, asker=one, at=NOON)
    with pytest.raises(BadInputError, match="two to 8"):
        await services.social.blends.blend(town, [one, one], "Us", n=5, at=NOON)


async def test_a_blend_is_kept_for_the_asker_without_anything_that_somebody_dislikes(
    services: Services, people: list[Presser], town: int
):
    ids = [person.id for person in people]
    blend = await services.social.blends.blend(town, ids, "Us", n=12, at=NOON)
    made = blend.made
    assert len(made.tracks) == len(made.shortlist.entries) == 12
    assert len(blend.means) == 3
    artists = Counter(
        name for track in made.tracks if track for name in {fold(one) for one in track.artists}
    )
    assert max(artists.values()) <= 2
    async with services.social.comparing._database.reading() as uow:
        labels = [event for who in ids for event in await uow.labels.current(who)]
        kept = await uow.kept_playlists.get(ids[0], made.kept_id)
        assert await uow.kept_playlists.get(ids[1], made.kept_id) is None
    disliked = {event.track_id for event in labels if event.value is LabelValue.DISLIKE}
    assert not disliked & {entry.track_id for entry in made.shortlist.entries}
    assert kept is not None
    assert len(kept) == 12


async def test_nothing_is_named_or_blended_by_an_artist_whom_one_of_them_never_wants(
    services: Services, people: list[Presser], town: int
):
    calm, also_calm, _ = people
    corrections, social = services.corrections, services.social
    never: set[str] = set()
    for turn in range(3):
        found = await social.comparing.compare(town, calm.id, also_calm.id, asker=calm.id, at=NOON)
        blend = await social.blends.blend(town, [calm.id, also_calm.id], "Us", n=5, at=NOON)
        songs = [*blend.made.tracks, found.for_both and found.for_both.track]
        tracks = [track for track in songs if track is not None]
        assert never.isdisjoint(fold(name) for track in tracks for name in track.artists)
        for number, track in enumerate(tracks):
            await corrections.say(
                also_calm.id,
                track.id,
                CorrectionKind.NEVER_THIS_ARTIST,
                at=NOON,
                event_key=f"never:{also_calm.id}:{turn}:{number}",
            )
        never |= {fold(track.main_artist) for track in tracks}
    assert len(never) >= 6


async def test_the_song_for_both_is_by_nobody_whom_one_of_them_never_wants_as_a_guest(
    services: Services, people: list[Presser]
):
    catalogue = services.social.comparing._catalogue.now
    row = next(
        row for row in catalogue.well_known.tolist() if len(catalogue.track(row).artists) > 2
    )
    guest = catalogue.track(row).artists[2]
    async with services.social.comparing._database.reading() as uow:
        models = [await uow.models.latest(person.id) for person in people[:2]]
    first, second = (model.blob for model in models if model is not None)
    rows = np.array([row])
    for never in (set[str](), {fold(guest)}):
        found = compare_tastes(
            (first, second),
            catalogue.snapshot.folder,
            np.union1d(catalogue.well_known, rows),
            np.setdiff1d(catalogue.well_known, rows),
            catalogue.delta.only(rows),
            never=never,
            n_both=0,
            n_same=0,
        )
        assert (found.for_both is None) is bool(never)
        blended = blend_songs(
            (first, second),
            catalogue.snapshot.folder,
            rows,
            catalogue.delta.only(rows),
            never=never,
            n=3,
        )
        assert len(blended.rows) == (0 if never else 1)


async def test_what_is_kept_of_a_blend_names_nobody_and_holds_only_the_askers_chances(
    services: Services, people: list[Presser], town: int
):
    ids = [person.id for person in people]
    blend = await services.social.blends.blend(town, ids, "Us", n=5, at=NOON)
    [exported] = await services.privacy.export(ids[0])
    with zipfile.ZipFile(io.BytesIO(exported)) as archive:
        everything = archive.read("everything.json").decode()
    assert not any(str(who) in everything for who in ids[1:])
    told = blend.made.shortlist.entries[0].reason
    assert told.startswith("at least ")
    assert told.endswith("% for each of 3")


async def test_the_consent_is_shown_exported_and_deleted(services: Services, anna: Presser):
    guild_id = next(_GUILDS)
    await services.social.comparing.allow(anna.id, guild_id, at=NOON)
    assert (await services.privacy.show(anna.id)).comparable_on == (guild_id,)
    with zipfile.ZipFile(io.BytesIO((await services.privacy.export(anna.id))[0])) as archive:
        everything = json.loads(archive.read("everything.json"))
    assert [one["guild_id"] for one in everything["comparable_tastes"]] == [guild_id]
    assert (await services.privacy.delete(anna.id)).held["comparable_tastes"] == 1
    assert not await services.social.comparing.is_allowed(anna.id, guild_id)


async def test_a_server_that_is_left_is_forgotten(
    services: Services, people: list[Presser], town: int
):
    assert await services.privacy.forget_server(town) == 3
    assert not await services.social.comparing.is_allowed(people[0].id, town)
