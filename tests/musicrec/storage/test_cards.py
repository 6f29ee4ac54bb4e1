"""Posted cards, on both databases."""

from dataclasses import replace

from musicrec.domain.card import Card
from musicrec.storage import Database
from tests.musicrec.storage.samples import NOON, OTHER_SONG, SONG

CARD = Card(message_id=2**62, channel_id=2**61, track_id=SONG, posted_at=NOON)


async def test_a_card_is_found_by_its_message(database: Database):
    async with database.writing() as work:
        await work.cards.put(CARD)

    async with database.reading() as work:
        assert await work.cards.by_message(CARD.message_id) == CARD
        assert await work.cards.by_message(1) is None


async def test_a_later_card_on_the_same_message_replaces_the_earlier(database: Database):
    later = replace(CARD, track_id=OTHER_SONG)
    async with database.writing() as work:
        await work.cards.put(CARD)
        assert await work.cards.by_message(CARD.message_id) == CARD
        await work.cards.put(later)
        assert await work.cards.by_message(CARD.message_id) == later
