"""Playlists looked through with a real model: pruned, examined, sorted, made and written."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from bot.container import open_services
from musicrec.domain.account import AccountKind
from musicrec.domain.errors import (
    BadInputError,
    NotEnoughLabelsError,
    NotLinkedError,
    PlaylistUnusableError,
)
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import (
    DoctorFindings,
    Place,
    PlaceKind,
    PruneFindings,
    SortFindings,
)
from musicrec.domain.playlist_home import HomeList
from musicrec.playlists.formats.files import PlaylistFormat
from musicrec.services import PROBABILITY, OpenedList, Services
from tests.musicrec.learned_songs import learned
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.services.playlist_town import (
    NOON,
    StepHome,
    kept_here,
    known_songs,
    learn,
    mixed_list,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

_IDS = count(9001)
LEARNED = ListenerId(9000)
"""Somebody with sixty labels and a model."""


class SlowHome(StepHome):
    """A home that answers after all patience is gone."""

    async def lists(self) -> Sequence[HomeList]:
        await asyncio.sleep(2.5)
        return await super().lists()


class LostHome(StepHome):
    async def lists(self) -> Sequence[HomeList]:
        account = "Spotify"
        raise NotLinkedError(account)


class BuggyHome(StepHome):
    async def lists(self) -> Sequence[HomeList]:
        raise ZeroDivisionError


@pytest.fixture(scope="module")
def elsewhere() -> dict[str, StepHome]:
    return {"home": StepHome({})}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def services(
    tmp_path_factory: pytest.TempPathFactory, elsewhere: dict[str, StepHome]
) -> AsyncGenerator[Services]:
    async with open_services(
        data_dir=tmp_path_factory.mktemp("data"),
        worker_processes=1,
        homes={PlaceKind.SPOTIFY: lambda _: elsewhere["home"]},
    ) as opened:
        await learn(opened, LEARNED, 60)
        await opened.training.idle()
        yield opened


@pytest.fixture
def stranger() -> ListenerId:
    return ListenerId(next(_IDS))


def opened(playlist: Playlist) -> OpenedList:
    return OpenedList(Place(PlaceKind.HERE, "1", playlist.title), playlist)


async def test_pruning_proposes_dislikes_with_chance_range_and_reason(services: Services):
    edit = await services.playlists.prune(LEARNED, opened(mixed_list(services, 150)), precision=0.7)
    assert edit.id is not None
    assert 5 < len(edit.proposals) < 150
    for one in edit.proposals:
        low, high = one.interval or (1.0, 0.0)
        assert one.p_like is not None
        assert low <= one.p_like <= high
        assert one.p_like < 0.5
        assert one.words
    assert edit.chosen == {one.position for one in edit.proposals}
    findings = edit.findings
    assert isinstance(findings, PruneFindings)
    assert findings.n_labels == 60
    spared = {one.what: one.names for one in findings.spared}
    assert spared["a local file"] == ("Somebody - On my disk",)
    assert spared["an episode"] == ("Somebody - A talk",)
    assert "Nobody at all - Never heard of" in spared["its sound is not known"]


async def test_what_was_liked_since_the_model_was_learned_never_goes(services: Services):
    some = opened(mixed_list(services, 150))
    first = await services.playlists.prune(LEARNED, some, precision=0.7)
    doomed = first.proposals[0]
    track_id = some.playlist.items[doomed.position - 1].track_id
    assert track_id is not None
    press = services.labels.press
    await press(LEARNED, track_id, LabelValue.LIKE, at=NOON, event_key="since")
    try:
        again = await services.playlists.prune(LEARNED, some, precision=0.7)
    finally:
        await press(
            LEARNED, track_id, LabelValue.LIKE, at=NOON + timedelta(hours=1), event_key="back"
        )
    assert doomed.position not in {one.position for one in again.proposals}
    assert isinstance(again.findings, PruneFindings)
    spared = {one.what: one.names for one in again.findings.spared}
    assert doomed.name in spared["you liked it"]


async def test_labels_that_support_no_promise_remove_nothing(services: Services):
    some = opened(playlist(*known_songs(services, 10)))
    edit = await services.playlists.prune(LEARNED, some, precision=1.0)
    assert isinstance(edit.findings, PruneFindings)
    if edit.findings.threshold is None:
        assert edit.proposals == ()
        assert edit.id is None


@pytest.mark.parametrize("precision", [0.0, -1.0, 1.01, float("nan")])
async def test_a_precision_out_of_range_is_refused(services: Services, precision: float):
    with pytest.raises(BadInputError, match="precision"):
        await services.playlists.prune(
            LEARNED, opened(mixed_list(services, 5)), precision=precision
        )


async def test_pruning_needs_a_taste(services: Services, stranger: ListenerId):
    some = opened(mixed_list(services, 5))
    with pytest.raises(NotEnoughLabelsError):
        await services.playlists.prune(stranger, some, precision=0.9)
    await learn(services, stranger, 3)
    with pytest.raises(NotEnoughLabelsError) as caught:
        await services.playlists.prune(stranger, some, precision=0.9)
    assert caught.value.likes + caught.value.dislikes == 3


async def test_an_empty_list_is_said_to_be_empty(services: Services):
    for looking in (
        services.playlists.prune(LEARNED, opened(playlist()), precision=0.9),
        services.playlists.doctor(LEARNED, opened(playlist())),
        services.playlists.sort(LEARNED, opened(playlist())),
        services.making.make(LEARNED, "New", like=opened(playlist()), n=5),
    ):
        with pytest.raises(PlaylistUnusableError, match="empty"):
            await looking


async def test_of_unknown_songs_nothing_is_proposed(services: Services):
    some = opened(playlist(*(song(f"Unknown {n}", "Nobody") for n in range(30))))
    edit = await services.playlists.prune(LEARNED, some, precision=0.9)
    assert (edit.proposals, edit.id) == ((), None)
    assert isinstance(edit.findings, PruneFindings)
    assert [one.n_all for one in edit.findings.spared] == [30]
    assert (await services.playlists.doctor(LEARNED, some)).id is None
    sorting = await services.playlists.sort(LEARNED, some)
    assert (sorting.edit.id, sorting.picture) == (None, None)
    with pytest.raises(BadInputError, match="how it sounds"):
        await services.making.make(LEARNED, "New", like=some, n=5)


async def test_the_doctor_proposes_duplicates_and_names_what_is_odd(
    services: Services, stranger: ListenerId
):
    items = known_songs(services, 40)
    twice = replace(items[3], title=f"{items[3].title} - Remastered 2011", uri="", track_id=None)
    edit = await services.playlists.doctor(LEARNED, opened(playlist(*items, twice)))
    assert [one.position for one in edit.proposals] == [41]
    assert "number 4" in edit.proposals[0].words
    assert isinstance(edit.findings, DoctorFindings)
    assert edit.findings.strangers is not None
    assert edit.findings.sleepers is not None
    without = await services.playlists.doctor(stranger, opened(playlist(*items)))
    assert isinstance(without.findings, DoctorFindings)
    assert (without.findings.has_model, without.findings.sleepers) == (False, None)


@pytest.mark.parametrize("by", ["smooth", "rise", "fall", "arc", "tempo", PROBABILITY])
async def test_a_list_is_sorted(services: Services, by: str):
    some = opened(mixed_list(services, 20))
    sorting = await services.playlists.sort(LEARNED, some, by=by)
    edit = sorting.edit
    assert sorting.picture is not None
    assert "1 to 3" in sorting.picture.text
    assert edit.id is not None
    findings = edit.findings
    assert isinstance(findings, SortFindings)
    assert findings.first_before[0] == some.playlist.items[0].name
    assert findings.first_after != findings.first_before
    assert findings.unplaced.n_all == 3


async def test_a_list_is_sorted_near_a_song(services: Services):
    some = opened(mixed_list(services, 20))
    edit = (await services.playlists.sort(LEARNED, some, like="5")).edit
    assert isinstance(edit.findings, SortFindings)
    assert edit.findings.first_after[0] == some.playlist.items[4].name
    for like in ("no such song", "0", "9" * 40, "On my disk", ""):
        with pytest.raises(BadInputError):
            await services.playlists.sort(LEARNED, some, like=like)


async def test_a_new_list_holds_unknown_songs_and_is_kept(services: Services):
    some = opened(mixed_list(services, 30))
    made = await services.making.make(LEARNED, "More", like=some, n=12)
    async with services.edits._database.reading() as uow:
        labelled = await uow.labels.track_ids(LEARNED)
    ids = {one.track_id for one in made.shortlist.entries}
    assert len(ids) == 12
    assert not ids & labelled
    assert not ids & {item.track_id for item in some.playlist.items}
    assert all(one.p_like is not None and one.reason for one in made.shortlist.entries)
    kept = await services.places.open(LEARNED, f"here:{made.kept_id}")
    assert [item.track_id for item in kept.playlist.items] == [
        one.track_id for one in made.shortlist.entries
    ]
    again = await services.making.make(LEARNED, "Even more", like=some, n=12)
    assert not ids & {one.track_id for one in again.shortlist.entries}


async def test_a_mood_needs_no_taste(services: Services, stranger: ListenerId):
    made = await services.making.make(stranger, "Calm", wanted={"energy": 0.2}, n=5)
    assert all(one.p_like is None for one in made.shortlist.entries)
    energies = [track.features["energy"] for track in made.tracks if track]
    assert len(energies) == 5
    assert max(energies) < 0.5


LOUD: dict[str, Any] = {"energy": 0.993, "tempo_bpm": 201.5, "danceability": 0.123}


async def test_songs_that_were_learned_since_are_picked_too(
    services: Services, stranger: ListenerId
):
    catalogue = services.songs._catalogue.now
    stored = catalogue.track(len(catalogue.snapshot) - 1)
    songs = [
        learned("mbid:loud", "Loud", "Newcomer", **LOUD),
        learned("mbid:louder", "Louder", "Another newcomer", **LOUD),
        learned(stored.id, stored.title, *stored.artists, **LOUD),
    ]
    await services.learning.learn(songs, at=NOON)
    made = await services.making.make(stranger, "Loud", wanted=LOUD, n=4)
    ids = {entry.track_id for entry in made.shortlist.entries[:3]}
    assert ids == {"mbid:loud", "mbid:louder", stored.id}
    assert all(track is not None for track in made.tracks)
    again = await services.making.make(stranger, "Louder", wanted=LOUD, n=4)
    assert "mbid:loud" not in {entry.track_id for entry in again.shortlist.entries}
    some = opened(playlist(replace(song("Loud", "Newcomer"), track_id=TrackId("mbid:loud"))))
    alike = await services.making.make(ListenerId(next(_IDS)), "Alike", like=some, n=4)
    ids = {entry.track_id for entry in alike.shortlist.entries}
    assert "mbid:louder" in ids
    assert "mbid:loud" not in ids


async def test_a_learned_song_is_picked_by_taste(services: Services):
    best = (await services.recommendations.recommend(LEARNED, n=1, at=NOON)).tracks[0]
    values: dict[str, Any] = {"genre": best.genre, **best.features}
    twin = learned("mbid:twin", "Twin", "Somebody new", **values)
    await services.learning.learn([twin], at=NOON)
    wanted = {name: best.features[name] for name in LOUD}
    made = await services.making.make(LEARNED, "Alike", wanted=wanted, n=20)
    chances = {entry.track_id: entry.p_like for entry in made.shortlist.entries}
    assert (chances[TrackId("mbid:twin")] or 0) > 0.5


async def test_wishes_that_make_no_sense_are_refused(services: Services):
    for wanted in ({"energy": 7.0}, {"year": 1999.0}, {}):
        with pytest.raises(BadInputError):
            await services.making.make(LEARNED, "New", wanted=wanted, n=5)


async def test_nobody_sees_anothers_new_list(services: Services, stranger: ListenerId):
    made = await services.making.make(stranger, "Mine", wanted={"energy": 0.2}, n=3)
    assert made.shortlist.id is not None
    other = ListenerId(next(_IDS))
    with pytest.raises(PlaylistUnusableError):
        await services.making.show(other, made.kept_id, made.shortlist.id)
    with pytest.raises(PlaylistUnusableError):
        await services.copies.send(other, made.kept_id, AccountKind.SPOTIFY)


@pytest.mark.parametrize("kind", PlaylistFormat)
async def test_any_list_can_be_written(services: Services, kind: PlaylistFormat):
    some = replace(mixed_list(services, 5), title="../Mine: \x00*?<>| 🎵")
    file = await services.playlists.write(some, kind)
    assert file.name.startswith("Mine")
    assert not set(file.name) & set('/\\:*?<>|"')
    assert b"Somebody" in file.data or kind is PlaylistFormat.LINKS


async def test_links_of_a_list_without_any_are_refused(services: Services):
    with pytest.raises(PlaylistUnusableError, match="Spotify link"):
        await services.playlists.write(playlist(song("One")), PlaylistFormat.LINKS)


async def test_ten_thousand_songs_are_read_pruned_and_taken_back(services: Services):
    songs = known_songs(services, 2_000)
    lines = "".join(
        f"{item.uri},{item.title!r},{item.main_artist!r}\n" for _ in range(5) for item in songs
    )
    data = ("Track URI,Track Name,Artist Name\n" + lines.replace('"', "")).encode()
    some = await services.places.open_file("all.csv", data)
    assert len(some.playlist) == 10_000
    edit = await services.playlists.prune(LEARNED, some, precision=0.7)
    assert edit.id is not None
    made = await services.edits.make(LEARNED, edit.id)
    assert made.file is not None
    assert made.file.data.count(b"\n") == 10_001 - len(edit.proposals)
    undone = await services.edits.undo(LEARNED, edit.id)
    assert undone.file is not None
    assert undone.file.data == data


async def test_a_file_that_is_no_playlist_is_refused(services: Services):
    for data in (b"", b"\x89PNG\r\n\x1a\n" + bytes(100), b"<html></html>", b"a" * 10_000_001):
        with pytest.raises(BadInputError):
            await services.places.open_file("x.csv", data)


async def test_lists_of_all_homes_can_be_picked_by_name_or_link(
    services: Services, elsewhere: dict[str, StepHome], stranger: ListenerId
):
    elsewhere["home"] = StepHome({"abc": replace(playlist(song("One")), title="Road trip")})
    await kept_here(services, stranger, replace(playlist(song("Two")), title="Rainy days"))
    choices = await services.places.choices(stranger, "", limit=25)
    assert [(one.place.kind, one.place.title, one.n_items) for one in choices] == [
        (PlaceKind.HERE, "Rainy days", 1),
        (PlaceKind.SPOTIFY, "Road trip", 1),
    ]
    (found,) = await services.places.choices(stranger, "roa", limit=25)
    references = (
        found.reference,
        "road trip",
        "ROAD",
        "https://open.spotify.com/playlist/abc?si=1",
        "spotify:playlist:abc",
    )
    for reference in references:
        assert (await services.places.open(stranger, reference)).playlist.items[0].title == "One"


async def test_what_cannot_be_opened_is_told_why(
    services: Services, elsewhere: dict[str, StepHome], stranger: ListenerId
):
    elsewhere["home"] = StepHome({})
    services.places.forget(stranger)
    with pytest.raises(PlaylistUnusableError, match="own or edit with others"):
        await services.places.open(stranger, "https://open.spotify.com/intl-de/playlist/zzz")
    for reference in ("", "nothing", "here:999999", "here:-1", "here:x", "here:²", "file:x"):
        with pytest.raises(PlaylistUnusableError):
            await services.places.open(stranger, reference)


@pytest.mark.parametrize("home", [SlowHome({}), LostHome({}), BuggyHome({})])
async def test_a_home_that_fails_is_left_out_and_never_waited_for(
    services: Services, elsewhere: dict[str, StepHome], stranger: ListenerId, home: StepHome
):
    elsewhere["home"] = home
    services.places.forget(stranger)
    await kept_here(services, stranger, playlist(song("Two")))
    choices = await services.places.choices(stranger, "", limit=25)
    assert [one.place.kind for one in choices] == [PlaceKind.HERE]
