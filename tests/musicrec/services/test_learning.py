import asyncio
import io
import json
import zipfile
from collections import Counter
from collections.abc import Awaitable

import pandas as pd
import pytest

from musicrec.domain.errors import (
    GenreNotFoundError,
    NotEnoughLabelsError,
    NothingToRecommendError,
)
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.services import Services
from tests.musicrec.services.people import NOON, Presser

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_too_few_labels_are_named_before_anything_is_trained(
    services: Services, anna: Presser
):
    await anna.rate(2)
    with pytest.raises(NotEnoughLabelsError) as caught:
        await services.training.train_now(anna.id, at=NOON)
    assert caught.value.missing_labels == 8


async def test_only_likes_are_not_enough(services: Services, anna: Presser):
    for track in services.songs.suggest("", limit=12):
        await anna.press(track.id, LabelValue.LIKE)
    with pytest.raises(NotEnoughLabelsError) as caught:
        await services.recommendations.recommend(anna.id, at=NOON)
    assert caught.value.missing_labels == 3
    await services.training.idle()


async def test_suggested_songs_do_not_come_twice(services: Services, anna: Presser):
    shown = [(await services.rating.next_song(anna.id, at=NOON)).track.id for _ in range(60)]
    assert len(set(shown)) == 60


async def test_a_press_does_not_wait_until_many_newcomers_have_their_first_question(
    services: Services, anna: Presser
):
    ended: list[int] = []

    async def note(listener_id: int, doing: Awaitable[object]) -> None:
        await doing
        ended.append(listener_id)

    (song,) = services.songs.suggest("", limit=1)
    newcomers = range(900, 930)
    asked = [
        asyncio.create_task(note(each, services.rating.next_song(ListenerId(each), at=NOON)))
        for each in newcomers
    ]
    await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    await note(anna.id, anna.press(song.id, LabelValue.LIKE))
    await asyncio.gather(*asked)
    assert sorted(ended) == [anna.id, *newcomers]
    assert ended.index(anna.id) < 10


async def test_suggestions_keep_to_the_genre_asked_for(services: Services, anna: Presser):
    genre = services.songs.genres[-1]
    for _ in range(5):
        suggestion = await services.rating.next_song(anna.id, genre=genre.upper(), at=NOON)
        assert suggestion.track.genre == genre
    with pytest.raises(GenreNotFoundError):
        await services.rating.next_song(anna.id, genre="polka", at=NOON)


async def test_from_ratings_to_recommendations(services: Services, anna: Presser):
    rated = {track.id for track in await anna.rate(30)}
    await services.training.idle()

    first = await services.recommendations.recommend(anna.id, n=10, at=NOON)
    second = await services.recommendations.recommend(anna.id, n=10, at=NOON)
    ids = [entry.track_id for entry in first.shortlist.entries + second.shortlist.entries]
    assert len(ids) == len(set(ids)) == 20
    assert not rated & set(ids)
    for shortlist in (first, second):
        artists = Counter(name for track in shortlist.tracks for name in track.artists)
        assert max(artists.values()) <= 2
        chances = [entry.p_like or 0 for entry in shortlist.shortlist.entries]
        assert chances == sorted(chances, reverse=True)
        reasons = Counter(entry.reason for entry in shortlist.shortlist.entries)
        assert all(reasons)
        assert len(reasons) > 1

    prediction = await services.predictions.predict(anna.id, ids[0], at=NOON)
    said = prediction.explanation
    assert said.interval is not None
    assert said.interval[0] < said.p_like < said.interval[1]
    assert said.reasons.for_ + said.reasons.against
    listed = first.explanations[0]
    assert {why.words for why in said.leading} == {why.words for why in listed.leading}
    assert first.shortlist.entries[0].reason in {reason.words for reason in said.leading}
    assert prediction.p_like == pytest.approx(first.shortlist.entries[0].p_like, abs=1e-5)
    assert prediction.own_label is None
    assert prediction.n_labels == 30

    outcome = await anna.press(ids[0], LabelValue.DISLIKE)
    assert outcome.accuracy is not None
    assert (await services.predictions.predict(anna.id, ids[0], at=NOON)).own_label == "dislike"


async def test_it_retrains_by_itself_after_ten_new_labels(services: Services, anna: Presser):
    await anna.rate(30)
    await services.training.idle()
    assert (await services.privacy.show(anna.id)).held["models"] > 0
    before = await services.predictions.predict(anna.id, TrackId(first_song(services)), at=NOON)
    await anna.rate(10)
    await services.training.idle()
    after = await services.predictions.predict(anna.id, TrackId(first_song(services)), at=NOON)
    assert (before.n_labels, after.n_labels) == (30, 40)


async def test_training_now_reports_and_draws(services: Services, anna: Presser):
    await anna.rate(15)
    outcome = await services.training.train_now(anna.id, at=NOON)
    assert outcome.report.n_likes + outcome.report.n_dislikes == 15
    assert len({result.algorithm for result in outcome.report.results}) == 10
    assert outcome.picture.png.startswith(b"\x89PNG")
    assert outcome.picture.text


async def test_nothing_left_is_said_so(services: Services, anna: Presser):
    await anna.rate(15)
    genre = services.songs.genres[0]
    with pytest.raises(NothingToRecommendError):
        await recommend_everything(services, genre, anna)


async def test_a_profile_is_drawn_from_the_first_label_on(services: Services, anna: Presser):
    empty = await services.taste.show(anna.id)
    assert (empty.n_labels, empty.picture) == (0, None)
    await anna.rate(20)
    view = await services.taste.show(anna.id)
    assert view.profile.n_likes > 0
    assert view.picture is not None
    assert view.picture.png.startswith(b"\x89PNG")


async def test_export_holds_everything_and_delete_leaves_nothing(
    services: Services, anna: Presser, ben: Presser
):
    await anna.rate(12)
    await ben.rate(3)
    await services.training.idle()
    await services.training.train_now(anna.id, at=NOON)

    with zipfile.ZipFile(io.BytesIO((await services.privacy.export(anna.id))[0])) as files:
        labels = pd.read_csv(files.open("labels.csv"))
        everything = json.loads(files.read("everything.json"))
    assert len(labels) == len(everything["label_events"]) == 12
    assert set(labels["label"]) <= {"like", "dislike"}
    assert max(model["n_labels"] for model in everything["models"]) == 12

    receipt = await services.privacy.delete(anna.id)
    n_models, kinds = len(everything["models"]), ("label_events", "shortlists", "models")
    assert [receipt.held[name] for name in kinds] == [12, 12, n_models]
    left = await services.privacy.show(anna.id)
    assert (left.likes, set(left.held.values())) == (0, {0})
    assert left.since is None
    assert (await services.privacy.show(ben.id)).held["label_events"] == 3


async def test_deleting_during_a_training_keeps_the_model_away(services: Services, anna: Presser):
    await anna.rate(20)
    await services.privacy.delete(anna.id)
    await services.training.idle()
    assert (await services.privacy.show(anna.id)).held["models"] == 0


async def test_an_empty_export_is_a_table_too(services: Services, anna: Presser):
    with zipfile.ZipFile(io.BytesIO((await services.privacy.export(anna.id))[0])) as files:
        assert pd.read_csv(files.open("labels.csv")).empty


def first_song(services: Services) -> TrackId:
    return services.songs.suggest("")[0].id


async def recommend_everything(services: Services, genre: str, anna: Presser) -> None:
    for _ in range(len(services.songs.genres) * 100):
        await services.recommendations.recommend(anna.id, n=1000, genre=genre, at=NOON)
