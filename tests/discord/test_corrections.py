"""Corrections of recommended songs, on the messages that show them."""

import io
import json
import shutil
import zipfile
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from simcord.components import walk_components

from bot.container import open_services
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.model import StoredModel
from tests.discord.playlist_town import give_taste
from tests.discord.town import LIKE, Member, Town, names, town_of, words

pytestmark = pytest.mark.asyncio(loop_scope="module")

_numbers = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fans(
    small_catalogue: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    """Run one town for all tests; each has listeners of its own."""
    folder = tmp_path_factory.mktemp("fans")
    shutil.copytree(small_catalogue, folder, dirs_exist_ok=True)
    async with (
        open_services(data_dir=folder, worker_processes=1) as services,
        town_of(services) as town,
    ):
        yield town


@pytest_asyncio.fixture(loop_scope="module")
async def alice(fans: Town, taste: StoredModel) -> Member:
    return await listener(fans, taste)


@pytest_asyncio.fixture(loop_scope="module")
async def bob(fans: Town, taste: StoredModel) -> Member:
    return await listener(fans, taste)


async def listener(fans: Town, taste: StoredModel) -> Member:
    """Return a new member who has rated songs, and whose model is at hand."""
    member = fans.guild.add_member(fans.env.create_user(f"listener{next(_numbers)}"))
    await give_taste(fans.services, ListenerId(member.id), taste)
    return member


def select_of(message: Any) -> dict[str, Any]:
    (select,) = [part for part in walk_components(message.components) if part["type"] == 3]
    return select


def songs_of(message: Any) -> list[TrackId]:
    """Return the songs that a select offers."""
    values = [option["value"] for option in select_of(message)["options"]]
    songs = [value.removeprefix("song:") for value in values if value.startswith("song:")]
    return [TrackId(song) for song in songs]


async def recommend(town: Town, member: Member, **options: Any) -> Any:
    result = await member.slash(town.channel, "recommend", **options)
    return town.look(result.response)


async def correct(member: Member, message: Any, song: TrackId, *said: str) -> Any:
    """Choose a song and words; return the answer."""
    result = await member.select(message, [f"song:{song}", *(f"say:{one}" for one in said)])
    return result.response


async def test_a_list_has_one_select_of_its_songs_and_eight_things_to_say(
    fans: Town, alice: Member
):
    message = await recommend(fans, alice, n=3)
    select = select_of(message)
    labels = [option["label"] for option in select["options"]]
    first = await fans.services.songs.resolve(songs_of(message)[0])
    assert labels[0].startswith(f"1. {first.title}"[:50])
    assert labels[3:] == [
        *("More like this", "Too fast", "Too slow", "Too loud", "Too calm"),
        *("Not this genre", "Never this artist", "I know it already"),
    ]
    assert (select["min_values"], select["max_values"]) == (2, 4)


async def test_one_song_needs_no_choice_and_ten_songs_take_two_messages(fans: Town, alice: Member):
    message = await recommend(fans, alice, n=1)
    assert len(select_of(message)["options"]) == 8
    answer = (await alice.select(message, ["say:known"])).response
    assert "I do not recommend **" in words(answer)
    result = await alice.slash(fans.channel, "recommend", n=10)
    both = [fans.look(result.response), *map(fans.look, result.followups)]
    assert [len(songs_of(one)) for one in both] == [5, 5]
    assert all(one.ephemeral for one in both)
    assert select_of(both[1])["options"][0]["label"].startswith("6. ")
    assert "**6.**" in words(both[1])
    nine = await recommend(fans, alice, n=9)
    assert len(songs_of(nine)) == 9


async def test_too_fast_says_what_it_changes_and_later_lists_say_that_it_counts(
    fans: Town, alice: Member
):
    message = await recommend(fans, alice, n=4)
    answer = await correct(alice, message, songs_of(message)[1], "fast")
    assert answer.ephemeral
    said = words(answer)
    assert "Songs as fast as **" in said
    assert "lose about 11 points from now on." in said
    assert "A song at 50 % moves that far" in said
    assert names(answer) == ["Undo"]
    assert "As you asked" not in words(fans.look(message))
    later = await recommend(fans, alice, n=4)
    assert "-# As you asked: fewer fast songs (/taste corrections)." in words(later)


async def test_several_words_about_several_songs_are_one_choice_and_one_undo(
    fans: Town, alice: Member
):
    message = await recommend(fans, alice, n=4)
    first, second = songs_of(message)[:2]
    values = [f"song:{first}", "say:loud", f"song:{second}", "say:genre"]
    answer = (await alice.select(message, values)).response
    assert words(answer).count(" lose about ") == 4
    taken = (await fans.click(alice, answer, "Undo")).response
    assert words(taken).count("“Too loud” about **") == 2
    assert words(taken).count("“Not this genre” about **") == 2
    assert await fans.services.corrections.standing(ListenerId(alice.id)) == []


async def test_a_song_without_a_word_or_a_word_without_a_song_changes_nothing(
    fans: Town, alice: Member
):
    message = await recommend(fans, alice, n=4)
    two_songs = [f"song:{song}" for song in songs_of(message)[:2]]
    for values in (two_songs, ["say:fast", "say:loud"]):
        answer = (await alice.select(message, values)).response
        assert answer.ephemeral
        assert "Nothing was changed." in words(answer)
    assert await fans.services.corrections.standing(ListenerId(alice.id)) == []


async def test_the_same_word_twice_is_one_correction(fans: Town, alice: Member):
    message = await recommend(fans, alice, n=4)
    song = songs_of(message)[0]
    await correct(alice, message, song, "slow")
    again = await correct(alice, message, song, "slow")
    assert "You said that before. Songs as slow as **" in words(again)
    assert names(again) == []
    assert len(await fans.services.corrections.standing(ListenerId(alice.id))) == 1


async def test_select_and_undo_outlive_the_bot(fans: Town, alice: Member):
    message = await recommend(fans, alice, n=4)
    await fans.restart()
    answer = await correct(alice, message, songs_of(message)[0], "artist")
    assert "I never play you **" in words(answer)
    await fans.restart()
    await fans.click(alice, answer, "Undo")
    taken = fans.look(answer)
    assert "↩ Taken back: “Never this artist”" in words(taken)
    assert names(taken) == []


async def test_an_artist_is_gone_from_lists_and_questions_at_once(fans: Town, alice: Member):
    listener = ListenerId(alice.id)
    message = await recommend(fans, alice, n=4)
    for song in songs_of(message):
        await correct(alice, message, song, "artist")
    never = (await fans.services.corrections.of(listener)).never
    assert len(never) >= 2
    blocks = (await fans.services.corrections.of(listener)).blocks
    for _ in range(3):
        later = await recommend(fans, alice, n=9)
        tracks = [await fans.services.songs.resolve(song) for song in songs_of(later)]
        assert not any(blocks(track.artists) for track in tracks)


async def test_whoever_chooses_corrects_their_own_taste(fans: Town, alice: Member, bob: Member):
    result = await alice.slash(fans.channel, "recommend", n=3, share=True)
    shared = fans.look(result.followups[0])
    answer = await correct(bob, shared, songs_of(shared)[0], "loud")
    assert answer.ephemeral
    corrections = fans.services.corrections
    assert await corrections.standing(ListenerId(alice.id)) == []
    assert len(await corrections.standing(ListenerId(bob.id))) == 1
    carol = fans.guild.add_member(fans.env.create_user("carol"))
    await correct(carol, shared, songs_of(shared)[0], "known")
    assert len(await corrections.standing(ListenerId(carol.id))) == 1


async def test_taste_corrections_lists_what_stands_page_by_page_and_takes_it_back(
    fans: Town, alice: Member
):
    nothing = await alice.slash(fans.channel, "taste corrections")
    assert "You have corrected nothing." in words(nothing.response)
    message = await recommend(fans, alice, n=9)
    for song in songs_of(message):
        await correct(alice, message, song, "calm")
    listed = (await alice.slash(fans.channel, "taste corrections")).response
    assert listed.ephemeral
    assert "9 corrections, the latest first." in words(listed)
    assert words(listed).count("“Too calm” about **") == 8
    await fans.restart()
    await fans.click(alice, listed, "Next ▶")
    assert words(fans.look(listed)).count("“Too calm” about **") == 1
    await fans.click(alice, listed, "Take back")
    left = fans.look(listed)
    assert "8 corrections" in words(left)
    assert names(left) == ["Take back"] * 8
    for _ in range(8):
        await fans.click(alice, listed, "Take back")
    assert "You have corrected nothing." in words(fans.look(listed))


async def test_status_and_taste_tell_acceptance_together_with_coverage(fans: Town, alice: Member):
    status = await alice.slash(fans.channel, "status")
    assert "recommended to you" not in words(status.response)
    message = await recommend(fans, alice, n=5)
    await fans.click(alice, message, LIKE)
    for command in ("status", "taste show"):
        said = words((await alice.slash(fans.channel, command)).response)
        assert (
            "Of the 5 songs that I recommended to you in the last 90 days you rated 1 and" in said
        )
        assert "like 1. A song that you did not rate counts neither for nor against." in said


async def test_ones_data_has_corrections_also_taken_back_ones_and_they_are_deleted(
    fans: Town, alice: Member
):
    message = await recommend(fans, alice, n=4)
    answer = await correct(alice, message, songs_of(message)[0], "fast", "artist")
    await fans.click(alice, answer, "Undo")
    shown = await alice.slash(fans.channel, "privacy show")
    assert "2 corrections of songs that I recommended" in words(shown.response)
    exported = await alice.slash(fans.channel, "privacy export")
    content = await exported.response.attachments[0].read()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = json.loads(archive.read("everything.json"))["corrections"]
    assert {one["kind"] for one in told} == {"fast", "artist"}
    assert all(one["taken_back_at"] for one in told)
    question = await alice.slash(fans.channel, "privacy delete")
    await fans.click(alice, question.response, "Delete everything")
    assert "2 corrections, " in words(fans.look(question.response))
    assert await fans.services.corrections.standing(ListenerId(alice.id)) == []
