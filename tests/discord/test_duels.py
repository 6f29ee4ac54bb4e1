"""Duels: one message that asks which of two songs is liked better."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import simcord

from bot.container import open_services
from cogs._buttons import duel_buttons, undo_duel_button
from musicrec.catalogue import import_songs
from musicrec.domain.errors import GenreNotFoundError
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.services import DuelChoice, LabelChange
from tests.discord.town import Town, buttons, names, town_of, words

ANSWERS = ["A", "B", "I like both", "I like neither"]


async def start(town: Town, **options: str):
    return (await town.alice.slash(town.channel, "rate", mode="duel", **options)).response


async def test_a_duel_shows_two_songs_privately(town: Town):
    duel = await start(town)
    assert duel.ephemeral
    assert names(duel) == ANSWERS
    assert "### A: " in words(duel)
    assert "### B: " in words(duel)


@pytest.mark.parametrize(
    ("answer", "counts"),
    [("A", (1, 0)), ("B", (1, 0)), ("I like both", (2, 0)), ("I like neither", (0, 2))],
)
async def test_an_answer_becomes_ratings_and_brings_the_next_duel(
    town: Town, answer: str, counts: tuple[int, int]
):
    duel = await start(town)
    before = words(duel)
    await town.click(town.alice, duel, answer)
    after = town.look(duel)
    assert await town.counts(town.alice) == counts
    assert names(after) == ["Undo", *ANSWERS]
    assert "noted: " in words(after)
    assert "more and I can start guessing" in words(after)
    assert before not in words(after)


async def test_the_liked_song_is_the_one_that_was_chosen(town: Town):
    duel = await start(town)
    second_title = words(duel).split("### B: ")[1].split("\n")[0]
    await town.click(town.alice, duel, "B")
    assert f"👍 noted: **{second_title}**" in words(town.look(duel))


async def test_only_likes_are_not_enough_and_the_answer_says_so(town: Town):
    duel = await start(town)
    await town.click(town.alice, duel, "A")
    assert "when it is neither" in words(town.look(duel))
    await town.click(town.alice, duel, "I like neither")
    assert "when it is neither" not in words(town.look(duel))


async def test_a_second_click_on_an_answered_duel_changes_nothing(town: Town):
    duel = await start(town)
    old = {button["label"]: button["custom_id"] for button in buttons(duel)}
    await town.alice.click(duel, custom_id=old["A"])
    after = words(town.look(duel))
    # A slow client still shows the old buttons: it sends the old id from the new message.
    for label in ("A", "B"):
        await resend(town, old[label])
        assert await town.counts(town.alice) == (1, 0)
        assert words(town.look(duel)) == after


async def resend(town: Town, custom_id: str) -> None:
    """Click a button that the message showed a moment ago."""
    shortlist_id = ShortlistId(int(custom_id.split(":")[3]))
    outcome = await town.services.duels.answer(
        ListenerId(town.alice.id),
        shortlist_id,
        DuelChoice(custom_id.split(":")[2]),
        at=datetime.now(UTC),
        event_key=f"again:{custom_id}",
    )
    assert outcome is not None
    assert outcome.change is LabelChange.REPEATED


async def test_undo_takes_back_and_asks_about_the_same_songs_again(town: Town):
    duel = await start(town)
    before = words(duel)
    await town.click(town.alice, duel, "I like both")
    await town.click(town.alice, duel, "Undo")
    after = town.look(duel)
    assert await town.counts(town.alice) == (0, 0)
    assert "Took back" in words(after)
    assert before in words(after)
    await town.click(town.alice, duel, "I like neither")
    assert await town.counts(town.alice) == (0, 2)


@pytest.mark.parametrize(("button", "counts"), [("B", (2, 0)), ("Undo", (0, 0))])
async def test_old_duels_work_after_a_restart(town: Town, button: str, counts: tuple[int, int]):
    duel = await start(town)
    await town.click(town.alice, duel, "A")
    await town.restart()
    await town.click(town.alice, duel, button)
    assert await town.counts(town.alice) == counts


async def test_the_duels_stay_in_their_genre(town: Town):
    genre = town.services.songs.genres[-1]
    duel = await start(town, genre=genre)
    for answer in ("A", "Undo", "B", "I like both"):
        assert words(town.look(duel)).count(f"-# {genre} ·") == 2
        await town.click(town.alice, duel, answer)


async def test_an_unknown_genre_is_refused(town: Town):
    duel = await start(town, genre="roc*k")
    assert r"I know no genre “roc\*k”" in words(duel)
    simcord.assert_error(town.env, GenreNotFoundError)


async def test_a_duel_of_deleted_data_is_replaced_by_another_one(town: Town):
    duel = await start(town)
    before = words(duel)
    await town.services.privacy.delete(ListenerId(town.alice.id))
    await town.click(town.alice, duel, "A")
    assert await town.counts(town.alice) == (0, 0)
    assert names(town.look(duel)) == ANSWERS
    assert words(town.look(duel)) == before
    await town.click(town.alice, duel, "A")
    assert await town.counts(town.alice) == (1, 0)


async def test_when_only_one_song_is_left_the_duels_end(tmp_path: Path):
    songs = tmp_path / "songs.csv"
    songs.write_text("title,artist,energy\nOne,X,0.5\nTwo,X,0.6\nThree,X,0.7\n")
    import_songs(tmp_path / "data", [songs])
    async with (
        open_services(data_dir=tmp_path / "data", worker_processes=1) as services,
        town_of(services) as town,
    ):
        duel = await start(town)
        await town.click(town.alice, duel, "I like both")
        last = town.look(duel)
        assert "No song is left for you" in words(last)
        assert names(last) == ["Undo"]


async def test_a_song_that_was_not_chosen_can_be_asked_about_again(tmp_path: Path):
    songs = tmp_path / "songs.csv"
    songs.write_text("title,artist,energy\nOne,X,0.5\nTwo,X,0.6\nThree,X,0.7\n")
    import_songs(tmp_path / "data", [songs])
    async with (
        open_services(data_dir=tmp_path / "data", worker_processes=1) as services,
        town_of(services) as town,
    ):
        duel = await start(town)
        await town.click(town.alice, duel, "A")
        assert names(town.look(duel)) == ["Undo", *ANSWERS]


def test_every_custom_id_of_a_duel_is_short_enough():
    longest = ShortlistId(10**12 - 1)
    made = [*duel_buttons(longest, "drum-and-bass"), undo_duel_button(longest, "drum-and-bass")]
    assert max(len(button.custom_id or "") for button in made) <= 100
