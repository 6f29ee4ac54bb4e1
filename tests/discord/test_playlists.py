"""/playlist prune, undo, export and history, from files and from lists that are kept here."""

from dataclasses import replace
from typing import Any

import pytest
import simcord

from musicrec.domain.errors import (
    BadInputError,
    EditRefusedError,
    NotEnoughLabelsError,
    PlaylistUnusableError,
)
from musicrec.domain.ids import ListenerId
from musicrec.domain.model import StoredModel
from musicrec.domain.playlist import Playlist
from musicrec.domain.playlist_edit import EditId
from musicrec.playlists.formats.files import PlaylistFormat, read_playlist, write_playlist
from tests.discord.playlist_town import (
    a_file,
    bytes_of,
    file_of,
    give_labels,
    give_taste,
    label_of,
    press,
    ticks,
)
from tests.discord.town import Town, buttons, names, words
from tests.musicrec.playlists.lists import playlist, song
from tests.musicrec.services.playlist_town import kept_here, known_songs, mixed_list


@pytest.fixture
async def learned(town: Town, taste: StoredModel) -> Town:
    """Alice has a taste."""
    await give_taste(town.services, ListenerId(town.alice.id), taste)
    return town


async def pruned(town: Town, **options: Any) -> Any:
    every = {"file": a_file(town), "sure": 70} | options
    options = {name: value for name, value in every.items() if value is not None}
    return (await town.alice.slash(town.channel, "playlist prune", **options)).response


async def test_a_page_shows_chances_ranges_reasons_and_the_promise(learned: Town):
    page = await pruned(learned)
    said = words(page)
    assert page.ephemeral
    assert "would go" in said
    assert "How sure: I guessed about your 40 rated songs without knowing what you said" in said
    assert "Nothing is changed before you press the button" in said
    assert "1 song stays, a local file: Somebody - On my disk" in said
    assert "stays, an episode" in said
    assert "stays, its sound is not known: Nobody at all - Never heard of" in said
    assert "–" in said
    assert ticks(page).on == 8
    assert names(page)[-1] == "Keep everything"
    assert len(said) <= 4_000


async def test_ticks_pages_and_removal_survive_a_restart(learned: Town):
    name, data = a_file(learned)
    page = await pruned(learned, file=(name, data))
    n = int(label_of(page, "Remove").split()[1])
    assert n > 8
    await learned.restart()
    page = await press(learned, learned.alice, page, "☑")
    assert ticks(page).off == 1
    assert label_of(page, "Remove") == f"Remove {n - 1} songs"
    page = await press(learned, learned.alice, page, "Next")
    assert ticks(page).off == 0
    page = await press(learned, learned.alice, page, "◀")
    assert ticks(page).off == 1
    await learned.restart()
    done = await press(learned, learned.alice, page, "Remove")
    assert f"without {n - 1} songs" in words(done)
    left = read_playlist(await bytes_of(done), "x.csv").playlist
    before = read_playlist(data, name).playlist
    assert len(left) == len(before) - (n - 1)
    kept = {item.identity for item in left.items}
    assert [item.identity for item in before.items if item.identity in kept] == [
        item.identity for item in left.items
    ]
    await learned.restart()
    restored = await press(learned, learned.alice, done, "Undo")
    assert "as you gave it to me" in words(restored)
    assert await bytes_of(restored) == data


async def test_all_can_be_unticked_and_then_nothing_can_be_pressed(learned: Town):
    page = await press(learned, learned.alice, await pruned(learned), "Untick all")
    assert ticks(page).on == 0
    remove = next(b for b in buttons(page) if b.get("label") == "Remove 0 songs")
    assert remove["disabled"]
    page = await press(learned, learned.alice, page, "Tick all")
    assert ticks(page).off == 0


async def test_keep_everything_changes_nothing(learned: Town):
    done = await press(learned, learned.alice, await pruned(learned), "Keep everything")
    assert "Nothing was changed" in words(done)
    assert buttons(done) == []


async def test_a_kept_list_is_pruned_and_restored(learned: Town):
    listener_id = ListenerId(learned.alice.id)
    await kept_here(learned.services, listener_id, mixed_list(learned.services))
    choices = await learned.alice.autocomplete(learned.channel, "playlist prune", "list", "mi")
    assert [choice["name"] for choice in choices] == ["Made here: Mine (63 songs)"]
    reference = choices[0]["value"]
    before = (await learned.services.places.open(listener_id, reference)).playlist
    page = await pruned(learned, file=None, list=reference)
    done = await press(learned, learned.alice, page, "Remove")
    assert "Removed" in words(done)
    now = (await learned.services.places.open(listener_id, reference)).playlist
    assert len(now) < len(before)
    history = await learned.alice.slash(learned.channel, "playlist history")
    assert "“Mine” pruned" in words(history.response)
    undone = await learned.alice.slash(learned.channel, "playlist undo")
    assert "as it was before, song by song" in words(undone.response)
    assert (await learned.services.places.open(listener_id, reference)).playlist == before
    await learned.click(learned.alice, done, "Undo")
    assert "taken back already" in words(learned.look(done))
    again = await learned.alice.slash(learned.channel, "playlist undo")
    assert "nothing to take back" in words(again.response)
    simcord.assert_error(learned.env, EditRefusedError)


async def test_an_edit_of_the_history_can_be_picked_and_taken_back(learned: Town):
    for _ in range(2):
        await press(learned, learned.alice, await pruned(learned), "Remove")
    choices = await learned.alice.autocomplete(learned.channel, "playlist undo", "edit", "")
    assert len(choices) == 2
    assert choices[1]["name"].startswith("mine.csv: pruned, ")
    earlier = choices[1]["value"]
    result = await learned.alice.slash(learned.channel, "playlist undo", edit=earlier)
    assert "as you gave it to me" in words(result.response)
    left = await learned.alice.autocomplete(learned.channel, "playlist undo", "edit", "")
    assert [choice["value"] for choice in left] == [choices[0]["value"]]


@pytest.mark.parametrize("edit", ["nonsense", "99999999999999999999999", "-1", "²"])
async def test_an_edit_that_is_none_is_refused(learned: Town, edit: str):
    result = await learned.alice.slash(learned.channel, "playlist undo", edit=edit)
    assert words(result.response)
    simcord.assert_error(learned.env, EditRefusedError)


async def test_strangers_buttons_do_nothing(learned: Town):
    page = await pruned(learned)
    keep = next(b for b in buttons(page) if b.get("label") == "Keep everything")
    edit_id = EditId(int(keep["custom_id"].split(":")[3]))
    mine = await learned.bob.slash(learned.channel, "playlist history")
    edits = learned.services.edits
    for call in (
        edits.make(ListenerId(learned.bob.id), edit_id),
        edits.undo(ListenerId(learned.bob.id), edit_id),
    ):
        with pytest.raises(EditRefusedError):
            await call
    assert "no playlist of yours" in words(mine.response)


async def test_a_button_that_stayed_is_pressed_again_and_nothing_is_removed_twice(learned: Town):
    listener_id = ListenerId(learned.alice.id)
    read = await kept_here(learned.services, listener_id, mixed_list(learned.services))
    reference = f"here:{read.place.list_id}"
    page = await pruned(learned, file=None, list=reference)
    n = int(label_of(page, "Remove").split()[1])
    learned.env.inject_error("PATCH", "/webhooks/*/*/messages/*", status=403, code=50013)
    stayed = await press(learned, learned.alice, page, "Remove")
    now = (await learned.services.places.open(listener_id, reference)).playlist
    assert len(read.playlist) - len(now) == n
    again = await press(learned, learned.alice, stayed, "Remove")
    assert "done already" in words(again)
    assert (await learned.services.places.open(listener_id, reference)).playlist == now
    assert len(await learned.services.edits.history(listener_id)) == 1


async def test_three_labels_are_too_few_and_none_as_well(town: Town):
    none = await pruned(town)
    assert "more of your ratings" in words(none)
    simcord.assert_error(town.env, NotEnoughLabelsError)
    await give_labels(town.services, ListenerId(town.alice.id), 3)
    few = await pruned(town)
    assert "more of your ratings" in words(few)
    assert names(few) == ["Start rating"]
    simcord.assert_error(town.env, NotEnoughLabelsError)


async def test_an_unknown_list_is_said_to_be_unknown(learned: Town):
    unknown = playlist(*(song(f"Unknown {n}", "Nobody") for n in range(20)))
    page = await pruned(learned, file=file_of(unknown))
    assert "0 songs of 20 would go" in words(page)
    assert "20 songs stay, its sound is not known" in words(page)
    assert buttons(page) == []


async def test_an_empty_list_is_said_to_be_empty(learned: Town):
    read = await kept_here(learned.services, ListenerId(learned.alice.id), Playlist("Nothing"))
    page = await pruned(learned, file=None, list=f"here:{read.place.list_id}")
    assert words(page) == "This playlist is empty."
    simcord.assert_error(learned.env, PlaylistUnusableError)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.png", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("empty.csv", b"  \n"),
        ("page.html", b"<!doctype html><html></html>"),
        ("@everyone.xspf", b"<playlist><"),
        ("large.csv", b"a" * 10_000_001),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_no_playlist_is_one_clear_sentence(learned: Town, name: str, data: bytes):
    page = await pruned(learned, file=(name, data))
    assert words(page).startswith("I cannot use that: ")
    assert "@everyone" not in words(page)
    simcord.assert_error(learned.env, BadInputError)


async def test_a_list_or_a_file_must_be_named(learned: Town):
    for options in ({"file": None}, {"list": "x"}):
        page = await pruned(learned, **options)
        assert "name one playlist" in words(page)
        simcord.assert_error(learned.env, BadInputError)


async def test_a_strangers_spotify_link_is_told_why_it_cannot_be_read(learned: Town):
    link = "https://open.spotify.com/playlist/37i9dQZF1DXcBWIGoYBM5M?si=1"
    page = await pruned(learned, file=None, list=link)
    assert "only playlists that you own or edit with others" in words(page)
    assert "Exportify" in words(page)
    simcord.assert_error(learned.env, PlaylistUnusableError)


async def test_ten_thousand_songs_fit_into_pages(learned: Town):
    songs = known_songs(learned.services, 500)
    whole = playlist(*songs * 20)
    page = await pruned(learned, file=file_of(whole, PlaylistFormat.M3U8))
    assert "of 10,000 would go" in words(page)
    page = await press(learned, learned.alice, page, "Next")
    assert ticks(page).on == 8
    done = await press(learned, learned.alice, page, "Remove")
    assert "Here is “mine.m3u8” without" in words(done)


async def test_names_that_try_tricks_are_shown_literally(learned: Town):
    items = [
        replace(item, title=f"@everyone **x** [y](https://z) {'w' * 300}")
        for item in known_songs(learned.services, 60)
    ]
    page = await pruned(learned, file=file_of(playlist(*items)))
    assert "@everyone" not in words(page)
    assert "[y](" not in words(page)
    assert len(words(page)) <= 4_000


@pytest.mark.parametrize("kind", [PlaylistFormat.CSV, PlaylistFormat.XSPF, PlaylistFormat.LINKS])
async def test_a_list_is_exported_as_was_asked(town: Town, kind: PlaylistFormat):
    result = await town.alice.slash(
        town.channel, "playlist export", file=a_file(town, 5), format=str(kind)
    )
    assert result.response.ephemeral
    data = await bytes_of(result.response)
    songs = read_playlist(data, "x").playlist
    assert len(songs) == (5 if kind is PlaylistFormat.LINKS else 8)
    assert kind is PlaylistFormat.LINKS or write_playlist(songs, kind) == data


async def test_a_list_without_links_is_not_exported_as_links(town: Town):
    file = file_of(playlist(song("One")))
    result = await town.alice.slash(town.channel, "playlist export", file=file, format="links")
    assert "No song of this playlist has a Spotify link" in words(result.response)
    simcord.assert_error(town.env, PlaylistUnusableError)


async def test_privacy_counts_what_is_kept_of_playlists(learned: Town):
    await press(learned, learned.alice, await pruned(learned), "Remove")
    shown = await learned.alice.slash(learned.channel, "privacy show")
    assert "1 change of playlists" in words(shown.response)
    question = await learned.alice.slash(learned.channel, "privacy delete")
    await learned.click(learned.alice, question.response, "Delete everything")
    assert "1 change of playlists" in words(learned.look(question.response))
    history = await learned.alice.slash(learned.channel, "playlist history")
    assert "no playlist of yours" in words(history.response)
