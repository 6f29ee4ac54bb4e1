"""/playlist doctor, sort and make, and homes elsewhere that fail half-way."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.container import open_services
from musicrec.domain.errors import (
    BadInputError,
    NothingToRecommendError,
    NotLinkedError,
    PlaylistUnusableError,
    SourceClosedError,
    SourceUnavailableError,
)
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import StoredModel
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import PlaceKind
from musicrec.playlists.formats.files import read_playlist
from tests.discord.playlist_town import (
    a_file,
    bytes_of,
    file_of,
    give_taste,
    label_of,
    press,
    ticks,
)
from tests.discord.town import DISLIKE, LIKE, Town, buttons, names, town_of, words
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.services.playlist_town import (
    LossyHome,
    StepHome,
    kept_here,
    known_songs,
    mixed_list,
)


@pytest.fixture
def home() -> LossyHome:
    return LossyHome({})


@pytest.fixture
async def town(
    small_catalogue: Path, tmp_path: Path, home: StepHome, taste: StoredModel
) -> AsyncIterator[Town]:
    """Alice has a taste, and playlists elsewhere."""
    shutil.copytree(small_catalogue, tmp_path, dirs_exist_ok=True)
    opening = open_services(
        data_dir=tmp_path, worker_processes=1, homes={PlaceKind.SPOTIFY: lambda _: home}
    )
    async with opening as services, town_of(services) as running:
        await give_taste(services, ListenerId(running.alice.id), taste)
        home.lists_["abc"] = mixed_list(services)
        yield running


async def asked(town: Town, command: str, **options: Any) -> Any:
    return (await town.alice.slash(town.channel, f"playlist {command}", **options)).response


async def test_the_doctor_shows_duplicates_to_tick_and_what_else_is_odd(town: Town):
    items = known_songs(town.services, 40)
    name, data = file_of(playlist(*items, items[2], replace(items[5], uri="", track_id=None)))
    page = await asked(town, "doctor", file=(name, data))
    said = words(page)
    assert page.ephemeral
    assert "“mine.csv”: 2 duplicates" in said
    assert "the same recording as number 3, which stays" in said
    assert "out of character" in said.casefold()
    page = await press(town, town.alice, page, "☑")
    assert ticks(page).off == 1
    done = await press(town, town.alice, page, "Remove 1 duplicate")
    assert len(read_playlist(await bytes_of(done), "x").playlist) == 41


async def test_a_list_without_duplicates_has_nothing_to_press(town: Town):
    page = await asked(town, "doctor", file=a_file(town, 30))
    assert "no duplicates" in words(page)
    assert buttons(page) == []


async def test_the_doctor_needs_no_taste_but_says_what_it_misses(town: Town):
    result = await town.bob.slash(town.channel, "playlist doctor", file=a_file(town, 60))
    assert "I do not know your taste yet" in words(result.response)


@pytest.mark.parametrize("by", ["smooth", "probability"])
async def test_sorting_shows_both_orders_and_gives_the_file_on_a_press(town: Town, by: str):
    name, data = a_file(town, 20)
    page = await asked(town, "sort", file=(name, data), by=by)
    said = words(page)
    assert said.index("**Now**") < said.index("**Then**")
    assert "About 3 songs I know too little" in said
    assert names(page) == ["Sort it", "Leave it"]
    assert "Energy and tempo along the list" in said
    assert (await bytes_of(page)).startswith(b"\x89PNG")
    await town.restart()
    done = await press(town, town.alice, page, "Sort it")
    ours = read_playlist(data, name).playlist.items
    theirs = read_playlist(await bytes_of(done), name).playlist.items
    assert [item.name for item in ours] != [item.name for item in theirs]
    assert sorted(item.name for item in ours) == sorted(item.name for item in theirs)
    restored = await press(town, town.alice, done, "Undo")
    assert await bytes_of(restored) == data


async def test_sorting_near_a_song_begins_with_it(town: Town):
    page = await asked(town, "sort", file=a_file(town, 20), like="7")
    then = words(page).split("**Then**")[1].strip().splitlines()
    now = mixed_list(town.services, 20).items[6]
    assert now.title.split()[0].strip("*") in then[0]
    refused = await asked(town, "sort", file=a_file(town, 20), like="no such song")
    assert "no song of the playlist is called" in words(refused)
    simcord.assert_error(town.env, BadInputError)


async def test_an_order_that_is_there_already_is_said_so(town: Town):
    name, data = a_file(town, 20)
    done = await press(town, town.alice, await asked(town, "sort", file=(name, data)), "Sort it")
    again = await asked(town, "sort", file=(name, await bytes_of(done)), by="tempo")
    done = await press(town, town.alice, again, "Sort it")
    page = await asked(town, "sort", file=(name, await bytes_of(done)), by="tempo")
    assert "nothing would move" in words(page)
    assert buttons(page) == []


async def test_a_new_list_can_be_rated_turned_sent_and_saved(town: Town, home: StepHome):
    page = await asked(town, "make", file=a_file(town, 30), n=15, name="@everyone new")
    said = words(page)
    assert page.ephemeral
    assert "@everyone" not in said
    assert "15 songs you do not know from here" in said
    assert "among those by your taste" in said
    assert "sounds like" in said
    assert names(page).count(LIKE) == names(page).count(DISLIKE) == 7
    before = await town.counts(town.alice)
    await town.click(town.alice, page, LIKE)
    assert await town.counts(town.alice) == (before[0] + 1, before[1])
    await town.restart()
    page = await press(town, town.alice, page, "Next")
    page = await press(town, town.alice, page, "Next")
    assert names(page).count(LIKE) == 1
    sent = await town.click(town.alice, page, "To Spotify")
    assert "is on Spotify now with 15 songs" in words(sent.response)
    assert "https://home.example/new1" in words(sent.response)
    assert len(home.lists_["new1"]) == 15
    saved = await town.click(town.alice, page, "As a file")
    assert len(read_playlist(await bytes_of(saved.response), "x").playlist) == 15
    choices = await town.alice.autocomplete(town.channel, "playlist export", "list", "new")
    assert [choice["name"] for choice in choices] == [
        "Made here: @everyone new (15 songs)",
        "On Spotify: @everyone new (15 songs)",
    ]


async def test_pressed_twice_a_new_list_is_on_spotify_once(town: Town, home: StepHome):
    page = await asked(town, "make", mood="calm", n=3, name="@everyone *calm*")
    await town.click(town.alice, page, "To Spotify")
    await town.restart()
    again = (await town.click(town.alice, page, "To Spotify")).response
    assert again.ephemeral
    assert "is on Spotify already with 3 songs, and once is enough" in words(again)
    assert "https://home.example/new1" in words(again)
    assert "@everyone" not in words(again)
    assert list(home.lists_) == ["abc", "new1"]
    await town.restart()
    more = (await town.click(town.alice, again, "Make it once more")).response
    assert "is on Spotify now with 3 songs" in words(more)
    late = (await town.click(town.alice, again, "Make it once more")).response
    assert "is on Spotify already" in words(late)
    assert list(home.lists_) == ["abc", "new1", "new2"]
    privacy = await town.alice.slash(town.channel, "privacy show")
    assert "where a copy of them is at your accounts elsewhere" in words(privacy.response)


async def test_a_lost_answer_of_spotify_is_told_plainly(town: Town, home: LossyHome):
    page = await asked(town, "make", mood="calm", n=3)
    home.n_lost = 1
    failed = (await town.click(town.alice, page, "To Spotify")).response
    assert "Spotify is out of reach right now" in words(failed)
    await town.restart()
    unsure = (await town.click(town.alice, page, "To Spotify")).response
    assert "never learned what became of it, so it may be there already" in words(unsure)
    assert names(unsure) == ["Make it once more"]
    assert home.n_made == 1


async def test_a_copy_that_cannot_be_finished_says_why(town: Town, home: LossyHome):
    page = await asked(town, "make", mood="calm", n=3)
    home.fails[1] = SourceUnavailableError("Spotify", "503")
    await town.click(town.alice, page, "To Spotify")
    home.fails[1] = PlaylistUnusableError("This playlist is gone.")
    stuck = (await town.click(town.alice, page, "To Spotify")).response
    assert "was begun on Spotify, and I cannot go on: This playlist is gone." in words(stuck)
    assert names(stuck) == ["Make it once more"]


async def test_a_mood_makes_a_list_without_a_taste(town: Town):
    result = await town.bob.slash(town.channel, "playlist make", mood="calm", n=5)
    assert "Calm: 5 songs" in words(result.response)
    assert "by sound alone" in words(result.response)


async def test_features_make_a_list(town: Town):
    page = await asked(town, "make", features="energy=0.9, tempo_bpm=120", n=3)
    assert "3 songs you do not know" in words(page)


@pytest.mark.parametrize(
    "options", [{}, {"mood": "calm", "list": "abc"}, {"features": "energy"}, {"features": "x=1"}]
)
async def test_wishes_that_make_no_sense_are_one_sentence(town: Town, options: dict[str, Any]):
    page = await asked(town, "make", **options)
    assert words(page).startswith("I cannot use that: ")
    simcord.assert_error(town.env, BadInputError)


async def test_where_nothing_fits_that_is_said(town: Town):
    n_songs = len(town.services.songs._catalogue.now)
    everything = playlist(*known_songs(town.services, n_songs))
    page = await asked(town, "make", file=file_of(everything), n=5)
    assert "No song is left" in words(page)
    simcord.assert_error(town.env, NothingToRecommendError)
    nearly = everything.with_items(everything.items[:-3])
    assert "No more than" in words(await asked(town, "make", file=file_of(nearly), n=50))


async def test_a_list_elsewhere_is_pruned_step_by_step_and_restored(town: Town, home: StepHome):
    before = home.lists_["abc"]
    choices = await town.alice.autocomplete(town.channel, "playlist prune", "list", "")
    assert [choice["name"] for choice in choices] == ["On Spotify: Mine (63 songs)"]
    page = await asked(town, "prune", list=choices[0]["value"], sure=70)
    done = await press(town, town.alice, page, "Remove")
    assert "Removed" in words(done)
    assert len(home.lists_["abc"]) < len(before)
    undone = await press(town, town.alice, done, "Undo")
    assert "as it was before, song by song" in words(undone)
    assert home.lists_["abc"] == before


async def test_a_home_that_closes_half_way_is_told_and_goes_on_by_itself(
    town: Town, home: StepHome
):
    page = await asked(town, "prune", list="spotify:abc", sure=70)
    n = int(label_of(page, "Remove").split()[1])
    before, until = home.lists_["abc"], datetime.now(UTC) + timedelta(seconds=1)
    home.fails[2] = SourceClosedError("Spotify", "quota", until=until)
    done = await press(town, town.alice, page, "Remove")
    assert "answers me no more questions for now" in words(done)
    assert "I go on by myself" in words(done)
    assert len(before) - len(home.lists_["abc"]) == 2
    history = await asked(town, "history")
    assert "under way" in words(history)
    waiting = await asked(town, "undo")
    assert "is being pruned" in words(waiting)
    async with town.services.edits._database.writing() as uow:
        for edit_id in await uow.playlist_edits.unfinished():
            await uow.playlist_edits.let_go(edit_id, "")
    await town.services.edit_runs.resume()
    assert len(before) - len(home.lists_["abc"]) == n
    await town.restart()
    told = await asked(town, "sort", list="spotify:abc")
    assert words(told).startswith("-# Finished meanwhile: “Mine” is pruned now.")
    assert "**Then**" in words(told)
    assert names(told) == ["Sort it", "Leave it"]
    assert "Finished meanwhile" not in words(await asked(town, "history"))
    undone = await asked(town, "undo")
    assert "as it was before" in words(undone)
    assert home.lists_["abc"] == before


async def test_songs_added_in_between_stay(town: Town, home: StepHome):
    page = await asked(town, "prune", list="spotify:abc", sure=70)
    now = home.lists_["abc"]
    new = song("Added since", uri="uri:new")
    home.lists_["abc"] = now.with_items([new, *now.items[1:]])
    await press(town, town.alice, page, "Remove")
    assert home.lists_["abc"].items[0].title == "Added since"
    undone = await asked(town, "undo")
    assert "came back to “Mine”" in words(undone)
    assert "Added since" in {item.title for item in home.lists_["abc"].items}


async def test_an_account_that_is_not_linked_is_one_sentence(town: Town, home: StepHome):
    home.fails[-1] = NotLinkedError("Spotify")
    page = await asked(town, "prune", list="spotify:abc")
    assert "/link spotify" in words(page)
    simcord.assert_error(town.env, NotLinkedError)


async def test_two_lists_of_one_name_are_told_apart(town: Town, home: StepHome):
    await kept_here(
        town.services, ListenerId(town.alice.id), Playlist("Mine", home.lists_["abc"].items)
    )
    choices = await town.alice.autocomplete(town.channel, "playlist sort", "list", "mine")
    assert {choice["name"].split(":")[0] for choice in choices} == {"Made here", "On Spotify"}
