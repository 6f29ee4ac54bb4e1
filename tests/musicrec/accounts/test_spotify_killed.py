"""A process that is killed at any of its calls, and the next one that takes up its work."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.stand_in.exchange import Asked
from bot.stand_in.people import Entry, Listener, Playlist
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.spotify.openapi import check_exchanges
from tests.stand_ins.spotify.session import token_for
from tests.stand_ins.spotify.world import library_of
from tests.stand_ins.world import LANTERNS, Song, World

ROOT = Path(__file__).parents[3]
SONGS = tuple(Song(number, f"Song {number}", LANTERNS) for number in range(1, 61))
URIS = [f"spotify:track:{song.spotify_id}" for song in SONGS]
LOCAL = "spotify:local:Somebody:A+Tape:At+Home:201"
BEFORE = [*URIS[:20], LOCAL, *URIS[20:55], URIS[3], URIS[9]]
GONE = [2, 3, 17, 40, 57, 58]
"""Positions; the last two are copies of songs that stay."""
AFTER = [uri for place, uri in enumerate(BEFORE, start=1) if place not in GONE]
LIST_ID = "Mix" + "0" * 19


@dataclass
class Workers:
    """Hands out processes that bring the list to its end."""

    spotify: Spotify
    process: asyncio.subprocess.Process

    async def work(self, aim: str, *, kill_at: int, after: bool) -> tuple[int, int]:
        """Let a new process work; kill it at its n-th call, before or after that takes effect.

        Returns:
            How it ended, and how many calls reached Spotify.
        """
        job = {"address": self.spotify.address, "token": token_for(self.spotify, "orla")}
        job |= {"list_id": LIST_ID, "aim": aim, "before": BEFORE, "gone": GONE}
        number, n_calls = int(await self._say(json.dumps(job))), 0

        def strike(asked: Asked) -> bool:
            nonlocal n_calls
            assert asked.path
            n_calls += 1
            if n_calls == kill_at:
                os.kill(number, signal.SIGKILL)
            return n_calls >= kill_at

        self.spotify.before = (lambda _: n_calls >= kill_at) if after else strike
        self.spotify.after = strike if after else (lambda _: False)
        return int(await self._say("go")), n_calls

    async def _say(self, line: str) -> str:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin
        assert stdout
        stdin.write(f"{line}\n".encode())
        await stdin.drain()
        return (await stdout.readline()).decode()


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    spotify = Spotify(library_of(World(SONGS)), SkippingClock())
    spotify.limits.in_window = 100_000
    spotify.invite(Listener("orla", "Orla"))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.musicrec.accounts.list_process"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with serving_spotify(spotify):
        yield Workers(spotify, process)
    assert process.stdin
    process.stdin.close()
    assert await process.wait() == 0
    check_exchanges(spotify.log[-40:])


def put(spotify: Spotify, uris: Sequence[str]) -> Playlist:
    entries = tuple(Entry(uri, START - timedelta(days=1), "orla") for uri in uris)
    mix = Playlist(LIST_ID, "orla", "Mix", versions=[entries])
    spotify.state.playlists[LIST_ID] = mix
    return mix


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    ("aim", "begin", "end"), [("prune", BEFORE, AFTER), ("undo", AFTER, BEFORE)]
)
async def test_a_list_ends_as_it_should_wherever_the_process_was_killed(
    workers: Workers, aim: str, begin: list[str], end: list[str], *, after: bool
):
    kill_at, has_ended = 0, False
    while not has_ended:
        kill_at += 1
        mix = put(workers.spotify, begin)
        status, n_calls = await workers.work(aim, kill_at=kill_at, after=after)
        has_ended = n_calls < kill_at
        assert status == (0 if has_ended else -signal.SIGKILL)
        status, _ = await workers.work(aim, kill_at=10_000, after=after)
        assert status == 0
        assert mix.uris == end, f"killed at call {kill_at}"
    assert kill_at > 10


async def test_an_undo_leads_back_wherever_the_prune_was_killed(workers: Workers):
    kill_at, has_ended = 0, False
    while not has_ended:
        kill_at += 1
        mix = put(workers.spotify, BEFORE)
        _, n_calls = await workers.work("prune", kill_at=kill_at, after=True)
        has_ended = n_calls < kill_at
        status, _ = await workers.work("undo", kill_at=10_000, after=True)
        assert status == 0
        assert mix.uris == BEFORE, f"killed at call {kill_at}"


@pytest.mark.parametrize("aim", ["prune", "undo"])
async def test_a_process_that_dies_again_and_again_gets_there_too(workers: Workers, aim: str):
    begin, end = (BEFORE, AFTER) if aim == "prune" else (AFTER, BEFORE)
    mix = put(workers.spotify, begin)
    # Three calls read the list and change it once.
    ends = [(await workers.work(aim, kill_at=3, after=True))[0] for _ in range(len(GONE) + 2)]
    assert set(ends[:3]) == {-signal.SIGKILL}
    assert (await workers.work(aim, kill_at=10_000, after=True))[0] == 0
    assert mix.uris == end
