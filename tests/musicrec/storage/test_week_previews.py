"""The last look at a coming list, on both databases."""

from datetime import timedelta

from musicrec.domain.week import PickKind, PreviewId, Receipt, WeekList, WeekPreview, WeekSong
from musicrec.storage import Database
from tests.musicrec.storage.samples import ANNA, BEN, NOON, SONG

CONTENT = WeekList(
    (WeekSong(1, SONG, "Für Élise", ("A", "B"), None, PickKind.EXPLORING, "new", country="DE"),),
    Receipt(30, 21, 9, 4, 4, 2, 1 / 3),
    "note",
    99,
    7,
    "v1",
)


async def put(database: Database, *previews: WeekPreview) -> list[PreviewId]:
    async with database.writing() as work:
        for listener_id in (ANNA, BEN):
            await work.listeners.lock(listener_id, NOON)
        return [await work.week_previews.put(one) for one in previews]


async def test_a_look_comes_back_whole_to_its_listener_alone(database: Database):
    look = WeekPreview(ANNA, NOON, CONTENT)
    [look_id] = await put(database, look)
    async with database.reading() as work:
        found = await work.week_previews.get(ANNA, look_id)
        assert await work.week_previews.get(BEN, look_id) is None
        assert await work.week_previews.get(ANNA, PreviewId(look_id + 1)) is None
    assert found == WeekPreview(ANNA, NOON, CONTENT, look_id)


async def test_the_next_look_takes_its_place_under_another_id(database: Database):
    later = WeekPreview(ANNA, NOON + timedelta(hours=1), CONTENT)
    first, of_ben, second = await put(
        database, WeekPreview(ANNA, NOON, CONTENT), WeekPreview(BEN, NOON, CONTENT), later
    )
    assert first != second
    async with database.reading() as work:
        assert await work.week_previews.get(ANNA, first) is None
        assert await work.week_previews.get(ANNA, second) is not None
        assert await work.week_previews.get(BEN, of_ben) is not None


async def test_the_id_of_a_look_is_never_used_again(database: Database):
    [first] = await put(database, WeekPreview(ANNA, NOON, CONTENT))
    async with database.writing() as work:
        await work.listeners.delete(ANNA)
    [of_ben] = await put(database, WeekPreview(BEN, NOON, CONTENT))
    assert of_ben > first
