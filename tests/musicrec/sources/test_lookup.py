"""Songs as people name them become songs of the catalogue, value by value with their origins."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from musicrec.domain.errors import BadInputError, StorageError
from musicrec.domain.learned_song import Origin, known_columns
from musicrec.domain.source_answer import SourceAnswer
from musicrec.sources import (
    AskedSong,
    Clients,
    Orders,
    SongFound,
    SongLookup,
    SourceState,
    Surroundings,
    song_in,
)
from musicrec.sources.settings import SourceSettings
from tests.musicrec.sources.conftest import GENRES
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.store import MemoryAnswers
from tests.stand_ins.town import StandIns
from tests.stand_ins.world import AUDIO, SONGS, Song

LAMPLIGHTER, SNOW, MARKET, ZERO, KINDLING = SONGS[:5]
ONLY_DEEZER, ONLY_ITUNES, ONLY_MUSICBRAINZ, NO_NUMBERS, FILMED, ALSO_FILMED = SONGS[5:11]


def states(found: SongFound) -> dict[str, str]:
    return {report.source: report.state.value for report in found.reports}


def sources(found: SongFound) -> dict[str, str]:
    assert found.song is not None
    return {name: origin.source for name, origin in found.song.origins.items()}


@pytest.mark.parametrize(
    "asked",
    [
        AskedSong(isrc=LAMPLIGHTER.isrc),
        AskedSong(mbid=LAMPLIGHTER.mbid),
        AskedSong(spotify_id=LAMPLIGHTER.spotify_id),
        AskedSong(deezer_id=str(LAMPLIGHTER.deezer_id)),
        AskedSong(deezer_link=str(LAMPLIGHTER.deezer_id)),
        AskedSong(apple_id=str(LAMPLIGHTER.apple_id)),
        AskedSong(artist="The Paper Lanterns", title="Lamplighter"),
    ],
    ids=lambda asked: next(name for name in asked.__slots__ if getattr(asked, name)),
)
async def test_a_song_is_the_same_whatever_it_was_asked_by(lookup: SongLookup, asked: AskedSong):
    found = await lookup.find(asked, GENRES)

    assert found.song is not None
    track = found.song.track
    assert track.id == f"isrc:{LAMPLIGHTER.isrc}"
    assert set(found.song.links) == {
        f"mbid:{LAMPLIGHTER.mbid}",
        f"spotify:track:{LAMPLIGHTER.spotify_id}",
    }
    assert (track.title, track.artists) == ("Lamplighter", ("The Paper Lanterns",))
    assert (track.album, track.genre, track.country) == ("An Album", "rock", "GB")
    assert track.features == {
        **{name: value for name, value in AUDIO.items() if name not in ("loudness", "tempo")},
        "loudness_db": -7.25,
        "tempo_bpm": 128.5,
        "duration_ms": 200_000,
        "year": 2001,
        "explicit": 1,
        "popularity": pytest.approx(50, abs=0.01),
    }


@pytest.mark.parametrize("song", [FILMED, ALSO_FILMED], ids=lambda song: song.title)
async def test_a_video_is_found_by_what_it_is_called(lookup: SongLookup, song: Song):
    found = await lookup.find(song_in(f"https://music.youtube.com/watch?v={song.video_id}"), GENRES)
    assert found.song is not None
    assert found.song.track.id == f"isrc:{song.isrc}"


async def test_links_that_lead_nowhere_are_unknown_to_whose_links_they_are(lookup: SongLookup):
    video = await lookup.find(AskedSong(youtube_id=LAMPLIGHTER.video_id), GENRES)
    short = await lookup.find(AskedSong(deezer_link="album"), GENRES)

    assert (video.song, states(video)) == (None, {"YouTube": "unknown"})
    assert (short.song, states(short)) == (None, {"Deezer's shortened links": "unknown"})


async def test_every_value_tells_where_it_comes_from(lookup: SongLookup, clock: SkippingClock):
    found = await lookup.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)

    assert found.song is not None
    assert sorted(found.song.origins) == sorted(known_columns(found.song.track))
    came = sources(found)
    assert {came[name] for name in ("title", "artists", "duration_ms", "year", "country")} == {
        "MusicBrainz"
    }
    assert {came[name] for name in ("album", "explicit")} == {"Deezer"}
    assert {came[name] for name in ("energy", "key", "tempo_bpm", "loudness_db")} == {"ReccoBeats"}
    assert came["popularity"] == "ListenBrainz"
    assert found.song.origins["title"] == Origin("MusicBrainz", START, "CC0 1.0")
    assert found.song.origins["genre"] == Origin("MusicBrainz", START, "CC BY-NC-SA 3.0")
    assert found.song.origins["energy"].licence == ""
    assert all(START <= each.learned_at <= clock.now() for each in found.song.origins.values())


async def test_a_song_that_was_asked_for_before_needs_no_call(
    lookup: SongLookup, stand_ins: StandIns, clock: SkippingClock
):
    first = await lookup.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)
    n_requests = stand_ins.n_requests
    clock.pass_(86_400)
    again = await lookup.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)

    assert again == first
    assert stand_ins.n_requests == n_requests


async def test_ten_who_ask_for_one_song_at_once_cost_as_much_as_one(
    lookup: SongLookup, stand_ins: StandIns
):
    await lookup.find(AskedSong(isrc=SNOW.isrc), GENRES)
    alone = stand_ins.n_requests
    asks = (lookup.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES) for _ in range(10))
    found = await asyncio.gather(*asks)

    assert len({each.song.track.id for each in found if each.song}) == 1
    assert stand_ins.n_requests <= 2 * alone


async def test_what_no_source_knows_stays_missing(lookup: SongLookup):
    found = await lookup.find(AskedSong(isrc=ZERO.isrc), GENRES)

    assert found.song is not None
    assert found.song.track.features == {"duration_ms": 200_000, "explicit": 0}
    assert (found.song.track.genre, found.song.track.country) == (None, None)


async def test_listeners_are_counted_at_the_recording_that_stands_for_the_song(
    lookup: SongLookup,
):
    found = await lookup.find(AskedSong(isrc=SNOW.isrc), GENRES)
    assert found.song is not None
    assert found.song.track.features["popularity"] == pytest.approx(500 / 6, abs=0.01)
    assert f"mbid:{SNOW.mbid}" in found.song.links
    assert f"mbid:{SNOW.canonical_mbid}" not in found.song.links


async def test_countries_of_areas_and_genres_of_artists_are_used(lookup: SongLookup):
    snow = (await lookup.find(AskedSong(isrc=SNOW.isrc), GENRES)).song
    market = (await lookup.find(AskedSong(isrc=MARKET.isrc), GENRES)).song

    assert snow is not None
    assert (snow.track.country, snow.track.genre) == ("SE", "folk")
    assert market is not None
    assert (market.track.country, market.track.genre) == ("GH", "afrobeat")
    assert market.track.artists == ("Kwame Ofori-Lind", "Ash & Ember")


@pytest.mark.parametrize(
    ("song", "asked", "source"),
    [
        (ONLY_DEEZER, AskedSong(isrc=ONLY_DEEZER.isrc), "Deezer"),
        (ONLY_DEEZER, AskedSong(artist="The Paper Lanterns", title="Only on Deezer"), "Deezer"),
        (ONLY_ITUNES, AskedSong(artist="The Paper Lanterns", title="Only in the Shop"), "iTunes"),
        (ONLY_MUSICBRAINZ, AskedSong(mbid=ONLY_MUSICBRAINZ.mbid), "MusicBrainz"),
    ],
    ids=["isrc", "names", "shop", "mbid"],
)
async def test_a_song_that_one_source_knows_is_found_there(
    lookup: SongLookup, song: Song, asked: AskedSong, source: str
):
    found = await lookup.find(asked, GENRES)
    assert found.song is not None
    assert found.song.track.title == song.title
    assert set(sources(found).values()) == {source}
    assert states(found)[source] == "ok"
    assert states(found)["ListenBrainz"] == "unknown"


async def test_a_song_that_nobody_knows_is_none_and_everyone_was_asked(
    lookup: SongLookup,
):
    by_isrc = await lookup.find(AskedSong(isrc="QZZZZ0000000"), GENRES)
    by_name = await lookup.find(AskedSong(artist="Nobody", title="Nothing"), GENRES)

    assert by_isrc.song is None
    asked_by_isrc = ("MusicBrainz", "Deezer", "ReccoBeats")
    assert states(by_isrc) == dict.fromkeys(asked_by_isrc, "unknown")
    assert by_name.song is None
    assert states(by_name) == dict.fromkeys(("ListenBrainz", "Deezer", "iTunes"), "unknown")


@pytest.mark.parametrize(
    ("service", "lost"),
    [
        ("reccobeats", {"energy", "key"}),
        ("listenbrainz", set[str]()),
        ("deezer", {"explicit"}),
        ("listenbrainz_labs", set[str]()),
        ("musicbrainz", set[str]()),
    ],
)
@pytest.mark.parametrize("failure", ["down", "closed", "garbage"])
async def test_one_source_that_fails_only_leaves_its_values_out(
    lookup: SongLookup, stand_ins: StandIns, service: str, lost: set[str], failure: str
):
    stand_in = stand_ins.services[service]
    switches = stand_in.switches
    switches.is_down = failure == "down"
    if failure == "closed":
        switches.status, switches.retry_after = 429, "3600"
    if failure == "garbage":
        switches.text = "<html>"
    found = await lookup.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)

    assert found.song is not None
    track = found.song.track
    assert (track.title, track.genre, track.country) == ("Lamplighter", "rock", "GB")
    assert not lost & set(known_columns(track))
    assert {"duration_ms", "year", "popularity"} <= set(track.features)
    report = next(each for each in found.reports if each.source == stand_in.name)
    assert report.state == (SourceState.CLOSED if failure == "closed" else SourceState.UNAVAILABLE)
    assert (report.closed_until is not None) == (failure == "closed")
    assert report.reason
    others = {state for name, state in states(found).items() if name != stand_in.name}
    assert others == {"ok"}


async def test_features_alone_make_a_song_known_where_nobody_else_answers(
    lookup: SongLookup, stand_ins: StandIns
):
    for service in (
        stand_ins.musicbrainz,
        stand_ins.deezer,
        stand_ins.listenbrainz,
        stand_ins.listenbrainz_labs,
    ):
        service.switches.is_down = True
    found = await lookup.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)

    assert found.song is not None
    assert found.song.track.title == "Lamplighter"
    assert found.song.track.features["energy"] == 0.71


async def test_what_somebody_typed_is_not_kept(lookup: SongLookup, store: MemoryAnswers):
    await lookup.find(AskedSong(artist="My secret", title="Telephone number"), GENRES)
    await lookup.find(AskedSong(artist="the paper LANTERNS", title="lamplighter"), GENRES)
    assert store.kept
    assert not [word for word in ("secret", "elephone", "LANTERNS") if word in str(store.kept)]


async def test_when_every_source_fails_the_song_is_none_and_each_says_why(
    lookup: SongLookup, stand_ins: StandIns
):
    for service in stand_ins.services.values():
        service.switches.status = 500
    pasted = AskedSong(youtube_id=FILMED.video_id, deezer_link="1", isrc=FILMED.isrc)
    found = await lookup.find(pasted, GENRES)

    assert found.song is None
    assert set(states(found).values()) == {"unavailable"}
    assert "YouTube" in states(found)


async def test_the_order_of_sources_is_a_setting(clients: Clients, settings: SourceSettings):
    other = SongLookup(
        clients,
        Orders(
            names=("Deezer", "MusicBrainz"),
            features=("Deezer",),
            genres=("Deezer",),
            country=("ListenBrainz",),
            popularity=("Deezer", "ListenBrainz"),
        ),
    )
    found = await other.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)
    kindling = await other.find(AskedSong(isrc=KINDLING.isrc), GENRES)

    assert found.song is not None
    assert set(found.song.track.features) == {
        "duration_ms",
        "explicit",
        "year",
        "tempo_bpm",
        "popularity",
    }
    assert found.song.track.features["popularity"] == 50
    assert found.song.track.features["tempo_bpm"] == 127.9
    assert found.song.track.genre is None
    assert (found.song.track.country, sources(found)["country"]) == ("GB", "ListenBrainz")
    assert sources(found)["title"] == "Deezer"
    assert kindling.song is not None
    assert (kindling.song.track.genre, sources(kindling)["genre"]) == ("r-n-b", "Deezer")
    assert settings.orders == Orders()


def test_a_misspelt_source_is_refused():
    with pytest.raises(BadInputError, match="There is no source 'Deezr'; there are ReccoBeats,"):
        Orders(genres=("Deezr",))


async def test_a_source_that_is_not_named_for_features_is_not_asked_for_them(
    clients: Clients, stand_ins: StandIns
):
    without = SongLookup(clients, replace(Orders(), features=()))
    found = await without.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)

    assert found.song is not None
    assert "energy" not in found.song.track.features
    assert stand_ins.reccobeats.log == []


async def test_a_name_that_means_another_song_does_not_change_the_one_asked_for(
    lookup: SongLookup, stand_ins: StandIns
):
    stand_ins.musicbrainz.switches.status = 404
    other = (
        f'{{"index": 0, "recording_mbid": "{SNOW.mbid}", "recording_name": "Snow on the Quay",'
        ' "artist_credit_name": "Orla Svensdotter", "artist_mbids": []}'
    )
    stand_ins.listenbrainz_labs.switches.text = f"[{other}]"
    found = await lookup.find(AskedSong(isrc=LAMPLIGHTER.isrc), GENRES)

    assert found.song is not None
    assert f"mbid:{SNOW.mbid}" not in found.song.links
    assert found.song.track.title == "Lamplighter"


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("the paper lantern - lamplihgter", True),
        ("The Paper Lanterns feat. Somebody - Lamplighter (Remastered 2011)", True),
        ("Somebody else - Snow", False),
        ("A podcast - Episode 7", False),
    ],
)
async def test_typing_errors_are_forgiven_and_other_songs_are_not_taken(
    lookup: SongLookup, stand_ins: StandIns, typed: str, *, is_found: bool
):
    stand_ins.listenbrainz_labs.switches.text = (
        f'[{{"index": 0, "recording_mbid": "{LAMPLIGHTER.mbid}", "recording_name": "Lamplighter",'
        ' "artist_credit_name": "The Paper Lanterns", "artist_mbids": []}]'
    )
    found = await lookup.find(song_in(typed), GENRES)
    assert (found.song is not None) == is_found


async def test_a_failing_database_is_told_and_leaves_nothing_behind(
    settings: SourceSettings, surroundings: Surroundings
):
    class Broken(MemoryAnswers):
        async def put_answers(self, answers: Sequence[SourceAnswer]) -> None:
            msg = f"The disk is full: {len(answers)} answers are lost."
            raise StorageError(msg)

    clients = Clients.of(settings, replace(surroundings, store=Broken()))
    asked = [AskedSong(isrc=song.isrc) for song in SONGS]
    with pytest.raises(StorageError, match="full"):
        async for _ in SongLookup(clients, settings.orders).find_all(asked, GENRES):
            pass
    await clients.close()


async def test_many_songs_are_found_a_few_at_a_time(lookup: SongLookup):
    asked = [AskedSong(isrc=song.isrc) for song in SONGS]
    found = {one.isrc: each async for one, each in lookup.find_all(asked, GENRES, at_once=3)}

    known = {isrc for isrc, each in found.items() if each.song}
    assert len(found) == len(SONGS)
    assert known == {song.isrc for song in SONGS} - {ONLY_ITUNES.isrc}


async def test_whoever_stops_listening_stops_the_rest(lookup: SongLookup, stand_ins: StandIns):
    asked = [AskedSong(isrc=song.isrc) for song in SONGS]
    finding = lookup.find_all(asked, GENRES, at_once=2)
    await anext(finding)
    await finding.aclose()
    asked_for = {path for path in stand_ins.deezer.paths if "isrc" in path}
    assert len(asked_for) <= 4
