"""What Spotify adds to a look-up: who a link means, and a link to what others know."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.stand_in.exchange import Trouble
from bot.stand_in.service import Spotify
from musicrec.sources import AskedSong, Clients, Orders, SongFound, SongLookup, Surroundings
from musicrec.sources.settings import SourceSettings, SpotifySettings
from tests.musicrec.sources.conftest import GENRES
from tests.stand_ins.town import StandIns
from tests.stand_ins.world import SONGS

LAMPLIGHTER, SNOW = SONGS[:2]


@pytest.fixture
async def both(
    settings: SourceSettings, spotify_settings: SpotifySettings, surroundings: Surroundings
) -> AsyncIterator[Clients]:
    clients = Clients.of(replace(settings, spotify=spotify_settings), surroundings)
    yield clients
    await clients.close()


@pytest.fixture
def linked(both: Clients) -> SongLookup:
    return SongLookup(both, Orders())


def silence(stand_ins: StandIns, *names: str) -> None:
    for name in names:
        stand_ins.services[name].switches.is_down = True


def state_of_spotify(found: SongFound) -> str | None:
    return next((each.state.value for each in found.reports if each.source == "Spotify"), None)


async def test_without_an_application_spotify_is_not_there(
    clients: Clients, lookup: SongLookup, spotify: Spotify
):
    found = await lookup.find(AskedSong(spotify_id=SNOW.spotify_id), GENRES)
    assert clients.spotify is None
    assert state_of_spotify(found) is None
    assert spotify.log == []


async def test_closing_all_clients_ends_the_thread_that_asks_spotify(
    settings: SourceSettings, spotify_settings: SpotifySettings, surroundings: Surroundings
):
    clients = Clients.of(replace(settings, spotify=spotify_settings), surroundings)
    await clients.close()
    assert clients.spotify is not None
    with pytest.raises(RuntimeError, match="after shutdown"):
        await clients.spotify.track(SNOW.spotify_id)


async def test_a_link_that_others_know_costs_no_call(linked: SongLookup, spotify: Spotify):
    found = await linked.find(AskedSong(spotify_id=SNOW.spotify_id), GENRES)
    assert found.song is not None
    assert spotify.log == []


async def test_spotify_says_who_its_link_means_where_nobody_else_does(
    linked: SongLookup, stand_ins: StandIns
):
    silence(stand_ins, "reccobeats")
    found = await linked.find(AskedSong(spotify_id=SNOW.spotify_id), GENRES)
    assert found.song is not None
    assert found.song.track.id == f"isrc:{SNOW.isrc}"
    assert found.song.origins["title"].source == "MusicBrainz"
    assert state_of_spotify(found) == "ok"


async def test_what_spotify_alone_knows_is_an_identity_and_nothing_to_learn_from(
    linked: SongLookup, stand_ins: StandIns
):
    silence(stand_ins, *stand_ins.services)
    found = await linked.find(AskedSong(spotify_id=SNOW.spotify_id), GENRES)
    assert found.song is not None
    track = found.song.track
    assert (track.title, track.artists, track.album) == (
        "Snow on the Quay",
        ("Orla Svensdotter", "Ash & Ember"),
        "An Album",
    )
    assert (track.id, found.song.links) == (
        f"isrc:{SNOW.isrc}",
        (f"spotify:track:{SNOW.spotify_id}",),
    )
    assert track.features == {}
    assert {origin.source for origin in found.song.origins.values()} == {"Spotify"}


@pytest.mark.parametrize(
    "asked",
    [AskedSong(isrc=SNOW.isrc), AskedSong(artist="Orla Svensdotter", title="Snow on the Quay")],
    ids=["isrc", "names"],
)
async def test_spotify_is_asked_for_what_nobody_else_knows(
    linked: SongLookup, stand_ins: StandIns, asked: AskedSong
):
    silence(stand_ins, *stand_ins.services)
    found = await linked.find(asked, GENRES)
    assert found.song is not None
    assert found.song.track.id == f"isrc:{SNOW.isrc}"


async def test_a_song_that_nobody_links_to_spotify_is_looked_for_there(
    linked: SongLookup, stand_ins: StandIns, spotify: Spotify
):
    silence(stand_ins, "reccobeats", "listenbrainz_labs")
    found = await linked.find(AskedSong(isrc=SNOW.isrc), GENRES)
    assert found.song is not None
    assert f"spotify:track:{SNOW.spotify_id}" in found.song.links
    assert spotify.asked() == ["GET /search"]


async def test_a_song_that_is_linked_already_is_not_looked_for(
    linked: SongLookup, spotify: Spotify
):
    await linked.find(AskedSong(isrc=SNOW.isrc), GENRES)
    assert spotify.log == []


async def test_a_closed_spotify_only_leaves_its_link_out(
    linked: SongLookup, stand_ins: StandIns, spotify: Spotify
):
    silence(stand_ins, "reccobeats", "listenbrainz_labs")
    spotify.troubles.append(Trouble(status=429, retry_after="86236"))
    found = await linked.find(AskedSong(isrc=SNOW.isrc), GENRES)
    assert found.song is not None
    assert found.song.track.title == "Snow on the Quay"
    report = next(each for each in found.reports if each.source == "Spotify")
    assert report.state.value == "closed"
    assert report.reason.startswith("it had too many questions")
    assert report.closed_until is not None


@pytest.mark.parametrize("is_on", [True, False])
async def test_audio_features_of_spotify_are_used_where_they_are_switched_on(
    settings: SourceSettings,
    spotify_settings: SpotifySettings,
    surroundings: Surroundings,
    stand_ins: StandIns,
    spotify: Spotify,
    *,
    is_on: bool,
):
    silence(stand_ins, "reccobeats")
    spotify.has_audio_features = True
    switched = replace(spotify_settings, audio_features=is_on)
    clients = Clients.of(replace(settings, spotify=switched), surroundings)
    found = await SongLookup(clients, Orders()).find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)
    await clients.close()

    assert found.song is not None
    assert found.song.track.features.get("energy") == (0.71 if is_on else None)
    assert bool(spotify.asked("audio-features")) == is_on
    spotify.log.clear()  # the operation is deprecated, as its description says


async def test_reccobeats_comes_before_spotifys_audio_features(
    settings: SourceSettings,
    spotify_settings: SpotifySettings,
    surroundings: Surroundings,
    spotify: Spotify,
):
    switched = replace(spotify_settings, audio_features=True)
    clients = Clients.of(replace(settings, spotify=switched), surroundings)
    found = await SongLookup(clients, Orders()).find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)
    await clients.close()

    assert found.song is not None
    assert found.song.origins["energy"].source == "ReccoBeats"
    assert spotify.log == []
