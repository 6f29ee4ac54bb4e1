"""One's own data."""

import io
import zipfile
from datetime import UTC, datetime

from cogs._bot import OperatorPages
from cogs.privacy.text import README, exported_text
from musicrec.domain.ids import ListenerId
from musicrec.domain.track import Track
from tests.discord.town import DISLIKE, LIKE, Town, names, words


async def test_show_says_nothing_is_stored_about_a_stranger(town: Town):
    result = await town.alice.slash(town.channel, "privacy show")
    assert result.response.ephemeral
    assert words(result.response).startswith("I store nothing about you.\n")


async def test_show_counts_what_is_stored(town: Town):
    rating = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, rating.response, LIKE)
    await town.click(town.alice, rating.response, DISLIKE)
    result = await town.alice.slash(town.channel, "privacy show")
    assert "1 👍 and 1 👎" in words(result.response)
    assert "2 entries" in words(result.response)


async def test_export_is_a_private_zip_with_the_ratings(town: Town):
    rating = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, rating.response, LIKE)
    result = await town.alice.slash(town.channel, "privacy export")
    assert result.response.ephemeral
    attachment = result.response.attachments[0]
    with zipfile.ZipFile(io.BytesIO(await attachment.read())) as archive:
        assert "labels.csv" in archive.namelist()
        assert "like" in archive.read("labels.csv").decode()


async def test_delete_asks_first(town: Town):
    rating = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, rating.response, LIKE)
    question = await town.alice.slash(town.channel, "privacy delete")
    assert question.response.ephemeral
    assert names(question.response) == ["Delete everything", "Keep it"]
    assert await town.counts(town.alice) == (1, 0)


async def test_keep_it_deletes_nothing(town: Town):
    rating = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, rating.response, LIKE)
    question = await town.alice.slash(town.channel, "privacy delete")
    await town.click(town.alice, question.response, "Keep it")
    after = town.look(question.response)
    assert words(after) == "Nothing was deleted."
    assert names(after) == []
    assert await town.counts(town.alice) == (1, 0)


async def test_delete_removes_only_ones_own_data_even_after_a_restart(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    await town.click(town.bob, card, LIKE)
    question = await town.alice.slash(town.channel, "privacy delete")
    await town.restart()
    await town.click(town.alice, question.response, "Delete everything")
    assert "Deleted: 1 rating entry" in words(town.look(question.response))
    assert await town.counts(town.alice) == (0, 0)
    assert await town.counts(town.bob) == (1, 0)


async def test_deleting_nothing_says_so(town: Town):
    question = await town.alice.slash(town.channel, "privacy delete")
    await town.click(town.alice, question.response, "Delete everything")
    assert words(town.look(question.response)) == "There was nothing to delete."


async def test_show_says_why_each_thing_is_kept_and_where_it_came_from(town: Town):
    rating = await town.alice.slash(town.channel, "rate")
    await town.click(town.alice, rating.response, LIKE)
    shown = words((await town.alice.slash(town.channel, "privacy show")).response)
    assert "*(to learn what you like, and to take any of it back; from: you" in shown
    assert "your Discord user id and the day you came" in shown
    assert "no data statement here" in shown


async def test_show_links_to_what_the_operator_says(town: Town):
    town.env.bot.pages = OperatorPages("https://example.org/privacy", "https://example.org/terms")  # pyright: ignore[reportAttributeAccessIssue] - simcord's type of the bot is wider
    shown = words((await town.alice.slash(town.channel, "privacy show")).response)
    assert "[Data statement](https://example.org/privacy)" in shown
    assert "[Terms of use](https://example.org/terms)" in shown
    assert "no data statement here" not in shown


async def test_all_sharing_ends_at_one_press_even_after_a_restart(town: Town):
    alice, elsewhere = ListenerId(town.alice.id), 2**61
    await town.alice.slash(town.channel, "share on")
    at = datetime.now(UTC)
    await town.services.sharing.share(alice, elsewhere, at=at)
    await town.services.social.comparing.allow(alice, town.guild.id, at=at)
    shown = await town.alice.slash(town.channel, "privacy show")
    assert "ratings: Town and a server that I cannot see *(" in words(shown.response)
    assert names(shown.response) == ["End all sharing"]
    await town.restart()
    await town.services.sharing.share(alice, elsewhere, at=at)  # the start forgot that server
    await town.click(town.alice, shown.response, "End all sharing")
    after = town.look(shown.response)
    assert "Ended 3 consents" in words(after)
    assert "may lean on your ratings:" not in words(after)
    assert names(after) == []
    assert not await town.services.sharing.is_shared(alice, town.guild.id)


async def test_a_large_export_comes_in_parts_that_all_open(town: Town):
    await town.rate(town.alice, 60)
    parts = await town.services.privacy.export(
        ListenerId(town.alice.id), readme=README, part_bytes=9_000
    )
    assert len(parts) > 1
    contents = [zipfile.ZipFile(io.BytesIO(part)) for part in parts]
    names_of_files = [name for archive in contents for name in archive.namelist()]
    assert len(names_of_files) == len(set(names_of_files))
    assert max(len(part) for part in parts) <= 9_000
    assert "Discord lets me send at most 10 MB in one file here, so it comes as 3 zip" in (
        exported_text(3, 10_485_760)
    )


async def test_everything_works_in_direct_messages(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    user = town.env.create_user("carol")
    town.guild.add_member(user)
    result = await user.slash("privacy export")
    assert result.response.ephemeral
    question = await user.slash("privacy delete")
    await town.click(user, question.response, "Delete everything")
    assert words(town.look(question.response)) == "There was nothing to delete."


async def test_a_receipt_names_what_is_gone_and_what_stays(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    await town.alice.slash(town.channel, "share on")
    question = await town.alice.slash(town.channel, "privacy delete")
    await town.click(town.alice, question.response, "Delete everything")
    told = words(town.look(question.response))
    assert told.startswith("Deleted: 1 rating entry, 1 list of songs, ")
    assert ", 1 consent to lean on your ratings and your user id." in told
    assert "Nobody's guesses lean on your ratings any more." in told
    assert "Messages that I sent stay on Discord" in told


async def leave(town: Town, guild_id: int) -> None:
    with town.env._bot_scope():
        town.env.bot.dispatch("guild_remove", town.env.bot.get_guild(guild_id))
    await town.env.settle()


async def test_a_server_that_removes_the_bot_is_forgotten_with_its_cards(town: Town, song: Track):
    card = await town.post(song)
    await town.click(town.alice, card, LIKE)
    await town.alice.slash(town.channel, "share on")
    await leave(town, town.guild.id)
    assert await town.services.privacy.servers_beside([]) == []
    assert await town.counts(town.alice) == (1, 0)


async def test_a_server_that_was_left_while_the_bot_was_away_is_forgotten_at_its_start(town: Town):
    alice, elsewhere = ListenerId(town.alice.id), 2**61
    await town.alice.slash(town.channel, "share on")
    await town.services.sharing.share(alice, elsewhere, at=datetime.now(UTC))
    await town.restart()
    await town.env.settle()
    assert await town.services.privacy.servers_beside([]) == [town.guild.id]
