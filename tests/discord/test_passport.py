"""/passport: the map, its words, and the way to the next stamp."""

from datetime import UTC, datetime

from musicrec.domain.ids import ListenerId
from musicrec.domain.label import LabelValue
from tests.discord.town import Member, Town, buttons, names, words


async def rate_from(town: Town, member: Member, country: str, n: int) -> None:
    songs = town.services.songs.suggest("", limit=600)
    for song in [song for song in songs if song.country == country][:n]:
        await town.services.labels.press(
            ListenerId(member.id),
            song.id,
            LabelValue.LIKE,
            at=datetime.now(UTC),
            event_key=f"behind:{song.id}",
        )


async def test_an_empty_passport_says_how_to_fill_it(town: Town):
    result = await town.alice.slash(town.channel, "passport")
    assert result.response.ephemeral
    assert "Your passport is empty" in words(result.response)
    assert names(result.response) == ["Start rating"]


async def test_a_passport_shows_stamps_as_map_and_text(town: Town):
    await rate_from(town, town.alice, "IN", 3)
    await rate_from(town, town.alice, "GB", 2)
    result = await town.alice.slash(town.channel, "passport")
    assert result.response.ephemeral
    said = words(result.response)
    assert "Your passport: 1 country" in said
    assert "✓ India: 3" in said
    assert "· United Kingdom: 2 of 3" in said
    assert "Next stamp: United Kingdom, 1 more song." in said
    (attachment,) = result.response.attachments
    assert attachment.filename == "passport.png"
    assert (await attachment.read()).startswith(b"\x89PNG")


async def test_the_next_stamp_is_one_press_away(town: Town):
    await rate_from(town, town.alice, "GB", 2)
    result = await town.alice.slash(town.channel, "passport")
    assert names(result.response) == ["🇬🇧 United Kingdom", "Where to?"]
    assert buttons(result.response)[0]["custom_id"] == "explore:v1:to:-:GB:50"
