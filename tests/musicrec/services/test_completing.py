"""What is offered while a listener types."""

import pytest

from musicrec.domain.label import LabelValue
from musicrec.services import Services
from tests.musicrec.services.people import Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_nothing_typed_completes_to_the_listeners_own_songs_first(
    services: Services, anna: Presser
):
    popular = services.songs.suggest("", limit=100)
    liked, disliked, withdrawn = popular[50], popular[60], popular[70]
    await anna.press(liked.id, LabelValue.LIKE)
    for track in popular[80:85]:
        await anna.press(track.id, LabelValue.DISLIKE)
    await anna.press(withdrawn.id, LabelValue.LIKE)
    await anna.press(withdrawn.id, LabelValue.WITHDRAWN)
    await anna.press(disliked.id, LabelValue.DISLIKE)
    offered = await services.songs.complete(anna.id, "", limit=8)
    assert offered == [disliked, *popular[84:80:-1], liked, *popular[:2]]


async def test_what_is_typed_completes_alike_for_everybody(
    services: Services, anna: Presser, ben: Presser
):
    song = services.songs.suggest("")[3]
    await anna.press(song.id, LabelValue.LIKE)
    for listener in (anna, ben):
        offered = await services.songs.complete(listener.id, song.title)
        assert offered == services.songs.suggest(song.title)
        assert song in offered
