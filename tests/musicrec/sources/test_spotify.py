"""The real client, spotipy in it, against the stand-in of Spotify on 127.0.0.1."""

import asyncio
import contextlib
import logging
import traceback
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.stand_in.exchange import Trouble
from bot.stand_in.service import Spotify
from musicrec.domain.errors import BadInputError, SourceClosedError, SourceUnavailableError
from musicrec.sources import Surroundings
from musicrec.sources.facts import Facts
from musicrec.sources.settings import SpotifySettings
from musicrec.sources.spotify import SpotifyClient
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.store import MemoryAnswers
from tests.stand_ins.world import AUDIO, SONGS

LAMPLIGHTER, SNOW, MARKET, ZERO, KINDLING = SONGS[:5]
ONLY_DEEZER, TRICKS = SONGS[5], SONGS[11]


def token_calls(spotify: Spotify) -> int:
    return sum(str(each.asked) == "POST /api/token" for each in spotify.log)


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_link_is_who_the_song_is(client: SpotifyClient):
    found = await client.track(SNOW.spotify_id)

    assert found == Facts(
        "Spotify",
        START,
        "Spotify Developer Terms; no model may be trained on it",
        title="Snow on the Quay",
        artists=("Orla Svensdotter", "Ash & Ember"),
        album="An Album",
        isrcs=(SNOW.isrc,),
        spotify_ids=(SNOW.spotify_id,),
        features={"duration_ms": 200_000, "explicit": 0, "year": 2014},
    )


async def test_an_isrc_leads_to_its_track(client: SpotifyClient, spotify: Spotify):
    found = await client.of_isrc(KINDLING.isrc)

    assert found is not None
    assert found.spotify_ids == (KINDLING.spotify_id,)
    search = spotify.log[-1].asked
    assert (search.query["q"], search.query["limit"]) == (f"isrc:{KINDLING.isrc}", "10")


@pytest.mark.parametrize(
    ("artist", "title"),
    [("Ash & Ember", "Kindling"), ("ash & ember", 'KINDLING "(Remastered 2019)"')],
)
async def test_names_lead_to_their_track(client: SpotifyClient, artist: str, title: str):
    found = await client.search(artist, title)
    assert found is not None
    assert found.spotify_ids == (KINDLING.spotify_id,)


async def test_what_is_called_otherwise_is_not_taken(client: SpotifyClient):
    assert await client.search("Orla Svensdotter", "Snow") is None


async def test_a_track_with_another_isrc_is_not_taken(client: SpotifyClient, spotify: Spotify):
    track = f'{{"id": "{SNOW.spotify_id}", "name": "Snow", "artists": [{{"name": "Orla"}}]}}'
    spotify.troubles.append(Trouble("/search", text=f'{{"tracks": {{"items": [{track}]}}}}'))
    assert await client.of_isrc(SNOW.isrc) is None


async def test_names_as_long_as_a_book_are_no_malformed_search(client: SpotifyClient):
    assert await client.search("x" * 900, "y" * 900) is None


async def test_what_spotify_does_not_know_is_none_and_kept_for_a_week(
    client: SpotifyClient, spotify: Spotify
):
    for _ in range(2):
        assert await client.track(ONLY_DEEZER.spotify_id) is None
        assert await client.of_isrc(ONLY_DEEZER.isrc) is None
    assert len(spotify.asked()) == 2


async def test_what_is_not_known_of_a_track_is_missing(client: SpotifyClient):
    found = await client.track(ZERO.spotify_id)
    assert found is not None
    assert "year" not in found.features
    assert "popularity" not in found.features


async def test_texts_of_spotify_are_tidy(client: SpotifyClient):
    found = await client.track(TRICKS.spotify_id)
    assert found is not None
    assert found.title.startswith("Words with tricks xxx")
    assert len(found.title) == 300


async def test_nothing_is_kept_that_is_not_read(client: SpotifyClient, store: MemoryAnswers):
    await client.track(SNOW.spotify_id)
    (kept,) = [each.answer for each in store.kept.values()]
    assert kept == {
        "id": SNOW.spotify_id,
        "name": "Snow on the Quay",
        "artists": [{"name": "Orla Svensdotter"}, {"name": "Ash & Ember"}],
        "album": {"name": "An Album", "release_date": "2014"},
        "duration_ms": 200_000,
        "explicit": False,
        "external_ids": {"isrc": SNOW.isrc},
    }


async def test_what_somebody_typed_is_not_kept_as_typed(
    client: SpotifyClient, store: MemoryAnswers
):
    await client.search("My secret", "Telephone number")
    assert store.kept
    assert "secret" not in str(store.kept)


async def test_a_token_serves_until_it_ends(client: SpotifyClient, spotify: Spotify):
    await client.track(SNOW.spotify_id)
    await client.track(MARKET.spotify_id)
    assert token_calls(spotify) == 1

    spotify.accounts.expire_access()
    assert await client.track(ZERO.spotify_id)
    assert token_calls(spotify) == 2


async def test_two_who_ask_for_one_song_at_once_make_one_call(
    client: SpotifyClient, spotify: Spotify
):
    found = await asyncio.gather(*(client.track(SNOW.spotify_id) for _ in range(2)))
    assert found[0] == found[1]
    assert spotify.asked() == [f"GET /tracks/{SNOW.spotify_id}"]


async def test_calls_keep_their_distance(
    client: SpotifyClient, spotify: Spotify, clock: SkippingClock
):
    await asyncio.gather(*(client.track(f"Unknown{n:015d}") for n in range(40)))
    assert len(spotify.asked()) == 40
    assert sum(clock.slept) == pytest.approx(39 * 0.5)


async def test_a_used_up_quota_closes_one_kind_of_call_and_a_restart_keeps_it_closed(
    client: SpotifyClient,
    spotify: Spotify,
    spotify_settings: SpotifySettings,
    surroundings: Surroundings,
    clock: SkippingClock,
):
    spotify.limits.a_day["tracks"] = 1
    await client.track(SNOW.spotify_id)
    with pytest.raises(SourceClosedError, match="its quota is used up") as closed:
        await client.track(MARKET.spotify_id)
    assert closed.value.until - clock.now() == timedelta(days=1)
    assert await client.of_isrc(MARKET.isrc)

    n_asked = len(spotify.log)
    restarted = SpotifyClient(spotify_settings, surroundings)
    with pytest.raises(SourceClosedError):
        await restarted.track(MARKET.spotify_id)
    assert len(spotify.log) == n_asked
    clock.pass_(86_401)
    assert await restarted.track(MARKET.spotify_id)
    restarted.close()


async def test_a_quota_that_names_no_end_lasts_a_day(
    client: SpotifyClient, spotify: Spotify, clock: SkippingClock
):
    spotify.troubles.append(Trouble(status=429, reason="QUOTA_EXCEEDED", only="/tracks"))
    with pytest.raises(SourceClosedError) as closed:
        await client.track(SNOW.spotify_id)
    assert closed.value.until - clock.now() == timedelta(days=1)


@pytest.mark.parametrize("only", ["/tracks", "/api/token"])
@pytest.mark.parametrize("text", [None, "[]", "<html>", "[" * 100_000])
async def test_a_long_retry_after_closes_without_waiting(
    client: SpotifyClient, spotify: Spotify, clock: SkippingClock, only: str, text: str | None
):
    spotify.troubles.append(Trouble(only, status=429, retry_after="48925", text=text))
    with pytest.raises(SourceClosedError) as closed:
        await client.track(SNOW.spotify_id)
    assert closed.value.until == START + timedelta(seconds=48_925)
    assert clock.slept == []


async def test_a_short_retry_after_is_waited_for(
    client: SpotifyClient, spotify: Spotify, clock: SkippingClock
):
    spotify.troubles.append(Trouble("/tracks", status=429, retry_after="3", times=1))
    assert await client.track(SNOW.spotify_id)
    assert clock.slept == [3.0]


async def test_our_own_budget_is_kept_for_each_kind_of_call(
    spotify: Spotify, spotify_settings: SpotifySettings, surroundings: Surroundings
):
    frugal = replace(spotify_settings, api=replace(spotify_settings.api, per_day=2))
    client = SpotifyClient(frugal, surroundings)
    for song in (SNOW, MARKET):
        await client.track(song.spotify_id)
    with pytest.raises(SourceClosedError, match="its calls of today are used up"):
        await client.track(ZERO.spotify_id)
    assert await client.of_isrc(ZERO.isrc)
    assert len(spotify.asked("/tracks")) == 2
    client.close()


def test_the_budget_is_five_hundred_calls_a_day():
    assert SpotifySettings("id", "secret").api.per_day == 500


@pytest.mark.parametrize("only", ["/tracks", "/api/token"])
@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_passing_failure_is_tried_again(
    client: SpotifyClient, spotify: Spotify, only: str, status: int
):
    spotify.troubles.append(Trouble(only, status=status, times=2))
    assert await client.track(SNOW.spotify_id)


@pytest.mark.parametrize("only", ["/tracks", "/api/token"])
@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Trouble(status=502), r"it failed \(HTTP 502\)"),
        (Trouble(is_down=True), "it cannot be reached"),
        (Trouble(text="<html>"), "cannot be understood"),
        (Trouble(text="null"), "cannot be understood"),
        (Trouble(text=""), "cannot be understood"),
        (Trouble(text='{"id": NaN, "expires_in": NaN}'), "cannot be understood"),
        (Trouble(text="[" * 100_000), "cannot be understood"),
        (Trouble(text='"' + "x" * 3_000_000 + '"'), "far too long"),
        (Trouble(status=302, headers={"Location": "http://127.0.0.1:1/"}), r"\(HTTP 302\)"),
    ],
    ids=["502", "down", "page", "null", "empty", "nan", "deep", "long", "redirect"],
)
async def test_a_failure_is_ours_whatever_it_is(
    client: SpotifyClient, spotify: Spotify, trouble: Trouble, reason: str, only: str
):
    spotify.troubles.append(replace(trouble, only=only))
    with pytest.raises(SourceUnavailableError, match=reason):
        await client.track(SNOW.spotify_id)
    spotify.troubles.clear()


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize("text", [None, "[]", '{"error": "text"}', "", "[" * 100_000])
async def test_a_refusal_is_ours_in_whatever_words(
    client: SpotifyClient, spotify: Spotify, status: int, text: str | None
):
    spotify.troubles.append(Trouble("/tracks", status=status, text=text))
    with pytest.raises(SourceUnavailableError):
        await client.track(SNOW.spotify_id)


@pytest.mark.parametrize(
    "text",
    ["[]", "{}", '{"expires_in": 3600}', '{"access_token": "a\\nb", "expires_in": 3600}'],
)
async def test_a_token_that_is_none_is_not_used_again(
    client: SpotifyClient, spotify: Spotify, text: str
):
    spotify.troubles.append(Trouble("/api/token", text=text, times=1))
    assert await client.track(SNOW.spotify_id)
    assert token_calls(spotify) == 2


async def test_a_slow_reply_is_a_failure(
    spotify: Spotify, spotify_settings: SpotifySettings, surroundings: Surroundings
):
    hasty = replace(spotify_settings.api, timeout_s=0.1, tries=1)
    client = SpotifyClient(replace(spotify_settings, api=hasty), surroundings)
    spotify.troubles.append(Trouble("/tracks", slow_s=1.0))
    with pytest.raises(SourceUnavailableError, match="no answer came in time"):
        await client.track(SNOW.spotify_id)
    client.close()


async def test_a_reply_that_drips_is_a_failure(
    spotify_settings: SpotifySettings, surroundings: Surroundings
):
    is_over = asyncio.Event()

    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(10):
            writer.write(b" " * 2_000)
            await asyncio.sleep(0.1)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        is_over.set()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        hasty = replace(spotify_settings.api, timeout_s=0.3, tries=1)
        dripping = replace(spotify_settings, api=hasty, accounts_url=f"http://127.0.0.1:{port}")
        client = SpotifyClient(dripping, surroundings)
        with pytest.raises(SourceUnavailableError, match="no answer came in time"):
            await client.track(SNOW.spotify_id)
        client.close()
        await is_over.wait()


async def test_passwords_of_the_operators_own_are_not_sent(
    client: SpotifyClient, spotify: Spotify, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something")
    monkeypatch.setenv("NETRC", str(netrc))
    assert await client.track(SNOW.spotify_id)
    assert spotify.log[-1].asked.headers["Authorization"].startswith("Bearer ")


async def test_an_application_that_is_none_is_said_and_not_tried_again(
    spotify: Spotify, spotify_settings: SpotifySettings, surroundings: Surroundings
):
    client = SpotifyClient(
        replace(spotify_settings, client_id="an-application-that-was-deleted"), surroundings
    )
    with pytest.raises(SourceUnavailableError, match="does not accept the application's id"):
        await client.track(SNOW.spotify_id)
    assert token_calls(spotify) == 1
    client.close()


async def test_a_failure_is_no_negative_answer(client: SpotifyClient, spotify: Spotify):
    spotify.troubles.append(Trouble("/tracks", status=403, times=1))
    with pytest.raises(SourceUnavailableError, match="403"):
        await client.track(SNOW.spotify_id)
    assert await client.track(SNOW.spotify_id)


async def test_closing_leaves_nobody_waiting(
    spotify: Spotify, spotify_settings: SpotifySettings, surroundings: Surroundings
):
    client = SpotifyClient(spotify_settings, surroundings)
    spotify.troubles.append(Trouble("/tracks", slow_s=0.3))
    songs = [asyncio.create_task(client.track(song.spotify_id)) for song in SONGS[:3]]
    await asyncio.sleep(0.05)
    await asyncio.gather(*(api.close() for api in client.apis))
    client.close()
    answers = await asyncio.gather(*songs, return_exceptions=True)
    assert {type(each) for each in answers} == {asyncio.CancelledError}


async def test_audio_features_come_in_one_call_where_the_application_has_them(
    spotify: Spotify, spotify_settings: SpotifySettings, surroundings: Surroundings
):
    spotify.has_audio_features = True
    client = SpotifyClient(replace(spotify_settings, audio_features=True), surroundings)
    found = await asyncio.gather(*(client.features(s.spotify_id) for s in (LAMPLIGHTER, MARKET)))

    assert client.has_features
    assert found[1] is None
    assert found[0] is not None
    assert found[0].features == {
        **{name: value for name, value in AUDIO.items() if name not in ("loudness", "tempo")},
        "loudness_db": -7.25,
        "tempo_bpm": 128.5,
        "time_signature": 4,
    }
    assert spotify.asked() == ["GET /audio-features"]
    client.close()
    spotify.log.clear()  # the operation is deprecated, as its description says


async def test_a_new_application_is_refused_audio_features(client: SpotifyClient, spotify: Spotify):
    assert not client.has_features
    with pytest.raises(SourceUnavailableError, match=r"it refuses us \(HTTP 403\)"):
        await client.features(LAMPLIGHTER.spotify_id)
    spotify.log.clear()  # the operation is deprecated, as its description says


@pytest.mark.parametrize(("client_id", "secret"), [("", "secret"), ("id", ""), ("", "")])
def test_half_an_application_is_none(client_id: str, secret: str):
    with pytest.raises(BadInputError, match="both an id and a secret"):
        SpotifySettings(client_id, secret)


def test_settings_do_not_print_the_secret():
    assert "hush" not in repr(SpotifySettings("id", "hush"))


async def test_no_token_reaches_a_log_an_error_or_a_file(
    client: SpotifyClient,
    spotify: Spotify,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    monkeypatch.chdir(tmp_path)
    for name in (None, "spotipy", "spotipy.client", "spotipy.oauth2", "urllib3", "musicrec"):
        caplog.set_level(logging.DEBUG, logger=name)
    spotify.troubles.append(Trouble("/tracks", status=403, times=1))
    spotify.troubles.append(Trouble("/api/token", spared=1, status=400, times=1))
    told: list[str] = []
    calls = [
        lambda: client.track(SNOW.spotify_id),
        lambda: client.track(SNOW.spotify_id),
        lambda: client.search("My secret", "Telephone number"),
        lambda: client.track(MARKET.spotify_id),
    ]
    for call in calls:
        try:
            await call()
        except SourceUnavailableError as error:
            told += traceback.format_exception(error)
        if call is calls[2]:
            spotify.accounts.expire_access()

    written = caplog.text + "".join(told)
    assert told
    assert spotify.accounts.issued
    for secret in (*spotify.accounts.issued, "its-secret", "Bearer ", "Basic ", "My secret"):
        assert secret not in written
    assert files_in(tmp_path) == []
