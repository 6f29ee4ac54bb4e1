"""What outside services answered, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

from musicrec.domain.source_answer import SourceAnswer, SourceClosure
from musicrec.storage import Database
from tests.musicrec.storage.samples import NOON

KNOWN = SourceAnswer("Deezer", "track/1", {"title": "Ω 👍 \0 \ud800", "bpm": None}, NOON, "terms")
UNKNOWN = SourceAnswer("Deezer", "track/2", None, NOON)
CLOSURE = SourceClosure("Deezer", "", NOON + timedelta(hours=1), "its quota is spent")


async def test_answers_are_found_by_their_source_and_key(database: Database):
    other = replace(KNOWN, source="iTunes")
    async with database.writing() as work:
        await work.sources.put_answers([KNOWN, UNKNOWN, other])

    async with database.reading() as work:
        found = await work.sources.answers("Deezer", ["track/1", "track/2", "track/3"])
        assert found == {"track/1": KNOWN, "track/2": UNKNOWN}
        assert await work.sources.answers("iTunes", ["track/1"]) == {"track/1": other}
        assert await work.sources.answers("iTunes", []) == {}


async def test_a_later_answer_takes_the_place_of_the_earlier(database: Database):
    later = replace(KNOWN, key=UNKNOWN.key, fetched_at=NOON + timedelta(days=8))
    async with database.writing() as work:
        await work.sources.put_answers([UNKNOWN])
        assert await work.sources.answers("Deezer", [UNKNOWN.key]) == {UNKNOWN.key: UNKNOWN}
        await work.sources.put_answers([later])
        assert await work.sources.answers("Deezer", [UNKNOWN.key]) == {UNKNOWN.key: later}


async def test_what_was_unknown_long_ago_is_forgotten(database: Database):
    newer = replace(UNKNOWN, key="track/3", fetched_at=NOON + timedelta(days=7))
    async with database.writing() as work:
        await work.sources.put_answers([KNOWN, UNKNOWN, newer])
        assert await work.sources.forget_unknown(NOON + timedelta(days=7)) == 1
        keys = [KNOWN.key, UNKNOWN.key, newer.key]
        assert set(await work.sources.answers("Deezer", keys)) == {KNOWN.key, newer.key}


async def test_more_answers_than_a_statement_has_parameters_are_read(database: Database):
    many = [replace(UNKNOWN, key=f"track/{number}") for number in range(1_100)]
    async with database.writing() as work:
        await work.sources.put_answers(many)
        assert len(await work.sources.answers("Deezer", [each.key for each in many])) == 1_100


async def test_a_closure_ends_by_itself(database: Database):
    async with database.writing() as work:
        await work.sources.close(CLOSURE)

    async with database.reading() as work:
        assert await work.sources.closures(NOON) == [CLOSURE]
        assert await work.sources.closures(CLOSURE.closed_until) == []


async def test_the_closure_that_ends_last_stays(database: Database):
    shorter = replace(CLOSURE, closed_until=NOON + timedelta(minutes=1), reason="short")
    longer = replace(CLOSURE, closed_until=NOON + timedelta(days=1), reason="long")
    async with database.writing() as work:
        await work.sources.close(CLOSURE)
        await work.sources.close(shorter)
        assert await work.sources.closures(NOON) == [CLOSURE]
        await work.sources.close(longer)
        assert await work.sources.closures(NOON) == [longer]


async def test_buckets_are_closed_apart(database: Database):
    tracks = replace(CLOSURE, bucket="tracks")
    async with database.writing() as work:
        await work.sources.close(tracks)
        await work.sources.close(CLOSURE)
        assert await work.sources.closures(NOON) == [CLOSURE, tracks]


async def test_calls_are_counted_by_day_and_bucket(database: Database):
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    async with database.writing() as work:
        assert await work.sources.count_call("Spotify", "tracks", monday) == 1
        assert await work.sources.count_call("Spotify", "search", monday) == 1
        assert await work.sources.count_call("Spotify", "tracks", monday) == 2
        assert await work.sources.count_call("Spotify", "tracks", tuesday) == 1
        assert await work.sources.closures(NOON) == []


async def test_counting_and_closing_leave_each_other_alone(database: Database):
    day = NOON.date()
    async with database.writing() as work:
        await work.sources.count_call("Deezer", "", day)
        await work.sources.close(CLOSURE)
        assert await work.sources.count_call("Deezer", "", day) == 2
        assert await work.sources.closures(NOON) == [CLOSURE]
