"""Playlists here and on Spotify are pruned, sorted, restored while whoever does it is killed."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.stand_in.exchange import Asked
from bot.stand_in.people import Entry, Listener
from bot.stand_in.people import Playlist as SpotifyPlaylist
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import EditId, EditState, Place, PlaceKind
from musicrec.domain.playlist_home import PlaylistHome
from musicrec.services.here_home import HereHome
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.storage import Database
from tests.chaos.figures import Figures, Setting
from tests.chaos.lives import Life, Lives, lives_of
from tests.chaos.living_editor import UNFINISHED, editing, spotify_home
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.services.stepwise import now, proposed
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.spotify.session import token_for
from tests.stand_ins.spotify.world import library_of
from tests.stand_ins.world import LANTERNS, Song, World

SONGS: Final = tuple(Song(number, f"Song {number}", LANTERNS) for number in range(1, 31))
URIS: Final = [f"spotify:track:{song.spotify_id}" for song in SONGS]
LOCAL: Final = "spotify:local:Somebody:A+Tape:At+Home:201"
ORLA: Final = ListenerId(2**62 + 7)
_MOST_DEATHS: Final = 4
"""Of one edit in one direction."""
_LAST_CALL: Final = 14


@dataclass
class Town:
    """Where the lists are."""

    database: Database
    setting: Setting
    spotify: Spotify
    lives: Lives
    chance: random.Random
    kills: int = 0
    rounds: int = 0
    found: Counter[str] = field(default_factory=Counter[str])

    @property
    def token(self) -> str:
        return token_for(self.spotify, "orla")

    @property
    def edits(self) -> PlaylistEdits:
        return editing(self.database, self.spotify.address, self.token)[0]

    def home(self, kind: PlaceKind) -> PlaylistHome:
        if kind is PlaceKind.HERE:
            return HereHome(ORLA, self.database, now)
        return spotify_home(self.spotify.address, self.token)


async def playlists(setting: Setting) -> Figures:
    """Change lists and take it back, with kills on the way, until there were enough."""
    chance = random.Random(setting.seed)  # noqa: S311 - not for secrets
    async with _town(setting, chance) as town:
        while town.kills < setting.kills:
            kind = (PlaceKind.HERE, PlaceKind.SPOTIFY)[town.rounds % 2]
            await _round(town, kind)
            town.rounds += 1
        return Figures(
            scenario="playlists",
            database=town.database.dialect,
            kills=town.kills,
            lost=town.found["lost"],
            duplicated=town.found["duplicated"],
            wrong=town.found["wrong"],
            details={"edits": 2 * town.rounds, "calls": len(town.spotify.log)},
        )


@asynccontextmanager
async def _town(setting: Setting, chance: random.Random) -> AsyncGenerator[Town]:
    spotify = Spotify(library_of(World(SONGS)), SkippingClock())
    spotify.limits.in_window = 10_000_000
    spotify.invite(Listener("orla", "Orla"))
    database = Database.open(setting.database)
    log = setting.folder / "log.txt"
    async with serving_spotify(spotify), lives_of("tests.chaos.living_editor", log) as lives:
        yield Town(database, setting, spotify, lives, chance)
    await database.close()


async def _round(town: Town, kind: PlaceKind) -> None:
    """Make one edit and take it back; look at the list after both."""
    place = await _placed(town, kind)
    before = await town.home(kind).read(place.list_id)
    order = _order(town.chance, before)
    edit_id = await proposed(town.edits, ORLA, place, before, order)
    await _brought(town, edit_id, EditState.DONE)
    after = [before.items[position - 1].uri for position in order]
    _compare(town, after, await town.home(kind).read(place.list_id))
    await _brought(town, edit_id, EditState.UNDONE)
    restored = await town.home(kind).read(place.list_id)
    _compare(town, [item.uri for item in before.items], restored)
    if kind is PlaceKind.HERE and restored != before:
        town.found["wrong"] += 1


async def _placed(town: Town, kind: PlaceKind) -> Place:
    """Put a list there, with a song twice and one that no service knows."""
    uris = town.chance.sample(URIS, 20)
    uris = [*uris[:8], LOCAL, *uris[8:], uris[3]]
    if kind is PlaceKind.SPOTIFY:
        list_id = f"Mix{town.rounds:019d}"
        entries = tuple(Entry(uri, START - timedelta(days=1), "orla") for uri in uris)
        made = SpotifyPlaylist(list_id, "orla", "Mix", versions=[entries])
        town.spotify.state.playlists = {list_id: made}
        return Place(kind, list_id, "Mix")
    items = [
        song(uri, uri=uri, added_at=START + timedelta(hours=hour))
        for hour, uri in enumerate(dict.fromkeys(uris))  # here a song is in a list once
    ]
    made = await town.home(kind).create("Mix", "", playlist(*items).items)
    return Place(kind, made.id, "Mix")


def _order(chance: random.Random, before: Playlist) -> tuple[int, ...]:
    positions = [item.position for item in before.items]
    if chance.random() < 0.4:
        return tuple(chance.sample(positions, len(positions)))
    removable = [item.position for item in before.items if item.uri != LOCAL]
    gone = set(chance.sample(removable, 5))
    return tuple(position for position in positions if position not in gone)


async def _brought(town: Town, edit_id: EditId, end: EditState) -> None:
    """Let one life after the other work on an edit until it is at its end."""
    n_deaths = town.chance.randint(1, _MOST_DEATHS)
    while (state := (await town.edits.get(ORLA, edit_id)).state) is not end:
        decide = "make" if end is EditState.DONE else "undo"
        what = "resume" if state in UNFINISHED else decide
        job = {"database": town.setting.database, "listener": ORLA, "edit": edit_id, "what": what}
        job |= {"address": town.spotify.address, "token": town.token}
        was_killed = await _lived(town, job, is_to_die=n_deaths > 0)
        town.kills += was_killed
        n_deaths -= 1


async def _lived(town: Town, job: Mapping[str, object], *, is_to_die: bool) -> bool:
    """Let a life work, and perhaps kill it at a call or a moment; tell whether it was killed."""
    life = await town.lives.begin(job)
    killing: asyncio.TimerHandle | None = None
    if is_to_die and town.chance.random() < 0.5:
        delay_s = town.chance.uniform(0, 0.5)
        killing = asyncio.get_running_loop().call_later(delay_s, life.kill)
    elif is_to_die:
        _kill_at_call(town, life)
    code = await life.ended()
    if killing is not None:
        killing.cancel()
    town.spotify.before = town.spotify.after = lambda _: False
    assert code in {0, -9}, "a life ended by itself; see its log"
    return code == -9


def _kill_at_call(town: Town, life: Life) -> None:
    """Kill at one of its calls, before or after that takes effect."""
    kill_at, n_calls = town.chance.randint(1, _LAST_CALL), 0

    def strike(_: Asked) -> bool:
        nonlocal n_calls
        n_calls += 1
        if n_calls == kill_at:
            life.kill()
        return n_calls >= kill_at

    if town.chance.random() < 0.5:
        town.spotify.before = strike
    else:
        town.spotify.before = lambda _: n_calls >= kill_at
        town.spotify.after = strike


def _compare(town: Town, wanted: Sequence[str], found: Playlist) -> None:
    uris = [item.uri for item in found.items]
    lost, more = Counter(wanted) - Counter(uris), Counter(uris) - Counter(wanted)
    town.found.update(lost=lost.total(), duplicated=more.total())
    town.found["wrong"] += not lost and not more and list(wanted) != uris
