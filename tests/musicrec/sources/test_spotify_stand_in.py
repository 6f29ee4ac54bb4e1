"""The stand-in of Spotify behaves as the real one is documented to, towards spotipy itself."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from spotipy import Spotify as Spotipy
from spotipy import SpotifyException, SpotifyOauthError, SpotifyPKCE
from spotipy.cache_handler import MemoryCacheHandler

from bot.stand_in.accounts import CLIENT_ID, REDIRECTS
from bot.stand_in.exchange import Answered, Asked, Exchange, Trouble
from bot.stand_in.people import Entry, Listener, Playlist
from bot.stand_in.service import PREFIX, Spotify
from musicrec.sources.replies import FailedError, RefusedError
from musicrec.sources.spotify_http import polite_session
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.spotify.openapi import PROBE, SPEC, problems
from tests.stand_ins.world import SONGS

SCOPES = (
    "playlist-read-private playlist-modify-private playlist-modify-public user-library-read"
    " user-library-modify user-top-read"
)
KNOWN = [song for song in SONGS if "Spotify" in song.known_to]
URIS = [f"spotify:track:{song.spotify_id}" for song in KNOWN]
LOCAL = "spotify:local:Somebody:A+Tape:At+Home:201"
Do = Callable[..., Any]


@dataclass
class Visit:
    """What spotipy needs of a listener who comes by."""

    spotify: Spotify
    session: requests.Session

    def oauth(self, scope: str = SCOPES) -> SpotifyPKCE:
        made: Any = SpotifyPKCE  # its defaults are no types
        auth = made(
            CLIENT_ID,
            f"{REDIRECTS[0].replace('127.0.0.1', '127.0.0.1:8711')}",
            state="a-state",
            scope=scope,
            cache_handler=MemoryCacheHandler(),
            requests_session=self.session,
            requests_timeout=5,
            open_browser=False,
        )
        auth.OAUTH_AUTHORIZE_URL = f"{self.spotify.address}/authorize"
        auth.OAUTH_TOKEN_URL = f"{self.spotify.address}/api/token"
        return auth

    def callback(self, auth: SpotifyPKCE) -> dict[str, str]:
        """Open the page as a browser does; return what the redirect says."""
        reply = requests.get(auth.get_authorize_url(), allow_redirects=False, timeout=5)
        assert reply.status_code == 302, reply.text
        query = urlsplit(reply.headers["Location"]).query
        return {name: values[0] for name, values in parse_qs(query).items()}

    def client(self, listener: str, scope: str = SCOPES) -> Spotipy:
        self.spotify.accounts.visitor = listener
        auth = self.oauth(scope)
        token = auth.get_access_token(self.callback(auth)["code"], check_cache=False)
        return self.client_of(token)

    def client_of(self, token: str) -> Spotipy:
        made: Any = Spotipy
        client = made(auth=token, requests_session=self.session, requests_timeout=5)
        client.prefix = f"{self.spotify.address}{PREFIX}/"
        return client


@pytest.fixture
async def visit(spotify: Spotify) -> AsyncIterator[Visit]:
    spotify.invite(Listener("orla", "Orla"))
    spotify.invite(Listener("kwame", "Kwame"))
    visit = Visit(spotify, polite_session(5))
    yield visit
    visit.session.close()


@pytest.fixture
async def orla(visit: Visit) -> Spotipy:
    return await asyncio.to_thread(visit.client, "orla")


@pytest.fixture
def mix(spotify: Spotify, visit: Visit) -> Playlist:
    """Orla's: 120 places, a song of her own computer among them."""
    assert visit.spotify is spotify
    uris = [*(URIS * 20)[:119], LOCAL]
    entries = tuple(Entry(uri, START, "orla") for uri in uris)
    return spotify.add(Playlist("Mix" + "0" * 19, "orla", "Mix", versions=[entries]))


async def do(call: Do, *args: Any, **kwargs: Any) -> Any:
    """Let spotipy work in a thread, because the stand-in works in this one."""
    return await asyncio.to_thread(call, *args, **kwargs)


async def add(client: Any, playlist: str, uris: list[str], **kwargs: int) -> Any:
    """Add songs as the Web API describes it; spotipy's own method sends a bare array."""
    return await do(client._post, f"playlists/{playlist}/items", payload={"uris": uris, **kwargs})


async def refusal(call: Do, *args: Any, **kwargs: Any) -> int:
    with pytest.raises(SpotifyException) as refused:
        await do(call, *args, **kwargs)
    return refused.value.http_status


async def probe(spotify: Spotify, method: str, path: str, token: str, **kwargs: Any) -> int:
    headers = {"Authorization": f"Bearer {token}", "User-Agent": PROBE}
    url = f"{spotify.address}{PREFIX}{path}"
    reply = await do(requests.request, method, url, headers=headers, timeout=5, **kwargs)
    return reply.status_code


def token_of(client: Any) -> str:
    return client._auth


async def test_a_listener_authorises_and_spotipy_refreshes(visit: Visit, spotify: Spotify):
    spotify.accounts.visitor = "orla"
    auth = visit.oauth()
    back = await do(visit.callback, auth)
    assert back["state"] == "a-state"
    first = await do(auth.get_access_token, back["code"], check_cache=False)
    assert (await do(visit.client_of(first).me))["account_id"] == "account-of-orla"

    spotify.accounts.expire_access()
    assert await refusal(visit.client_of(first).me) == 401
    kept: Any = auth.cache_handler.get_cached_token()
    assert set(kept["scope"].split()) == set(SCOPES.split())
    renewed = await do(auth.refresh_access_token, kept["refresh_token"])
    assert await do(visit.client_of(renewed["access_token"]).me)
    assert renewed["refresh_token"] == kept["refresh_token"]  # none came with the answer


async def test_a_listener_may_decline(visit: Visit, spotify: Spotify):
    spotify.accounts.visitor = ""
    assert await do(visit.callback, visit.oauth()) == {"error": "access_denied", "state": "a-state"}


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ("redirect_uri", "http://localhost:8711/callback"),
        ("redirect_uri", "http://127.0.0.1:8711/elsewhere"),
        ("redirect_uri", "https://evil.example.invalid/callback"),
        ("client_id", "another"),
        ("response_type", "token"),
        ("code_challenge_method", "plain"),
    ],
)
async def test_a_malformed_authorisation_leads_nowhere(
    visit: Visit, spotify: Spotify, change: str, value: str
):
    spotify.accounts.visitor = "orla"
    parts = urlsplit(visit.oauth().get_authorize_url())
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    url = f"{spotify.address}/authorize"
    reply = await do(requests.get, url, {**query, change: value}, allow_redirects=False, timeout=5)
    assert reply.status_code == 400
    assert not spotify.accounts.codes


@pytest.mark.parametrize("spoiled", ["verifier", "redirect", "again", "late", "revoked"])
async def test_a_code_serves_once_for_ten_minutes_and_for_its_own_attempt(
    visit: Visit, spotify: Spotify, clock: SkippingClock, spoiled: str
):
    spotify.accounts.visitor = "orla"
    auth: Any = visit.oauth()
    code = (await do(visit.callback, auth))["code"]
    if spoiled == "verifier":
        auth.code_verifier = "v" * 64
    if spoiled == "redirect":
        auth.redirect_uri = REDIRECTS[1]
    if spoiled == "again":
        await do(auth.get_access_token, code, check_cache=False)
    if spoiled == "late":
        clock.pass_(601)
    if spoiled == "revoked":
        spotify.accounts.revoke("orla")
    with pytest.raises(SpotifyOauthError) as refused:
        await do(auth.get_access_token, code, check_cache=False)
    assert refused.value.error == "invalid_grant"


async def test_a_refresh_token_ends_six_months_after_the_authorisation_however_often_used(
    visit: Visit, spotify: Spotify, clock: SkippingClock
):
    spotify.accounts.visitor, spotify.accounts.rotates = "orla", True
    auth = visit.oauth()
    await do(auth.get_access_token, (await do(visit.callback, auth))["code"], check_cache=False)
    old: Any = auth.cache_handler.get_cached_token()
    clock.pass_(timedelta(days=182).total_seconds())
    new = await do(auth.refresh_access_token, old["refresh_token"])
    assert new["refresh_token"] != old["refresh_token"]
    with pytest.raises(SpotifyOauthError, match="Refresh token revoked"):
        await do(auth.refresh_access_token, old["refresh_token"])

    clock.pass_(timedelta(days=1).total_seconds())
    with pytest.raises(SpotifyOauthError, match="Refresh token expired") as refused:
        await do(auth.refresh_access_token, new["refresh_token"])
    assert refused.value.error == "invalid_grant"


async def test_a_listener_who_revokes_ends_everything(visit: Visit, spotify: Spotify):
    spotify.accounts.visitor = "orla"
    auth = visit.oauth()
    token = await do(
        auth.get_access_token, (await do(visit.callback, auth))["code"], check_cache=False
    )
    spotify.accounts.revoke("orla")
    kept: Any = auth.cache_handler.get_cached_token()
    assert await refusal(visit.client_of(token).me) == 401
    with pytest.raises(SpotifyOauthError, match="revoked"):
        await do(auth.refresh_access_token, kept["refresh_token"])


async def test_only_the_five_who_are_invited_are_served(visit: Visit, spotify: Spotify):
    stranger = spotify.invite(Listener("ash", "Ash", is_invited=False))
    assert await refusal((await do(visit.client, stranger.id)).me) == 403


async def test_what_was_not_allowed_is_refused(visit: Visit, mix: Playlist):
    reader = await do(visit.client, "orla", "playlist-read-private")
    assert (await do(reader.playlist_items, mix.id, limit=1))["total"] == 120
    assert await refusal(reader.playlist_replace_items, mix.id, URIS[:1]) == 403
    assert await refusal(reader.current_user_saved_tracks) == 403


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/tracks?ids={KNOWN[0].spotify_id}", 403),
        ("GET", "/tracks/no-id", 400),
        ("GET", "/albums?ids=x", 403),
        ("GET", "/artists/x/top-tracks", 403),
        ("GET", "/audio-features?ids=x", 403),
        ("GET", "/recommendations?seed_genres=x", 404),
        ("GET", "/markets", 403),
        ("GET", "/browse/new-releases", 403),
        ("GET", "/users/kwame", 403),
        ("POST", "/users/orla/playlists", 403),
        ("GET", "/playlists/Mix0000000000000000000/tracks", 403),
        ("DELETE", "/playlists/Mix0000000000000000000/followers", 403),
        ("PUT", "/me/tracks?ids=x", 403),
        ("GET", "/me/tracks/contains?ids=x", 403),
        ("GET", "/search?q=snow&type=track&limit=11", 400),
        ("GET", "/search?q=snow&type=track&offset=1001", 400),
        ("GET", f"/search?q={'x' * 251}&type=track", 400),
        ("GET", "/search?type=track", 400),
        ("GET", "/me/tracks?limit=51", 400),
        ("GET", "/me/top/tracks?time_range=ever", 400),
        ("DELETE", f"/me/library?uris={','.join(['spotify:track:x'] * 41)}", 400),
        ("GET", "/nowhere", 404),
        ("POST", "/me/playlists", 400),
    ],
)
async def test_what_an_application_in_development_mode_is_refused(
    orla: Spotipy, spotify: Spotify, method: str, path: str, status: int
):
    assert await probe(spotify, method, path, token_of(orla)) == status


async def test_the_application_itself_is_nobody(spotify: Spotify, visit: Visit):
    url, form = f"{spotify.address}/api/token", {"grant_type": "client_credentials"}
    reply = await do(requests.post, url, form, auth=("an-application", "its-secret"), timeout=5)
    assert await refusal(visit.client_of(reply.json()["access_token"]).me) == 401
    assert (await do(requests.post, url, form, auth=("an-application", "x"), timeout=5)).json()[
        "error"
    ] == "invalid_client"


async def test_pages_lead_to_the_next_by_their_whole_address(
    orla: Spotipy, mix: Playlist, spotify: Spotify
):
    page = await do(orla.playlist_items, mix.id, limit=50)
    assert page["previous"] is None
    uris: list[str] = []
    while page:
        uris += [each["item"]["uri"] for each in page["items"]]
        assert page["next"] is None or page["next"].startswith(f"{spotify.address}/v1/playlists/")
        page = await do(orla.next, page)
    assert uris == mix.uris
    assert uris[-1] == LOCAL


async def test_a_list_of_playlists_tells_how_many_songs_each_has(orla: Spotipy, mix: Playlist):
    (brief,) = (await do(orla.current_user_playlists))["items"]
    assert (brief["id"], brief["items"]["total"]) == (mix.id, 120)


async def test_a_strangers_playlist_is_a_name_without_contents(visit: Visit, mix: Playlist):
    kwame = await do(visit.client, "kwame")
    seen = await do(kwame.playlist, mix.id)
    assert (seen["name"], "items" in seen) == ("Mix", False)
    assert await refusal(kwame.playlist_items, mix.id, limit=50) == 403
    assert await refusal(kwame.playlist_replace_items, mix.id, URIS[:1]) == 403
    mix.is_public = False
    assert await refusal(kwame.playlist, mix.id) == 404
    mix.is_collaborative, mix.collaborators = True, {"kwame"}
    assert (await do(kwame.playlist_items, mix.id, limit=50))["total"] == 120


async def test_songs_are_added_where_they_are_wanted(orla: Spotipy):
    made = await do(orla.current_user_playlist_create, "New", public=False, description="words")
    assert (made["public"], made["description"], made["items"]["total"]) == (False, "words", 0)
    await add(orla, made["id"], URIS[:2])
    await add(orla, made["id"], URIS[2:3], position=1)
    assert await order(orla, made["id"]) == [URIS[0], URIS[2], URIS[1]]
    for uris, position in ((URIS[:1], 9), (URIS[:1] * 101, 0), ([f"spotify:track:{'x' * 22}"], 0)):
        with pytest.raises(SpotifyException) as refused:
            await add(orla, made["id"], uris, position=position)
        assert refused.value.http_status == 400
    assert await order(orla, made["id"]) == [URIS[0], URIS[2], URIS[1]]


async def order(client: Spotipy, playlist: str) -> list[str]:
    page = await do(client.playlist_items, playlist, limit=50)
    return [each["item"]["uri"] for each in page["items"]]


async def test_removing_a_song_removes_it_wherever_it_is(orla: Spotipy, mix: Playlist):
    before = mix.uris
    answer = await do(orla.playlist_remove_all_occurrences_of_items, mix.id, URIS[:2])
    assert mix.uris == [uri for uri in before if uri not in URIS[:2]]
    assert answer["snapshot_id"] == mix.snapshot_id


async def test_a_snapshot_is_what_a_change_is_based_on_and_no_lock(orla: Spotipy, mix: Playlist):
    old = mix.snapshot_id
    await do(orla.playlist_remove_all_occurrences_of_items, mix.id, [URIS[1]])
    await do(orla.playlist_remove_all_occurrences_of_items, mix.id, [URIS[0]], snapshot_id=old)
    assert not {URIS[0], URIS[1]} & set(mix.uris)
    remove = orla.playlist_remove_all_occurrences_of_items
    assert await refusal(remove, mix.id, [URIS[0]]) == 400  # it is in no latest version
    assert await refusal(remove, mix.id, [URIS[2]], snapshot_id="bm90aGluZw==") == 400


async def test_a_whole_list_is_replaced_a_hundred_at_a_time(orla: Spotipy, mix: Playlist):
    await do(orla.playlist_replace_items, mix.id, URIS[:3])
    assert mix.uris == URIS[:3]
    assert await refusal(orla.playlist_replace_items, mix.id, (URIS * 20)[:101]) == 400


@pytest.mark.parametrize(
    ("move", "expected"),
    [((0, 1, 5), "bcdea"), ((4, 1, 0), "eabcd"), ((1, 2, 4), "adbce"), ((3, 2, 1), "adebc")],
)
async def test_a_run_of_songs_is_moved(
    orla: Spotipy, spotify: Spotify, move: tuple[int, int, int], expected: str
):
    start, length, before = move
    entries = tuple(Entry(uri, START, "orla") for uri in URIS[:5])
    short = spotify.add(Playlist("Short" + "0" * 17, "orla", "Short", versions=[entries]))
    await do(
        orla.playlist_reorder_items, short.id, start, insert_before=before, range_length=length
    )
    assert short.uris == [URIS["abcde".index(letter)] for letter in expected]


async def test_details_are_changed_by_their_owner_alone(visit: Visit, orla: Spotipy, mix: Playlist):
    await do(orla.playlist_change_details, mix.id, name="Mixed", public=False)
    assert (mix.name, mix.is_public) == ("Mixed", False)
    kwame = await do(visit.client, "kwame")
    assert await refusal(kwame.playlist_change_details, mix.id, name="Mine") == 403


async def test_saved_and_top_songs_are_told(orla: Spotipy, spotify: Spotify):
    person = spotify.state.listeners["orla"]
    person.saved = [(uri, START) for uri in URIS]
    person.top = URIS[::-1]
    saved = await do(orla.current_user_saved_tracks, limit=3, offset=2)
    assert [each["track"]["uri"] for each in saved["items"]] == URIS[2:5]
    top = await do(orla.current_user_top_tracks, limit=2, time_range="long_term")
    assert [each["uri"] for each in top["items"]] == URIS[::-1][:2]


async def test_a_playlist_is_let_go_through_the_library(
    orla: Spotipy, mix: Playlist, spotify: Spotify
):
    path = f"/me/library?uris=spotify:playlist:{mix.id}"
    assert await probe(spotify, "DELETE", path, token_of(orla)) == 200
    assert (await do(orla.current_user_playlists))["total"] == 0
    assert await probe(spotify, "PUT", path, token_of(orla)) == 200
    assert (await do(orla.current_user_playlists))["total"] == 1


@pytest.mark.parametrize("takes_effect", [True, False])
@pytest.mark.parametrize("is_down", [True, False])
async def test_a_series_of_changes_breaks_off_half_way(
    orla: Spotipy, mix: Playlist, spotify: Spotify, *, is_down: bool, takes_effect: bool
):
    status = None if is_down else 503
    spotify.troubles.append(
        Trouble("POST .*/items", 1, status=status, is_down=is_down, takes_effect=takes_effect)
    )
    await add(orla, mix.id, URIS[:1])
    with pytest.raises((FailedError, requests.ConnectionError)):
        await add(orla, mix.id, URIS[1:2])
    assert len(mix.entries) == (122 if takes_effect else 121)
    assert (await do(orla.playlist_items, mix.id, limit=1))["total"] == len(mix.entries)


async def test_who_is_too_fast_is_throttled(orla: Spotipy, spotify: Spotify, clock: SkippingClock):
    spotify.limits.in_window = 2
    for _ in range(2):
        await do(orla.me)
    with pytest.raises(RefusedError) as refused:
        await do(orla.me)
    assert refused.value.wait_s == 30
    clock.pass_(31)
    assert await do(orla.me)


async def test_a_quota_is_counted_for_each_family(
    orla: Spotipy, spotify: Spotify, clock: SkippingClock, mix: Playlist
):
    spotify.limits.a_day["me"] = 1
    await do(orla.me)
    with pytest.raises(RefusedError, match="its quota is used up"):
        await do(orla.me)
    assert await do(orla.playlist, mix.id)
    clock.pass_(3_599)
    with pytest.raises(RefusedError, match="its quota is used up"):
        await do(orla.me)


def exchange(method: str, path: str, document: Any = None, **kwargs: Any) -> Exchange:
    asked = Asked(method, f"/v1{path}", **kwargs)
    return Exchange(START, asked, Answered(document, 404 if document is None else 200))


TRACK = f"/tracks/{KNOWN[0].spotify_id}"
ITEMS = "/playlists/Mix/items"
ERROR = {"error": {"status": 404, "message": "x"}}


@pytest.mark.skipif(not SPEC.exists(), reason="Spotify's OpenAPI description is not here")
@pytest.mark.parametrize(
    ("found", "problem"),
    [
        (exchange("GET", "/nowhere"), "no such operation"),
        (exchange("GET", "/tracks", query={"ids": "x"}), "is deprecated"),
        (exchange("GET", TRACK, query={"made_up": "x"}), "unknown parameter made_up"),
        (exchange("GET", "/search", query={"q": "x"}), "lacks parameter type"),
        (exchange("GET", "/me/tracks", query={"limit": "51"}), "51 is greater than the maximum"),
        (exchange("GET", TRACK, text="{}"), "has a body"),
        (exchange("DELETE", ITEMS, text='{"items": [], "tracks": []}'), "unknown field tracks"),
        (exchange("DELETE", ITEMS, text='{"snapshot_id": "x"}'), "'items' is a required"),
        (exchange("POST", ITEMS, text='{"uris": "x"}'), "'x' is not of type 'array'"),
        (exchange("GET", TRACK, {"duration_ms": "long"}), "'long' is not of type 'integer'"),
        (exchange("GET", ITEMS, {"items": []}), "'next' is a required property"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_the_description_is_held_against_requests_and_replies(found: Exchange, problem: str):
    answered = found.answered if found.answered.document else Answered(ERROR, 404)
    assert problem in "\n".join(problems([replace(found, answered=answered)]))
