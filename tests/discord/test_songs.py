"""Searching and posting songs."""

from pathlib import Path

import discord
import pytest
import simcord
from discord import app_commands

from bot.container import open_services
from musicrec.catalogue import import_songs
from musicrec.domain.errors import BadInputError, TrackNotFoundError
from musicrec.domain.place_errors import CountryNotFoundError
from musicrec.domain.track import Track
from tests.discord.town import DISLIKE, LIKE, Town, names, town_of, words


async def test_search_lists_songs_privately(town: Town, song: Track):
    result = await town.alice.slash(town.channel, "song search", text=song.main_artist)
    assert result.response.ephemeral
    assert f"[listen]({song.listen_url})" in words(result.response)


async def test_search_stays_in_a_genre(town: Town, song: Track):
    genre = next(g for g in town.services.songs.genres if g != song.genre)
    result = await town.alice.slash(town.channel, "song search", text="love", genre=genre)
    assert f" {genre} ·" in words(result.response)
    assert f" {song.genre} ·" not in words(result.response)


async def test_search_stays_in_country_and_years(tmp_path: Path):
    songs = tmp_path / "songs.csv"
    songs.write_text(
        "title,artist,year,country,explicit\nBlue,One,1999,SE,1\nBlue,Two,1985,SE,0\n"
        "Blue,Three,1995,US,\n"
    )
    import_songs(tmp_path / "data", [songs])
    async with (
        open_services(data_dir=tmp_path / "data", worker_processes=1) as services,
        town_of(services) as town,
    ):
        result = await town.alice.slash(
            town.channel, "song search", text="blue", years="1990-1999", country="se"
        )
        shown = words(result.response)
        clean = await town.alice.slash(town.channel, "song search", text="blue", clean=True)
        choices = await town.alice.autocomplete(town.channel, "song search", "country", "swe")
        by_name = await town.alice.slash(
            town.channel, "song search", text="blue", country="sweden", years="1999"
        )
    assert "One" in shown
    assert "Two" not in shown
    assert "Three" not in shown
    assert "Two" in words(clean.response)
    assert "Three" not in words(clean.response)
    assert [(choice["name"], choice["value"]) for choice in choices] == [("Sweden (SE)", "SE")]
    assert "One" in words(by_name.response)


async def test_search_refuses_years_that_mean_nothing(town: Town):
    result = await town.alice.slash(town.channel, "song search", text="love", years="@everyone")
    assert result.response.ephemeral
    assert "I cannot use that: " in words(result.response)
    assert "@everyone" not in words(result.response)
    simcord.assert_error(town.env, BadInputError)


async def test_search_proposes_others_for_a_country_without_songs(town: Town):
    result = await town.alice.slash(town.channel, "song search", text="love", country="**?** @here")
    assert result.response.ephemeral
    assert "There are songs from United States, " in words(result.response)
    assert "**?**" not in words(result.response)
    assert "@here" not in words(result.response)
    simcord.assert_error(town.env, CountryNotFoundError)


async def test_search_without_a_match_says_so(town: Town):
    result = await town.alice.slash(town.channel, "song search", text="@everyone xqzjv")
    assert "I know no song like “@\u200beveryone xqzjv”" in words(result.response)


async def test_post_shows_a_card_to_everybody_that_takes_buttons_and_reactions(
    town: Town, song: Track
):
    result = await town.alice.slash(town.channel, "song post", song=song.id)
    assert not result.response.ephemeral
    assert names(result.response) == [LIKE, DISLIKE, "Listen"]
    await town.click(town.bob, result.response, LIKE)
    await town.alice.set_reaction(result.response, DISLIKE, reacted=True)
    assert await town.counts(town.bob) == (1, 0)
    assert await town.counts(town.alice) == (0, 1)


async def test_post_takes_free_text(town: Town, song: Track):
    result = await town.alice.slash(
        town.channel, "song post", song=f"{song.title} {song.main_artist}"
    )
    assert song.main_artist in words(result.response)


async def test_post_of_an_unknown_song_is_refused_privately(town: Town):
    result = await town.alice.slash(town.channel, "song post", song="xqzjv kwpf")
    assert result.response.ephemeral
    assert "I know no song like “xqzjv kwpf”" in words(result.response)
    simcord.assert_error(town.env, TrackNotFoundError)


async def test_post_names_the_permission_that_the_bot_lacks(town: Town, song: Track):
    me = town.guild.me
    assert me is not None
    closed = town.guild.create_text_channel(
        "closed", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    result = await town.alice.slash(closed, "song post", song=song.id)
    assert result.response.ephemeral
    assert "I lack the permission “Send Messages”" in words(result.response)
    simcord.assert_error(town.env, app_commands.BotMissingPermissions)


async def test_post_does_not_let_a_member_write_where_they_may_not(town: Town, song: Track):
    quiet = town.guild.create_text_channel(
        "quiet", overwrites={town.alice: discord.PermissionOverwrite(send_messages=False)}
    )
    result = await town.alice.slash(quiet, "song post", song=song.id)
    assert "you lack the permission “Send Messages”" in words(result.response)
    assert [m for m in quiet.history() if not m.flags.ephemeral] == []
    simcord.assert_error(town.env, app_commands.MissingPermissions)


async def test_songs_complete_by_id_with_readable_names(town: Town, song: Track):
    choices = await town.alice.autocomplete(town.channel, "song post", "song", song.title[:6])
    assert song.id in [choice["value"] for choice in choices]
    assert all(" — " in choice["name"] for choice in choices)
    assert len(choices) <= 25


async def test_nothing_typed_completes_to_well_known_songs(town: Town):
    choices = await town.alice.autocomplete(town.channel, "predict", "song", "")
    assert len(choices) == 25


async def test_nothing_typed_completes_to_ones_own_songs_first(town: Town, song: Track):
    (rated,) = await town.rate(town.alice, 1)
    mine = await town.alice.autocomplete(town.channel, "song post", "song", "")
    others = await town.bob.autocomplete(town.channel, "song post", "song", "")
    assert mine[0]["value"] == rated.id
    assert others[0]["value"] == song.id


HOSTILE = [
    "@everyone free nitro",
    "<@123456789012345678> <#1> <:a:1>",
    "[click](http://evil.example)",
    "http://evil.example/x",
    "``` code ``` `x`",
    "**bold** __under__ ~~gone~~ ||spoiler||",
    "x" * 300,
    "*" * 300,
    "line one\nline two\r\n# heading",
    "\u202etxt.exe",
]


@pytest.mark.parametrize("title", HOSTILE)
async def test_hostile_titles_are_shown_literally(tmp_path: Path, title: str):
    cell = title.replace('"', '""')
    songs = tmp_path / "songs.csv"
    songs.write_bytes(f'title,artist,energy\n"{cell}","{cell}",0.5\nCalm,Her,0.1\n'.encode())
    import_songs(tmp_path / "data", [songs])
    async with (
        open_services(data_dir=tmp_path / "data", worker_processes=1) as services,
        town_of(services) as town,
    ):
        track = next(t for t in services.songs.suggest("") if t.title != "Calm")
        card = await town.post(track)
        answer = await town.click(town.alice, card, LIKE)
        choices = await town.alice.autocomplete(town.channel, "predict", "song", "")
        for text in (words(card), words(answer.response)):
            assert "@everyone" not in text
            assert "](http" not in text.replace("\\](", "")
            assert "<@1" not in text.replace("\\<", "")
            assert "http://" not in text
            assert "```" not in text
            assert "\u202e" not in text
            assert "\n# " not in text
            assert len(text) < 1000
        assert all(len(choice["name"]) <= 100 for choice in choices)
        assert not town.look(card).message.mention_everyone
