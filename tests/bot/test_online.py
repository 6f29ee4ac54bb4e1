"""Connecting to Discord, against a stand-in for Discord's front door on this machine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from discord.http import Route
from pydantic import SecretStr

from bot.failures import StartError
from bot.online import run_online
from bot.settings import Settings


@pytest.fixture
async def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, worker_processes=1)


@pytest.fixture
async def discord_that_refuses(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{port}")
    yield
    await runner.cleanup()


@pytest.mark.usefixtures("discord_that_refuses")
async def test_a_refused_token_is_one_sentence_that_does_not_repeat_it(settings: Settings):
    with pytest.raises(StartError, match="did not accept DISCORD_TOKEN") as caught:
        await run_online(settings, SecretStr("hush"))
    assert "hush" not in str(caught.value)


async def test_an_unreachable_discord_is_one_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Route, "BASE", "http://127.0.0.1:9")
    with pytest.raises(StartError, match="out of reach"):
        await run_online(settings, SecretStr("hush"))
