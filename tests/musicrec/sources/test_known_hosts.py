"""Nothing is ever fetched from a host that somebody else named (SSRF)."""

import ast
import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp import web

from musicrec.domain.errors import MusicRecError
from musicrec.sources import Clients, HttpTransport, SongLookup, Surroundings
from musicrec.sources.links import song_in
from musicrec.sources.replies import FailedError
from musicrec.sources.settings import SourceSettings
from musicrec.sources.spotify_http import polite_session
from musicrec.sources.transport import Reply, Request
from tests.musicrec.sources.conftest import GENRES
from tests.stand_ins.clocks import SkippingClock
from tests.stand_ins.store import MemoryAnswers

ROOT: Final = Path(__file__).parents[3]
CLIENTS: Final = {
    "musicrec/sources/opening.py": {"aiohttp"},
    "musicrec/sources/transport.py": {"aiohttp"},
    "musicrec/sources/spotify_http.py": {"requests", "spotipy"},
    "musicrec/sources/spotify.py": {"spotipy"},
    "musicrec/accounts/spotify_asking.py": {"spotipy"},
    "musicrec/accounts/spotify_library.py": {"spotipy"},
    "musicrec/accounts/spotify_login.py": {"spotipy"},
    "musicrec/accounts/spotify_session.py": {"spotipy"},
    # What discord.py's own client tells, and how it fails.
    "bot/first_signs.py": {"aiohttp"},
    "bot/online.py": {"aiohttp"},
    "bot/sharded.py": {"aiohttp"},
    "cogs/_breaks.py": {"aiohttp"},
    # Servers, and the look for a free port.
    "bot/web.py": {"aiohttp"},
    "bot/health.py": {"aiohttp"},
    "bot/stand_in/serving.py": {"aiohttp"},
    "bot/demo_account.py": {"socket"},
}
"""Every module that may speak with the outside, beside discord.py and the drivers of databases."""
SPEAKING: Final = frozenset(
    {"aiohttp", "requests", "spotipy", "httpx", "urllib3", "socket", "ftplib", "smtplib"}
)
SESSIONS: Final = {
    "musicrec/sources/opening.py": ["aiohttp.ClientSession"],
    "musicrec/sources/spotify_http.py": ["requests.Session"],
}

TRACK: Final = "4uLU6hMCjMI75M1A2tKUQC"
FOREIGN: Final = [
    f"https://evil.example/track/{TRACK}",
    f"https://open.spotify.com@evil.example/track/{TRACK}",
    f"https://open.spotify.com:443@evil.example/track/{TRACK}",
    f"https://evil.example/https://open.spotify.com/track/{TRACK}",
    f"https://evil.example#@open.spotify.com/track/{TRACK}",
    f"https://open.spotify.com.evil.example/track/{TRACK}",
    f"https://open.spotify.com\\@evil.example/track/{TRACK}",
    f"https://evilopen.spotify.com/track/{TRACK}",
    "http://127.0.0.1:8712/metrics",
    "http://2130706433/track/1",
    "http://0x7f000001/track/1",
    "http://[::1]:8712/track/1",
    "http://[::ffff:127.0.0.1]/track/1",
    "http://169.254.169.254/latest/meta-data",
    "http://localhost/track/1",
    "http://musicbrainz/recording/b97f1d26-3c2e-4e0a-9d5e-0123456789ab",
    "https://xn--spotfy-5va.com/track/1",
    f"https://open.spotify.com./track/{TRACK}",
    "file:///etc/passwd",
    "gopher://open.spotify.com/track/1",
    "//evil.example/track/1",
]
OURS: Final = [
    f"https://user:word@open.spotify.com:8080/track/{TRACK}",
    f"http://open.spotify.com:22/track/{TRACK}?next=http://evil.example",
    "https://www.deezer.com:8443/track/3135556?u=http://127.0.0.1",
    "https://link.deezer.com/s/30AbC1",
    "https://link.deezer.com/s/..%2f..%2fadmin/30AbC1",
    "https://music.youtube.com/watch?v=dQw4w9WgXcQ&url=http://127.0.0.1",
    "https://music.apple.com/se/song/a-song/1440833109",
    "https://musicbrainz.org:81/recording/b97f1d26-3c2e-4e0a-9d5e-0123456789ab",
    "Artist http://127.0.0.1 - Title http://evil.example/",
    "../../etc - passwd?x=http://evil.example#",
    "GBAYE6700149",
]


class Recording:
    """Answers every request by leading elsewhere, and remembers what was asked."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.asked: list[Request] = []

    async def send(self, request: Request) -> Reply:
        self.asked.append(request)
        return Reply(302, {"location": self.location})


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            is_fetching = name in {"urllib.request", "http.client"}
            yield name if is_fetching else name.partition(".")[0]


def test_few_modules_speak_with_the_outside_and_two_open_sessions():
    speaking: dict[str, set[str]] = {}
    sessions: dict[str, list[str]] = {}
    for package in ("bot", "cogs", "musicrec"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if found := set(imports_of(path)) & {*SPEAKING, "urllib.request", "http.client"}:
                speaking[name] = found
            text = path.read_text(encoding="utf-8")
            opened = [
                ast.unparse(node.func)
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Session")
            ]
            if made := [each for each in opened if each.startswith(("aiohttp.", "requests."))]:
                sessions[name] = made
    assert speaking == CLIENTS
    assert sessions == SESSIONS


def known_hosts(settings: SourceSettings) -> set[str]:
    clients = Clients.of(settings, Surroundings(Recording(""), SkippingClock(), MemoryAnswers()))
    return {urlsplit(api.settings.base_url).netloc for api in clients.apis}


@pytest.mark.parametrize("pasted", [*FOREIGN, *OURS])
@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/x", "http://evil.example/track/1", "//evil.example/", "\\"]
)
async def test_whatever_is_pasted_only_known_hosts_are_asked(pasted: str, location: str):
    settings = SourceSettings(contact="mail@example.org")
    recording, clock = Recording(location), SkippingClock()
    clients = Clients.of(settings, Surroundings(recording, clock, MemoryAnswers()))
    with suppress(MusicRecError):
        await SongLookup(clients, settings.orders).find(song_in(pasted), GENRES)
    await clients.close()
    asked = [urlsplit(request.url) for request in recording.asked]
    assert {each.netloc for each in asked} <= known_hosts(settings)
    assert all(each.scheme == "https" for each in asked)
    assert all(".." not in each.path for each in asked)
    assert not (pasted in FOREIGN and asked)
    assert not ("deezer" in pasted and not asked), "what is ours is asked for, or nothing is seen"


@pytest.mark.parametrize("pasted", FOREIGN)
def test_links_of_foreign_hosts_are_refused(pasted: str):
    with pytest.raises(MusicRecError):
        song_in(pasted)


@pytest.fixture
async def tempting() -> AsyncIterator[tuple[str, list[str]]]:
    """Serve something that leads to itself by a redirect; yield its address and what was asked."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        status = {"/moved": 302, "/kept": 307, "/for-ever": 308}.get(request.path, 200)
        return web.json_response({}, status=status, headers={"Location": "/secret"})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", asked
    await runner.cleanup()


@pytest.mark.parametrize("path", ["/moved", "/kept", "/for-ever"])
async def test_no_redirect_is_followed(tempting: tuple[str, list[str]], path: str):
    address, asked = tempting
    async with aiohttp.ClientSession() as session:
        reply = await HttpTransport(session, "test").send(Request(address + path))
    assert reply.status in {302, 307, 308}
    assert asked == [path]


@pytest.mark.parametrize("path", ["/moved", "/kept", "/for-ever"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_spotipys_session_follows_none_either(
    tempting: tuple[str, list[str]], path: str, method: str
):
    address, asked = tempting
    with polite_session(5.0) as session:
        ask = asyncio.to_thread(session.request, method, address + path)
        with pytest.raises(FailedError):
            await ask
    assert asked == [path]
