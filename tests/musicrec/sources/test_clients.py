"""What each client reads out of its service's answers."""

import asyncio
from dataclasses import replace

import pytest

from musicrec.domain.errors import SourceClosedError, SourceError, SourceUnavailableError
from musicrec.sources import Clients
from musicrec.sources.links import AskedSong
from tests.stand_ins.clocks import SkippingClock
from tests.stand_ins.store import MemoryAnswers
from tests.stand_ins.town import StandIns
from tests.stand_ins.world import CHOIR, KWAME, LANTERNS, ORLA, SONGS, uuid

LAMPLIGHTER, SNOW, MARKET, ZERO, KINDLING = SONGS[:5]
TRICKS = SONGS[11]


async def test_reccobeats_tells_features_by_isrc_and_by_spotify_id(clients: Clients):
    by_isrc = await clients.reccobeats.features(LAMPLIGHTER.isrc)
    by_spotify_id = await clients.reccobeats.features(LAMPLIGHTER.spotify_id)

    assert by_isrc is not None
    assert by_spotify_id is not None
    assert replace(by_isrc, learned_at=by_spotify_id.learned_at) == by_spotify_id
    assert by_isrc.features == {
        "acousticness": 0.11,
        "danceability": 0.62,
        "energy": 0.71,
        "instrumentalness": 0.002,
        "key": 9,
        "liveness": 0.13,
        "loudness_db": -7.25,
        "mode": 0,
        "speechiness": 0.04,
        "tempo_bpm": 128.5,
        "valence": 0.33,
    }


async def test_features_that_are_unknown_or_impossible_are_missing_and_never_zero(
    clients: Clients,
):
    odd = await clients.reccobeats.features(KINDLING.isrc)
    old = await clients.reccobeats.features(SNOW.isrc)

    assert odd is not None
    assert not {"tempo_bpm", "key", "valence", "energy"} & set(odd.features)
    assert odd.features["danceability"] == 0.62
    assert old is not None
    assert not {"key", "mode", "time_signature"} & set(old.features)


async def test_reccobeats_tells_names_and_isrc_of_a_spotify_link(clients: Clients):
    found = await clients.reccobeats.track(MARKET.spotify_id)

    assert found is not None
    assert (found.title, found.artists) == ("Market Day", ("Kwame Ofori-Lind", "Ash & Ember"))
    assert (found.isrcs, found.spotify_ids) == ((MARKET.isrc,), (MARKET.spotify_id,))
    assert found.features == {"duration_ms": 200_000, "popularity": 61}


async def test_a_popularity_of_zero_is_unknown_to_reccobeats(clients: Clients, stand_ins: StandIns):
    href = f"https://open.spotify.com/track/{MARKET.spotify_id}"
    stand_ins.reccobeats.switches.text = (
        f'{{"content": [{{"href": "{href}", "trackTitle": "x", "popularity": 0}}]}}'
    )
    found = await clients.reccobeats.track(MARKET.spotify_id)
    assert found is not None
    assert found.features == {}


async def test_musicbrainz_tells_the_recording_of_an_isrc(clients: Clients):
    found = await clients.musicbrainz.of_isrc(LAMPLIGHTER.isrc)

    assert found is not None
    assert (found.mbid, found.artist_mbid) == (LAMPLIGHTER.mbid, LANTERNS.mbid)
    assert (found.title, found.artists) == ("Lamplighter", ("The Paper Lanterns",))
    assert found.genres == ("rock", "seen live")
    assert found.features == {"duration_ms": 200_000, "year": 2001}
    assert (found.licence, found.genre_licence) == ("CC0 1.0", "CC BY-NC-SA 3.0")


async def test_musicbrainz_tells_the_isrcs_of_a_recording(clients: Clients):
    found = await clients.musicbrainz.recording(ZERO.mbid)

    assert found is not None
    assert found.isrcs == (ZERO.isrc,)
    assert found.features == {"duration_ms": 200_000}
    assert await clients.musicbrainz.recording(uuid(1, 99)) is None


@pytest.mark.parametrize(
    ("artist", "country", "n_areas"),
    [(LANTERNS, "GB", 0), (ORLA, "SE", 1), (KWAME, "GH", 2), (CHOIR, None, 2)],
    ids=lambda value: getattr(value, "name", str(value)),
)
async def test_the_country_of_an_artist_is_looked_for_in_ever_larger_areas(
    clients: Clients, stand_ins: StandIns, artist: object, country: str | None, n_areas: int
):
    found = await clients.musicbrainz.artist(getattr(artist, "mbid", ""))

    assert found is not None
    assert found.country == country
    areas = [path for path in stand_ins.musicbrainz.paths if path.startswith("/area/")]
    assert len(areas) <= n_areas


async def test_areas_are_asked_for_once_for_all_artists(
    clients: Clients, stand_ins: StandIns, store: MemoryAnswers
):
    await clients.musicbrainz.artist(KWAME.mbid)
    del store.kept["MusicBrainz", f"artist/{KWAME.mbid}"]
    n_before = len(stand_ins.musicbrainz.log)
    await clients.musicbrainz.artist(KWAME.mbid)
    assert len(stand_ins.musicbrainz.log) == n_before + 1


async def test_of_an_area_only_what_holds_it_is_kept(clients: Clients, store: MemoryAnswers):
    await clients.musicbrainz.artist(KWAME.mbid)
    areas = [each for (_, key), each in store.kept.items() if key.startswith("area/")]
    assert areas
    assert all(len(str(each.answer)) < 300 for each in areas)


async def test_listenbrainz_tells_which_recording_names_mean(clients: Clients):
    found = await clients.listenbrainz.lookup("the paper lanterns", "LAMPLIGHTER")

    assert found is not None
    assert (found.mbid, found.title) == (LAMPLIGHTER.mbid, "Lamplighter")
    assert (found.album, found.artist_mbid) == ("An Album", LANTERNS.mbid)
    assert await clients.listenbrainz.lookup("Nobody", "Nothing") is None


async def test_names_that_are_asked_for_at_once_go_in_one_call(
    clients: Clients, stand_ins: StandIns
):
    ask = clients.listenbrainz.lookup
    found = await asyncio.gather(
        ask("Nobody", "Nothing"),
        ask("Ash & Ember", "Filmed"),
        ask("The Paper Lanterns", "Lamplighter (2011 Remaster)"),
    )
    assert [each and each.title for each in found] == [None, "Filmed", "Lamplighter"]
    assert stand_ins.listenbrainz_labs.paths == ["/acr-lookup/json"]


async def test_listenbrainz_tells_listeners_as_popularity(clients: Clients):
    found = await clients.listenbrainz.listeners(LAMPLIGHTER.mbid)
    nobody = await clients.listenbrainz.listeners(MARKET.mbid)

    assert found is not None
    assert found.features["popularity"] == pytest.approx(50, abs=0.01)
    assert nobody is not None
    assert nobody.features == {"popularity": 0}
    assert await clients.listenbrainz.listeners(ZERO.mbid) is None


async def test_listenbrainz_tells_ids_on_spotify(clients: Clients):
    found = await clients.listenbrainz.spotify_ids(LAMPLIGHTER.mbid)

    assert found is not None
    assert found.spotify_ids == (LAMPLIGHTER.spotify_id,)
    assert await clients.listenbrainz.spotify_ids(uuid(1, 99)) is None


async def test_the_experimental_queries_fail_apart_from_the_rest(
    clients: Clients, stand_ins: StandIns, clock: SkippingClock
):
    stand_ins.listenbrainz_labs.switches.status = 404
    assert await clients.listenbrainz.spotify_ids(LAMPLIGHTER.mbid) is None
    stand_ins.listenbrainz_labs.switches.status = 500
    with pytest.raises(SourceUnavailableError):
        await clients.listenbrainz.spotify_ids(SNOW.mbid)
    clock.pass_(60)
    stand_ins.listenbrainz_labs.switches.status = 429
    with pytest.raises(SourceClosedError):
        await clients.listenbrainz.spotify_ids(SNOW.mbid)
    assert await clients.listenbrainz.listeners(LAMPLIGHTER.mbid)


async def test_deezer_tells_a_track_and_leaves_out_what_it_does_not_know(clients: Clients):
    known = await clients.deezer.of_isrc(LAMPLIGHTER.isrc)
    vague = await clients.deezer.track(str(ZERO.deezer_id))

    assert known is not None
    assert known.features == {
        "duration_ms": 200_000,
        "explicit": 1,
        "year": 2001,
        "tempo_bpm": 127.9,
        "popularity": 50,
    }
    assert vague is not None
    assert vague.features == {"duration_ms": 200_000, "explicit": 0}
    assert await clients.deezer.track("1") is None


async def test_signed_addresses_of_previews_are_not_kept(clients: Clients, store: MemoryAnswers):
    await clients.deezer.of_isrc(LAMPLIGHTER.isrc)
    await clients.itunes.track(str(LAMPLIGHTER.apple_id))
    assert len(store.kept) == 2
    assert "cdn.invalid" not in str(store.kept)


async def test_deezer_finds_names_and_takes_nothing_that_is_called_otherwise(
    clients: Clients, stand_ins: StandIns
):
    found = await clients.deezer.search("The Paper Lanterns", "Lamplighter")
    assert found is not None
    assert found.isrcs == (LAMPLIGHTER.isrc,)

    wrong = '{"data": [{"id": 7, "title": "Lamplighter (Live)", "artist": {"name": "Others"}}]}'
    stand_ins.deezer.switches.text, stand_ins.deezer.switches.times = wrong, 1
    assert await clients.deezer.search("Others", "Lamplighter") is None


async def test_deezer_is_asked_again_when_it_says_that_it_is_busy(
    clients: Clients, stand_ins: StandIns
):
    busy = '{"error": {"type": "Exception", "message": "Service busy", "code": 700}}'
    stand_ins.deezer.switches.text, stand_ins.deezer.switches.times = busy, 1
    assert await clients.deezer.track(str(SNOW.deezer_id))
    assert len(stand_ins.deezer.log) == 2


async def test_other_errors_of_deezer_are_failures(clients: Clients, stand_ins: StandIns):
    stand_ins.deezer.switches.text = '{"error": {"message": "Wrong parameter", "code": 500}}'
    with pytest.raises(SourceUnavailableError, match="Wrong parameter"):
        await clients.deezer.track("1")
    assert len(stand_ins.deezer.log) == 1


async def test_deezer_tells_the_genres_of_an_album(clients: Clients):
    found = await clients.deezer.album(str(KINDLING.deezer_id))
    assert found is not None
    assert found.genres == ("R&B", "Pop")


async def test_itunes_tells_a_song(clients: Clients):
    found = await clients.itunes.track(str(LAMPLIGHTER.apple_id), "se")
    named = await clients.itunes.search("The Paper Lanterns", "Lamplighter")

    assert found is not None
    assert named is not None
    assert replace(found, learned_at=named.learned_at) == named
    assert (found.title, found.artists) == ("Lamplighter", ("The Paper Lanterns",))
    assert found.features == {"duration_ms": 200_000, "year": 2001, "explicit": 1}
    assert await clients.itunes.track("1") is None


async def test_names_of_videos_are_read_from_title_and_channel(clients: Clients):
    assert await clients.youtube.names(SONGS[9].video_id) == AskedSong(
        artist="Ash & Ember", title="Filmed"
    )
    assert await clients.youtube.names(SONGS[10].video_id) == AskedSong(
        artist="The Paper Lanterns", title="Also Filmed"
    )
    assert await clients.youtube.names(LAMPLIGHTER.video_id) is None


@pytest.mark.parametrize(
    ("code", "deezer_id"),
    [("9000001", "9000001"), ("page", "9000001"), ("album", ""), ("evil", ""), ("odd", "")],
)
async def test_shortened_links_lead_to_a_track_of_deezer_or_nowhere(
    clients: Clients, stand_ins: StandIns, code: str, deezer_id: str
):
    assert await clients.deezer_links.track_id(code) == deezer_id
    assert stand_ins.deezer_links.paths == [f"/s/{code}"]


@pytest.mark.parametrize("status", [200, 404, 429, 500])
async def test_a_shortened_link_that_fails_is_no_link_to_nowhere(
    clients: Clients, stand_ins: StandIns, store: MemoryAnswers, status: int
):
    stand_ins.deezer_links.switches.status = status
    if status in (200, 404):
        assert await clients.deezer_links.track_id("9000001") == ""
    else:
        with pytest.raises(SourceError):
            await clients.deezer_links.track_id("9000001")
    assert bool(store.kept) == (status in (200, 404))


async def test_texts_of_outsiders_are_tidy(clients: Clients):
    found = [
        await clients.musicbrainz.of_isrc(TRICKS.isrc),
        await clients.deezer.of_isrc(TRICKS.isrc),
        await clients.itunes.track(str(TRICKS.apple_id)),
        await clients.reccobeats.track(TRICKS.spotify_id),
    ]
    for each in found:
        assert each is not None
        assert each.title.startswith("Words with tricks xxx")
        assert len(each.title) == 300


@pytest.mark.parametrize("text", ["null", "[]", '"x"', "7", "{}", '{"content": 3, "results": [1]}'])
async def test_json_of_another_shape_is_an_unknown_song(
    clients: Clients, stand_ins: StandIns, text: str
):
    for service in stand_ins.services.values():
        service.switches.text = text
    ask = clients
    assert await ask.reccobeats.features(LAMPLIGHTER.isrc) is None
    assert await ask.reccobeats.track(LAMPLIGHTER.isrc) is None
    assert await ask.musicbrainz.of_isrc(LAMPLIGHTER.isrc) is None
    assert await ask.listenbrainz.lookup("a", "b") is None
    assert await ask.listenbrainz.listeners(LAMPLIGHTER.mbid) is None
    assert await ask.listenbrainz.spotify_ids(LAMPLIGHTER.mbid) is None
    assert await ask.listenbrainz.recording(LAMPLIGHTER.mbid) is None
    assert await ask.deezer.track("1") is None
    assert await ask.deezer.search("a", "b") is None
    assert await ask.itunes.track("1") is None
    assert await ask.youtube.names("x" * 11) is None
