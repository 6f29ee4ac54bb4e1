"""The bot's own web server over real HTTP: what it answers, to whom, and how often."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from multidict import CIMultiDict

from bot.container import open_services
from bot.rate_limit import AddressLimit, forwarded_for
from bot.web import _application, serving_web
from musicrec.services import Services

CALLBACK = "/spotify/callback"
STRICT = {
    "Content-Security-Policy",
    "Cache-Control",
    "Cross-Origin-Opener-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Robots-Tag",
}


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Services]:
    async with open_services(data_dir=tmp_path, worker_processes=1) as opened:
        yield opened


async def ask(port: int, path: str = CALLBACK, **headers: str) -> tuple[int, set[str], str]:
    """Ask once; return status, names of headers and how long to wait."""
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(f"http://127.0.0.1:{port}{path}") as reply,
    ):
        return reply.status, set(reply.headers), reply.headers.get("Retry-After", "")


async def statuses(port: int, n: int, **headers: str) -> list[int]:
    return [(await ask(port, **headers))[0] for _ in range(n)]


async def test_there_is_one_route_and_every_answer_has_strict_headers(services: Services):
    routes = _application(services.accounts, behind_proxy=False).router.routes()
    assert [(each.method, each.resource and each.resource.canonical) for each in routes] == [
        ("GET", CALLBACK)
    ]
    async with serving_web(services.accounts, "127.0.0.1", 0) as port:
        for path, status in ((CALLBACK, 400), ("/", 404), (f"{CALLBACK}?state=x&code=y", 400)):
            found, headers, _ = await ask(port, path)
            assert found == status
            assert headers >= STRICT


async def test_whoever_asks_too_often_is_told_how_long_to_wait(services: Services):
    async with serving_web(services.accounts, "127.0.0.1", 0) as port:
        assert set(await statuses(port, 30)) == {400}
        status, headers, retry = await ask(port, "/anything")
        assert status == 429
        assert headers >= STRICT
        assert 1 <= int(retry) <= 2
        await asyncio.sleep(int(retry))
        assert (await ask(port))[0] == 400


async def test_behind_a_proxy_each_browser_counts_by_itself(services: Services):
    async with serving_web(services.accounts, "127.0.0.1", 0, behind_proxy=True) as port:
        mine = {"X-Forwarded-For": "203.0.113.1"}
        assert set(await statuses(port, 30, **mine)) == {400}
        assert await statuses(port, 1, **mine) == [429]
        made_up = {"X-Forwarded-For": "198.51.100.9, 203.0.113.1"}
        assert await statuses(port, 1, **made_up) == [429]
        assert await statuses(port, 1, **{"X-Forwarded-For": "203.0.113.2"}) == [400]
        assert await statuses(port, 1) == [400]


async def test_a_proxy_may_write_a_line_of_its_own(services: Services):
    lines = CIMultiDict([("X-Forwarded-For", "198.51.100.9"), ("X-Forwarded-For", "203.0.113.1")])
    async with (
        serving_web(services.accounts, "127.0.0.1", 0, behind_proxy=True) as port,
        aiohttp.ClientSession(headers=lines) as session,
    ):
        for _ in range(30):
            await session.get(f"http://127.0.0.1:{port}{CALLBACK}")
        assert await statuses(port, 1, **{"X-Forwarded-For": "203.0.113.1"}) == [429]
        assert await statuses(port, 1, **{"X-Forwarded-For": "198.51.100.9"}) == [400]


async def test_without_a_proxy_nobody_can_pretend_to_be_others(services: Services):
    async with serving_web(services.accounts, "127.0.0.1", 0) as port:
        for number in range(30):
            assert await statuses(port, 1, **{"X-Forwarded-For": f"203.0.113.{number}"}) == [400]
        assert await statuses(port, 1, **{"X-Forwarded-For": "203.0.113.99"}) == [429]


def test_a_bucket_is_refilled_steadily_up_to_its_size():
    now = [0.0]
    limit = AddressLimit(burst=2, per_s=0.5, clock=lambda: now[0])
    assert [limit.wait_s("a") for _ in range(3)] == [0.0, 0.0, 2.0]
    assert limit.wait_s("b") == 0.0
    now[0] = 1.0
    assert limit.wait_s("a") == 1.0
    now[0] = 2.0
    assert [limit.wait_s("a") for _ in range(2)] == [0.0, 2.0]
    now[0] = 1_000.0
    assert [limit.wait_s("a") for _ in range(3)] == [0.0, 0.0, 2.0]


def test_a_household_has_one_bucket_however_many_addresses_it_has():
    limit = AddressLimit(burst=1, per_s=1, clock=lambda: 0.0)
    assert limit.wait_s("2001:db8:1:2::1") == 0.0
    assert limit.wait_s("2001:db8:1:2:ffff::7") == 1.0
    assert limit.wait_s("2001:db8:1:3::1") == 0.0
    assert limit.wait_s("203.0.113.1") == 0.0
    assert limit.wait_s("::ffff:203.0.113.1") == 1.0


def test_memory_does_not_grow_with_the_number_of_addresses():
    limit = AddressLimit(burst=1, per_s=1, most_addresses=3, clock=lambda: 0.0)
    for number in range(100):
        limit.wait_s(f"203.0.113.{number}")
    assert len(limit._buckets) == 3
    assert limit.wait_s("203.0.113.99") == 1.0


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("10.0.0.1,  203.0.113.1 ", "203.0.113.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", None),
        ("unknown", None),
        ("203.0.113.1, _hidden", None),
    ],
)
def test_only_what_the_nearest_proxy_wrote_is_believed(header: str, address: str | None):
    assert forwarded_for(header) == address
