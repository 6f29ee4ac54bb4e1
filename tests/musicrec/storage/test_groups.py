"""Several listeners with one statement: the same answers as one by one, on both databases."""

from dataclasses import replace

from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.label import LabelValue
from musicrec.domain.shortlist import ShortlistEntry, ShortlistKind
from musicrec.storage import Database, Mark
from tests.musicrec.storage.samples import ANNA, BEN, NOON, OTHER_SONG, SONG, event, shortlist
from tests.musicrec.storage.statements import recorded_statements

BOTH = {BEN: NOON, ANNA: NOON}


async def test_events_of_several_are_stored_once_each_and_read_back(database: Database):
    of_anna, of_ben = event(event_key="a"), event(LabelValue.DISLIKE, by=BEN, event_key="b")
    async with database.writing() as work:
        await work.groups.lock(BOTH)
        ids = await work.groups.append([of_anna, of_ben])
        again = await work.groups.append([of_ben, event(of=OTHER_SONG, event_key="c")])

    assert (ids.keys(), again.keys()) == ({"a", "b"}, {"c"})
    async with database.reading() as work:
        said = await work.groups.events([(ANNA, SONG), (BEN, SONG), (BEN, OTHER_SONG)])
        assert said[ANNA, SONG] == [await work.labels.latest(ANNA, SONG)]
        assert said[BEN, SONG] == [replace(of_ben, id=ids["b"])]
        assert said[BEN, OTHER_SONG] == []


async def test_marks_tell_how_far_everybody_has_come(database: Database):
    async with database.writing() as work:
        await work.groups.lock(BOTH)
        asked = replace(shortlist(SONG), kind=ShortlistKind.RATE)
        shown = await work.groups.show([asked])
        ids = await work.groups.append([event(event_key="a"), event(of=OTHER_SONG, event_key="b")])
        marks = await work.groups.marks([ANNA, BEN])

    assert marks == {ANNA: Mark(ids["b"], None), BEN: Mark(None, None)}
    assert (marks[ANNA].last_question, marks[BEN].last_question) == (shown[ANNA], None)


async def test_a_label_outlives_the_shortlist_that_it_came_by(database: Database):
    async with database.writing() as work:
        await work.groups.lock(BOTH)
        shown = await work.groups.show([shortlist(SONG)])
        known, gone = shown[ANNA], ShortlistId(10**9)
        await work.groups.append(
            [
                event(shortlist_id=known, event_key="a"),
                event(by=BEN, shortlist_id=gone, event_key="b"),
            ]
        )
        said = await work.groups.events([(ANNA, SONG), (BEN, SONG)])

    assert [one.shortlist_id for (one,) in said.values()] == [known, None]


async def test_shown_questions_are_stored_with_what_was_told(database: Database):
    asked = replace(shortlist(SONG), entries=(ShortlistEntry(1, SONG, 0.25),))
    to_ben = replace(asked, listener_id=BEN, entries=(ShortlistEntry(1, OTHER_SONG, None),))
    async with database.writing() as work:
        await work.groups.lock(BOTH)
        shown = await work.groups.show([asked, to_ben])

    async with database.reading() as work:
        assert await work.shortlists.get(shown[ANNA]) == replace(asked, id=shown[ANNA])
        assert await work.shortlists.get(shown[BEN]) == replace(to_ben, id=shown[BEN])
        told = await work.groups.guesses([(ANNA, SONG), (BEN, OTHER_SONG)])
        assert [replace(one, id=None) for one in told[ANNA, SONG]] == guesses_of(asked)
        assert told[BEN, OTHER_SONG] == []


async def test_lenders_are_counted_by_server(database: Database):
    async with database.writing() as work:
        await work.groups.lock(BOTH)
        for who in BOTH:
            await work.sharing.share(1, who, NOON)
        await work.sharing.share(2, ANNA, NOON)
        assert await work.groups.lenders([1, 2, 3]) == {1: 2, 2: 1}


async def test_groups_of_every_size_are_read_with_few_statements(database: Database):
    with recorded_statements(database) as recorded:
        for n in range(1, 51):
            people = [ListenerId(number) for number in range(1, n + 1)]
            async with database.reading() as work:
                assert await work.groups.marks(people) == {}
                assert len(await work.groups.events([(who, SONG) for who in people])) == n
                assert len(await work.groups.corrections(people)) == n
    selects = {one.sql for one in recorded if one.sql.startswith("SELECT")}
    assert len(selects) == 3 * 7  # for 1, 2, 4, … 64 listeners
