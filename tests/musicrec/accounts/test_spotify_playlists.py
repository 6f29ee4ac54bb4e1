"""A listener's playlists on Spotify, on the stand-in over HTTP."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from bot.stand_in import people
from bot.stand_in.exchange import Asked, Trouble
from bot.stand_in.people import Entry, Listener
from bot.stand_in.service import Spotify
from bot.stand_in.serving import serving_spotify
from musicrec.accounts.spotify_playlists import SpotifyPlaylists
from musicrec.domain.errors import (
    PlaylistUnusableError,
    SourceClosedError,
    SourceUnavailableError,
)
from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistChange, PlaylistItem
from musicrec.playlists.undoing import undo
from tests.stand_ins.clocks import START, SkippingClock
from tests.stand_ins.spotify.openapi import check_exchanges
from tests.stand_ins.spotify.session import TokenSession, token_for
from tests.stand_ins.spotify.world import library_of
from tests.stand_ins.world import DUO, LANTERNS, Song, World

SONGS = tuple(Song(number, f"Song {number}", LANTERNS) for number in range(1, 301))
URIS = [f"spotify:track:{song.spotify_id}" for song in SONGS]
LOCAL = "spotify:local:Somebody:A+Tape:At+Home:201"
OTHER_LOCAL = "spotify:local:Somebody:A+Tape:Away:199"
EPISODE = "spotify:episode:Episode000000000000042"
GONE = "spotify:track:NoLongerThere000000000"
LIST_ID = "Mix" + "0" * 19
Do = Callable[[], None]


@pytest.fixture
def clock() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
async def spotify(clock: SkippingClock) -> AsyncIterator[Spotify]:
    stand_in = Spotify(library_of(World(SONGS)), clock)
    stand_in.limits.in_window = 10_000
    stand_in.invite(Listener("orla", "Orla"))
    stand_in.invite(Listener("kwame", "Kwame"))
    async with serving_spotify(stand_in):
        yield stand_in
    check_exchanges(stand_in.log)


@pytest.fixture
async def home(spotify: Spotify, clock: SkippingClock) -> AsyncIterator[SpotifyPlaylists]:
    session = TokenSession(spotify.address, token_for(spotify, "orla"), clock)
    yield SpotifyPlaylists(session, clock)
    session.session.close()


def add_list(spotify: Spotify, uris: Sequence[str], owner: str = "orla") -> people.Playlist:
    """A list whose songs were added a day after each other."""
    days = (START - timedelta(days=len(uris) - place) for place in range(len(uris)))
    entries = tuple(Entry(uri, day, owner) for uri, day in zip(uris, days, strict=True))
    return spotify.add(people.Playlist(LIST_ID, owner, "Mix", "A &amp; B", versions=[entries]))


def without(*gone: str) -> Callable[[Playlist], Playlist]:
    return lambda now: now.with_items(item for item in now.items if item.uri not in gone)


def sorted_by(rank: Callable[[str], Any]) -> Callable[[Playlist], Playlist]:
    return lambda now: now.with_items(sorted(now.items, key=lambda item: rank(item.uri)))


def writes(spotify: Spotify) -> list[str]:
    lines = spotify.asked(r"^(POST|PUT|DELETE) ")
    return [line.partition(" ")[0] for line in lines]


async def test_a_list_is_read_with_all_that_is_in_it(spotify: Spotify, home: SpotifyPlaylists):
    mix = add_list(spotify, [*URIS[:120], LOCAL, EPISODE, GONE])
    mix.versions = [(*mix.entries[:-1], Entry(GONE, START, "kwame"))]
    playlist = await home.read(LIST_ID)
    assert (playlist.title, playlist.description, len(playlist)) == ("Mix", "A & B", 123)
    assert [item.position for item in playlist.items] == list(range(1, 124))
    first, (local, episode, unknown) = playlist.items[0], playlist.items[-3:]
    assert first == PlaylistItem(
        1,
        ItemKind.SONG,
        "Song 1",
        ("The Paper Lanterns",),
        "An Album",
        200_000,
        TrackId(f"isrc:{SONGS[0].isrc}"),
        URIS[0],
        START - timedelta(days=123),
        "orla",
    )
    assert (local.kind, local.title, local.uri) == (ItemKind.LOCAL_FILE, "At Home", LOCAL)
    assert (episode.kind, episode.artists) == (ItemKind.EPISODE, ("A Show",))
    assert (episode.uri, episode.track_id) == (EPISODE, None)
    assert (unknown.kind, unknown.uri, unknown.added_by) == (ItemKind.UNKNOWN, "", "kwame")
    assert unknown.added_at == START


class Uncoded(Song):
    @property
    def isrc(self) -> str:
        return ""


async def test_a_song_without_an_isrc_goes_by_its_own_id(clock: SkippingClock):
    song = Uncoded(1, "Duet", LANTERNS, (DUO,))
    spotify = Spotify(library_of(World((song,))), clock)
    spotify.invite(Listener("orla", "Orla"))
    add_list(spotify, [URIS[0]])
    async with serving_spotify(spotify) as address:
        session = TokenSession(address, token_for(spotify, "orla"), clock)
        (item,) = (await SpotifyPlaylists(session, clock).read(LIST_ID)).items
        session.session.close()
    assert item.track_id == URIS[0]
    assert item.artists == ("The Paper Lanterns", "Ash & Ember")


async def test_own_and_common_lists_are_offered_in_their_order(
    spotify: Spotify, home: SpotifyPlaylists
):
    for number in range(60):
        spotify.add(people.Playlist(f"Own{number:019d}", "orla", f"Own {number}"))
    both = people.Playlist("Both" + "0" * 18, "kwame", "Both", is_public=False)
    both.is_collaborative, both.collaborators = True, {"orla"}
    foreign = people.Playlist("Theirs" + "0" * 16, "kwame", "Theirs")
    for each in (both, foreign):
        spotify.add(each)
        spotify.state.listeners["orla"].library.insert(0, each.id)
    add_list(spotify, URIS[:3])
    lists = await home.lists()
    assert [each.title for each in lists[:3]] == ["Mix", "Both", "Own 59"]
    assert len(lists) == 62
    assert (lists[0].id, lists[0].n_items) == (LIST_ID, 3)
    assert lists[0].url == f"https://open.spotify.com/playlist/{LIST_ID}"


async def test_why_a_strangers_list_cannot_be_read_is_said(
    spotify: Spotify, home: SpotifyPlaylists
):
    add_list(spotify, URIS[:3], owner="kwame")
    with pytest.raises(PlaylistUnusableError, match="“Mix” belongs to somebody else"):
        await home.read(LIST_ID)
    with pytest.raises(PlaylistUnusableError, match="only to its owner"):
        await home.bring(LIST_ID, without(URIS[0]))


@pytest.mark.parametrize("list_id", ["Nowhere" + "0" * 15, "../me", ""])
async def test_a_list_that_is_not_there_is_gone(
    spotify: Spotify, home: SpotifyPlaylists, list_id: str
):
    with pytest.raises(PlaylistUnusableError, match="no such playlist any more"):
        await home.read(list_id)
    assert len(spotify.log) <= 1


async def test_a_right_that_is_missing_is_not_taken_for_a_lost_list(
    spotify: Spotify, clock: SkippingClock
):
    add_list(spotify, URIS[:3])
    token = token_for(spotify, "orla", "playlist-read-private")
    session = TokenSession(spotify.address, token, clock)
    with pytest.raises(PlaylistUnusableError, match="does not let you change"):
        await SpotifyPlaylists(session, clock).bring(LIST_ID, without(URIS[0]))
    session.session.close()


async def test_seven_of_250_songs_go_in_one_call_and_undo_brings_them_back(
    spotify: Spotify, home: SpotifyPlaylists
):
    mix = add_list(spotify, URIS[:250])
    before = await home.read(LIST_ID)
    change = PlaylistChange.removing(before, range(5, 250, 40))
    after = await home.bring(LIST_ID, without(*gone_by(change)))
    assert writes(spotify) == ["DELETE"]
    assert after == change.after
    assert len(after) == 243

    back = await home.bring(LIST_ID, lambda now: undo(change, now).playlist)
    assert mix.uris == URIS[:250]
    assert writes(spotify)[1:] == ["POST"] * 7
    assert [item.uri for item in back.items] == mix.uris
    kept = [item for item in back.items if item.position not in change.removed]
    assert [item.added_at for item in kept] == [item.added_at for item in change.after.items]


def gone_by(change: PlaylistChange) -> list[str]:
    return [change.before.items[position - 1].uri for position in change.removed]


async def test_one_of_two_equal_songs_goes(spotify: Spotify, home: SpotifyPlaylists):
    mix = add_list(spotify, [*URIS[:60], URIS[3], URIS[3]])
    change = PlaylistChange.removing(await home.read(LIST_ID), [61])
    await home.bring(LIST_ID, lambda now: change.after if len(now) == 62 else now)
    assert mix.uris == [*URIS[:60], URIS[3]]
    assert writes(spotify) == ["DELETE", "POST", "POST"]


async def test_what_cannot_be_removed_or_added_stays_where_it_is(
    spotify: Spotify, home: SpotifyPlaylists
):
    mix = add_list(spotify, [URIS[0], LOCAL, URIS[1], GONE, EPISODE, URIS[2], GONE])
    after = await home.bring(LIST_ID, lambda now: now.with_items(now.items[5:6]))
    assert mix.uris == [LOCAL, GONE, URIS[2], GONE]
    assert [item.kind for item in after.items] == [
        ItemKind.LOCAL_FILE,
        ItemKind.UNKNOWN,
        ItemKind.SONG,
        ItemKind.UNKNOWN,
    ]


async def test_a_list_is_sorted_with_its_local_files_and_keeps_its_dates(
    spotify: Spotify, home: SpotifyPlaylists
):
    uris = [URIS[4], LOCAL, URIS[2], OTHER_LOCAL, EPISODE, URIS[0]]
    mix = add_list(spotify, uris)
    dates = {entry.uri: entry.added_at for entry in mix.entries}
    await home.bring(LIST_ID, sorted_by(str))
    assert mix.uris == sorted(uris)
    assert {entry.uri: entry.added_at for entry in mix.entries} == dates
    assert set(writes(spotify)) == {"PUT"}


async def test_a_list_of_the_goal_may_name_songs_by_links(spotify: Spotify, home: SpotifyPlaylists):
    mix = add_list(spotify, URIS[:1])
    link = PlaylistItem(1, uri=f"https://open.spotify.com/track/{SONGS[1].spotify_id}?si=x")
    by_id = PlaylistItem(1, uri="/music/a.mp3", track_id=TrackId(URIS[2]))
    nowhere = PlaylistItem(1, title="Unheard of")
    await home.bring(LIST_ID, lambda now: now.with_items([link, nowhere, by_id, *now.items[:1]]))
    assert mix.uris[:2] == [URIS[1], URIS[2]]


def meddle(spotify: Spotify, at: Mapping[int, Do]) -> None:
    """Let somebody else change a list when the service has made so many changes."""
    numbers = count(1)

    def after(asked: Asked) -> None:
        if asked.method != "GET":
            at.get(next(numbers), lambda: None)()

    spotify.after = after


async def test_what_somebody_else_does_in_between_stays(spotify: Spotify, home: SpotifyPlaylists):
    mix = add_list(spotify, URIS[:120])
    change = PlaylistChange.removing(await home.read(LIST_ID), [3, 30, 60, 90])
    await home.bring(LIST_ID, without(*gone_by(change)))
    new = Entry(URIS[200], START, "kwame")
    meddle(
        spotify,
        {
            2: lambda: mix.insert([new], 0),
            3: lambda: mix.move(100, 5, 0),
            4: lambda: mix.remove([URIS[110]]),
        },
    )
    after = await home.bring(LIST_ID, lambda now: undo(change, now).playlist)
    assert sorted(mix.uris) == sorted({*URIS[:120], URIS[200]} - {URIS[110]})
    assert [item.uri for item in after.items] == mix.uris
    for place in (2, 29, 59, 89):
        assert mix.uris[mix.uris.index(URIS[place]) - 1] == URIS[place - 1]
    assert mix.uris[5] == URIS[200]


@pytest.mark.parametrize("lag", [0, 3])
async def test_a_long_list_is_sorted_with_half_as_many_moves_and_few_looks(
    spotify: Spotify, home: SpotifyPlaylists, lag: int
):
    uris = [*URIS[60:120], *URIS[:60]][::-1]
    mix = add_list(spotify, uris)
    mix.lag = lag
    dates = {entry.uri: entry.added_at for entry in mix.entries}
    await home.bring(LIST_ID, sorted_by(str))
    assert mix.uris == sorted(uris)
    assert {entry.uri: entry.added_at for entry in mix.entries} == dates
    n_moves = len(writes(spotify))
    assert n_moves <= 65
    if not lag:
        assert len(spotify.asked()) <= n_moves + n_moves // 10 + 6  # two readings of three pages


async def test_a_list_is_sorted_although_somebody_else_is_at_it_too(
    spotify: Spotify, home: SpotifyPlaylists
):
    mix = add_list(spotify, URIS[30::-1])
    new = Entry(URIS[200], START, "kwame")
    meddle(
        spotify,
        {
            3: lambda: mix.insert([new], 4),
            8: lambda: mix.move(2, 5, 20),
            13: lambda: mix.remove([URIS[7]]),
        },
    )
    await home.bring(LIST_ID, sorted_by(str))
    assert mix.uris == sorted({*URIS[:31], URIS[200]} - {URIS[7]})


@pytest.mark.parametrize("at", [1, 2])
async def test_a_copy_that_should_stay_comes_back_although_somebody_else_is_at_it_too(
    spotify: Spotify, home: SpotifyPlaylists, at: int
):
    mix = add_list(spotify, [*URIS[:5], URIS[1]])
    first_only = dict.fromkeys(URIS)

    def wanted(now: Playlist) -> Playlist:
        once = {item.uri: item for item in reversed(now.items)}
        return now.with_items(once[uri] for uri in first_only if uri in once)

    new = Entry(URIS[200], START, "kwame")
    meddle(spotify, {at: lambda: mix.insert([new])})
    spotify.troubles.append(Trouble("POST .*/items", 0, 1, status=503))
    await home.bring(LIST_ID, wanted)
    assert mix.uris == [*URIS[:5], URIS[200]]


async def test_a_list_that_never_holds_still_is_given_up(spotify: Spotify, clock: SkippingClock):
    mix = add_list(spotify, URIS[8::-1])
    session = TokenSession(spotify.address, token_for(spotify, "orla"), clock)
    meddle(spotify, dict.fromkeys(range(1, 99), lambda: mix.move(0, 4, 9)))
    with pytest.raises(PlaylistUnusableError, match="not as it should be after 10 steps"):
        await SpotifyPlaylists(session, clock, most_steps=10).bring(LIST_ID, sorted_by(str))
    session.session.close()


async def test_a_change_may_take_a_while_to_be_shown(
    spotify: Spotify, home: SpotifyPlaylists, clock: SkippingClock
):
    mix = add_list(spotify, URIS[:120])
    mix.lag = 3
    change = PlaylistChange.removing(await home.read(LIST_ID), [2, 60])
    await home.bring(LIST_ID, without(*gone_by(change)))
    await home.bring(LIST_ID, lambda now: undo(change, now).playlist)
    assert mix.uris == URIS[:120]
    assert writes(spotify) == ["DELETE", "POST", "POST"]
    assert clock.slept


async def test_a_change_that_is_never_shown_ends_the_run(spotify: Spotify, home: SpotifyPlaylists):
    mix = add_list(spotify, URIS[:5])
    mix.lag = 99
    with pytest.raises(SourceUnavailableError, match="does not show yet"):
        await home.bring(LIST_ID, without(URIS[1]))
    assert writes(spotify) == ["DELETE"]


@pytest.mark.parametrize("takes_effect", [True, False])
@pytest.mark.parametrize(("status", "lag"), [(500, 0), (502, 0), (503, 2), (None, 0), (None, 2)])
@pytest.mark.parametrize("spared", range(4))
async def test_a_lost_reply_is_looked_for_in_the_list(
    spotify: Spotify,
    home: SpotifyPlaylists,
    status: int | None,
    spared: int,
    lag: int,
    *,
    takes_effect: bool,
):
    mix = add_list(spotify, [*URIS[:60], URIS[7]])
    mix.lag = lag
    goal = [*URIS[100:103], *URIS[:5], *URIS[6:60]]  # a removal, two to thin, three to add
    items = [PlaylistItem(1, uri=uri) for uri in goal]
    spotify.troubles.append(
        Trouble(
            "(POST|PUT|DELETE) .*/items",
            spared,
            1,
            status=status,
            is_down=status is None,
            takes_effect=takes_effect,
        )
    )
    await home.bring(LIST_ID, lambda now: now.with_items(items))
    assert mix.uris == goal
    assert (
        writes(spotify)
        == ["POST", "DELETE", "DELETE", "POST"][:spared]
        + [
            each
            for again in (["POST", "DELETE", "DELETE", "POST"][spared],)
            for each in ([again] if takes_effect or status is None else [again, again])
        ]
        + ["POST", "DELETE", "DELETE", "POST"][spared + 1 :]
    )


async def test_a_service_that_fails_again_and_again_is_left_alone_and_taken_up_later(
    spotify: Spotify, home: SpotifyPlaylists
):
    mix = add_list(spotify, URIS[:60])
    change = PlaylistChange.removing(await home.read(LIST_ID), [2, 30, 50])
    await home.bring(LIST_ID, without(*gone_by(change)))
    spotify.troubles.append(Trouble("POST .*/items", 1, status=503))
    with pytest.raises(SourceUnavailableError):
        await home.bring(LIST_ID, lambda now: undo(change, now).playlist)
    assert len(mix.uris) == 58
    spotify.troubles.clear()
    await home.bring(LIST_ID, lambda now: undo(change, now).playlist)
    assert mix.uris == URIS[:60]


@pytest.mark.parametrize("only", ["POST .*/items", "GET .*/items", "GET /v1/playlists/[^/]+$"])
async def test_a_short_throttle_is_waited_for_and_a_quota_ends_the_run(
    spotify: Spotify, home: SpotifyPlaylists, clock: SkippingClock, only: str
):
    mix = add_list(spotify, URIS[:60])
    change = PlaylistChange.removing(await home.read(LIST_ID), [2, 30, 50])
    await home.bring(LIST_ID, without(*gone_by(change)))
    spotify.troubles += [
        Trouble(only, 0, 1, status=429, retry_after="2"),
        Trouble(only, 0, status=429, retry_after="7200", reason="QUOTA_EXCEEDED"),
    ]
    with pytest.raises(SourceClosedError) as closed:
        await home.bring(LIST_ID, lambda now: undo(change, now).playlist)
    assert closed.value.until == clock.now() + timedelta(hours=2)
    assert 2.0 in clock.slept
    spotify.troubles.clear()
    clock.pass_(7_201)
    await home.bring(LIST_ID, lambda now: undo(change, now).playlist)
    assert mix.uris == URIS[:60]


async def test_songs_that_spotify_does_not_take_any_more_are_left_out(
    spotify: Spotify, home: SpotifyPlaylists
):
    mix = add_list(spotify, URIS[:2])
    wanted = [PlaylistItem(1, uri=uri) for uri in [*URIS[:20], GONE, *URIS[20:40]]]
    after = await home.bring(LIST_ID, lambda now: now.with_items(wanted))
    assert mix.uris == URIS[:40]
    assert len(after) == 40


async def test_a_list_that_takes_nothing_is_given_up(spotify: Spotify, home: SpotifyPlaylists):
    add_list(spotify, URIS[:2])
    wanted = [PlaylistItem(1, uri=f"spotify:track:{number:022d}") for number in range(60)]
    with pytest.raises(PlaylistUnusableError, match="does not take the songs"):
        await home.bring(LIST_ID, lambda now: now.with_items([*now.items, *wanted]))
    assert len(writes(spotify)) <= 21


async def test_a_song_that_does_not_go_is_left_alone(spotify: Spotify, home: SpotifyPlaylists):
    mix = add_list(spotify, URIS[:60])
    mix.relinked = {URIS[2]}
    after = await home.bring(LIST_ID, without(URIS[2], URIS[3]))
    assert mix.uris == [*URIS[:3], *URIS[4:60]]
    assert len(after) == 59
    assert writes(spotify) == ["DELETE", "DELETE"]


async def test_a_list_is_made_of_what_spotify_knows(spotify: Spotify, home: SpotifyPlaylists):
    items = [
        *(PlaylistItem(1, uri=uri) for uri in URIS[:250]),
        PlaylistItem(1, title="Nowhere"),
        PlaylistItem(1, uri=LOCAL),
    ]
    made = await home.create("  For\nthe road " + "x" * 200, "A mix", items)
    found = spotify.state.playlists[made.id]
    assert found.uris == URIS[:250]
    assert (found.is_public, found.description) == (False, "A mix")
    assert found.name == ("For the road " + "x" * 200)[:100]
    assert (made.title, made.n_items) == (found.name, 250)
    assert made.url.endswith(made.id)
    assert writes(spotify) == ["POST"] * 4


async def test_an_empty_list_is_made_in_one_call(spotify: Spotify, home: SpotifyPlaylists):
    n_before = len(spotify.log)
    made = await home.create("New", "", ())
    assert (made.n_items, spotify.state.playlists[made.id].uris) == (0, [])
    assert len(spotify.log) == n_before + 1


async def test_a_lost_reply_that_cannot_be_looked_for_is_told_as_such(
    spotify: Spotify, home: SpotifyPlaylists
):
    spotify.troubles += [
        Trouble("POST .*/me/playlists", 0, 1, is_down=True, takes_effect=True),
        Trouble("GET .*/me/playlists", 0, 1, status=429, retry_after="90000"),
    ]
    with pytest.raises(SourceUnavailableError):
        await home.create("New", "", ())


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_a_list_is_not_made_twice(
    spotify: Spotify, home: SpotifyPlaylists, *, takes_effect: bool
):
    add_list(spotify, URIS[:2])
    spotify.troubles.append(
        Trouble("POST .*/me/playlists", 0, 1, is_down=True, takes_effect=takes_effect)
    )
    if takes_effect:
        made = await home.create("New", "", [PlaylistItem(1, uri=URIS[0])])
        assert (made.title, made.n_items) == ("New", 1)
    else:
        with pytest.raises(SourceUnavailableError):
            await home.create("New", "", [PlaylistItem(1, uri=URIS[0])])
    names = [each.name for each in spotify.state.playlists.values()]
    assert names == (["Mix", "New"] if takes_effect else ["Mix"])
