"""One's own data."""

import io
import zipfile

from musicrec.domain.track import Track
from tests.discord.town import DISLIKE, LIKE, Town, names, words


async def test_show_says_nothing_is_stored_about_a_stranger(town: Town):
    result = await town.alice.slash(town.channel, "privacy show")
    assert result.response.ephemeral
    assert words(result.response) == "I store nothing about you."


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
