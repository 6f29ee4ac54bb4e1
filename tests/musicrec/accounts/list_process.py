"""Brings a list on the stand-in of Spotify to its end, in a process that may be killed.

Reads a job as a line of JSON and answers with the number of the process that will do it; does it on
the next line, and answers with how that process ended. Each job's process is a copy of this one,
because importing everything takes a second.
"""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from musicrec.accounts.spotify_playlists import SpotifyPlaylists
from musicrec.domain.playlist import Playlist, PlaylistChange, PlaylistItem, numbered
from musicrec.playlists.broken_off import is_on_the_way, with_thinned
from musicrec.playlists.undoing import undo
from musicrec.sources import SystemClock
from tests.stand_ins.spotify.session import TokenSession


def main() -> None:
    for line in sys.stdin:
        start, begin = os.pipe()
        number = os.fork()
        if not number:
            os.read(start, 1)
            _do(json.loads(line))
        _say(number)
        sys.stdin.readline()
        os.write(begin, b"!")
        _, status = os.waitpid(number, 0)
        os.close(start)
        os.close(begin)
        _say(os.waitstatus_to_exitcode(status))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _do(job: dict[str, Any]) -> None:
    try:
        asyncio.run(_bring(job))
        os._exit(0)
    finally:
        os._exit(1)


async def _bring(job: dict[str, Any]) -> None:
    before = Playlist("", numbered(PlaylistItem(1, uri=uri) for uri in job["before"]))
    change = PlaylistChange.removing(before, job["gone"])
    clock = SystemClock(lambda: datetime.now(UTC))
    home = SpotifyPlaylists(TokenSession(job["address"], job["token"], clock), clock)
    await home.bring(job["list_id"], _wanted(change, job["aim"]))


def _wanted(change: PlaylistChange, aim: str) -> Callable[[Playlist], Playlist]:
    def wanted(now: Playlist) -> Playlist:
        if is_on_the_way(change, now):
            return change.before if aim == "undo" else change.after
        whole = with_thinned(change, now)
        return undo(change, whole).playlist if aim == "undo" else _pruned(change, whole)

    return wanted


def _pruned(change: PlaylistChange, now: Playlist) -> Playlist:
    """Leave as many copies of each song as the change does, the first ones."""
    left = Counter(item.identity for item in change.after.items)
    kept: list[PlaylistItem] = []
    for item in now.items:
        left[item.identity] -= 1
        if left[item.identity] >= 0:
            kept.append(item)
    return now.with_items(kept)


if __name__ == "__main__":
    main()
