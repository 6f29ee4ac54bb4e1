"""Songs learned one by one, on both databases."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from musicrec.domain.features import ARTISTS, TITLE
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.track import Track
from musicrec.storage import Database
from tests.musicrec.storage.samples import NOON

MUSICBRAINZ = Origin("MusicBrainz", NOON - timedelta(days=3), "CC0")
RECCOBEATS = Origin("ReccoBeats", NOON - timedelta(hours=1, microseconds=7))


def learned(name: str, **fields: float) -> LearnedSong:
    track = Track(TrackId(f"isrc:{name}"), f"Título {name}", ("Ana", "Böb"), features=fields)
    origins = {TITLE: MUSICBRAINZ, ARTISTS: MUSICBRAINZ} | dict.fromkeys(fields, RECCOBEATS)
    return LearnedSong(track, (f"mbid:{name}", f"deezer:{name}"), origins)


async def put(database: Database, *songs: LearnedSong, minute: float = 0) -> Sequence[LearnedSong]:
    async with database.writing() as work:
        return await work.learned_songs.put(songs, NOON + timedelta(minutes=minute))


async def since(database: Database, number: int = 0, most: int = 100) -> list[LearnedSong]:
    async with database.reading() as work:
        return await work.learned_songs.since(number, most=most)


async def test_a_song_comes_back_with_the_origin_of_each_value(database: Database):
    track = Track(
        TrackId("isrc:A"),
        "Dancing Queen 👑",
        ("ABBA",),
        album="Arrival",
        genre="pop",
        country="SE",
        features={"energy": 0.1 + 0.2, "year": 1976.0},
        source="MusicBrainz, ReccoBeats",
    )
    song = LearnedSong(track, ("mbid:A",), {TITLE: MUSICBRAINZ, "energy": RECCOBEATS})
    (stored,) = await put(database, song)

    assert await since(database) == [stored]
    assert (stored.track, stored.links, stored.origins) == (song.track, song.links, song.origins)
    assert stored.learned_at == RECCOBEATS.learned_at


async def test_songs_are_read_in_the_order_in_which_they_were_stored(database: Database):
    stored = await put(database, *(learned(str(number)) for number in range(2_500)))
    later = await put(database, learned("later"), minute=1)

    assert await since(database, most=5_000) == [*stored, *later]
    assert await since(database, stored[-1].number or 0) == list(later)
    assert await since(database, stored[9].number or 0, most=2) == list(stored[10:12])


async def test_storing_a_song_again_replaces_it_and_moves_it_to_the_end(database: Database):
    first, second = await put(database, learned("a", energy=0.1, valence=0.2), learned("b"))
    (again,) = await put(database, learned("a", energy=0.9))

    assert await since(database) == [second, again]
    assert again.track.features == {"energy": 0.9}
    assert (again.number or 0) > (second.number or 0) > (first.number or 0)


async def test_a_stored_song_is_found_by_its_id_alone(database: Database):
    await put(database, learned("a", energy=0.1), learned("b"))
    (again,) = await put(database, learned("a", energy=0.9))
    async with database.reading() as work:
        assert await work.learned_songs.get(TrackId("isrc:a")) == again
        assert await work.learned_songs.get(TrackId("mbid:a")) is None


async def test_of_two_songs_with_one_id_in_one_call_the_last_is_stored(database: Database):
    stored = await put(database, learned("a", energy=0.1), learned("a", energy=0.9))

    assert [song.track.features for song in stored] == [{"energy": 0.9}]
    assert await since(database) == stored


async def test_numbers_grow_though_the_clock_goes_back(database: Database):
    (first,) = await put(database, learned("a"), minute=60)
    (second,) = await put(database, learned("b"), minute=0)

    assert (second.number or 0) > (first.number or 0)


async def test_no_number_becomes_visible_behind_a_reader(url: str, database: Database):
    """Several writers at once, each with a connection of its own; one reader follows."""

    async def write(writer: int) -> None:
        own = Database.open(url)
        for number in range(15):
            await put(own, learned(f"{writer}-{number}"))
        await own.close()

    async def follow() -> list[LearnedSong]:
        read: list[LearnedSong] = []
        while len(read) < 60:
            read += await since(database, (read[-1].number or 0) if read else 0)
            await asyncio.sleep(0)
        return read

    async with asyncio.timeout(60):
        following = asyncio.create_task(follow())
        await asyncio.gather(*(write(writer) for writer in range(4)))
        read = await following
    assert len({song.track.id for song in read}) == 60
    numbers = [song.number or 0 for song in read]
    assert numbers == sorted(numbers)
