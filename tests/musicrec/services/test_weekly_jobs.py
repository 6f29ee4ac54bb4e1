"""A weekly list composed by a worker."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from musicrec.catalogue import Catalogue, open_catalogue
from musicrec.discovery import rank
from musicrec.discovery.week import WeekRequest
from musicrec.domain.features import LIKED
from musicrec.domain.ids import TrackId
from musicrec.domain.week import PickKind
from musicrec.services.weekly_jobs import compose_week
from musicrec.taste import TasteModel, TrainingSet, dump_model, train
from musicrec.workers import LocalWorkers
from tests.musicrec.learned_songs import learned


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_catalogue(tmp_path_factory.mktemp("nothing-imported"))


@pytest.fixture(scope="module")
def labelled(demo: Catalogue) -> pd.DataFrame:
    songs = demo.table(range(len(demo)))
    chosen = [songs[songs["genre"] == genre].head(25) for genre in ("metal", "country")]
    return pd.concat(chosen).assign(**{LIKED: [True] * 25 + [False] * 25})


@pytest.fixture(scope="module")
def model(labelled: pd.DataFrame) -> TasteModel:
    return train(TrainingSet.from_table(labelled), folds=2)


@pytest.fixture(scope="module")
def request_(demo: Catalogue, labelled: pd.DataFrame, model: TasteModel) -> WeekRequest:
    ranking, _ = rank(demo.snapshot, model)
    pairs = zip(labelled["track_id"], labelled[LIKED], strict=True)
    history = {TrackId(track_id): bool(liked) for track_id, liked in pairs}
    return WeekRequest(ranking.rows, ranking.p_like, history, seed=4)


async def test_a_worker_composes_what_this_process_would(
    demo: Catalogue, model: TasteModel, request_: WeekRequest
):
    folder, blob = demo.snapshot.folder, dump_model(model)
    here = compose_week(blob, folder, request_)
    workers = LocalWorkers(1)
    try:
        assert await workers.run(compose_week, blob, folder, request_) == here
    finally:
        await workers.close()
    assert [song.position for song in here] == list(range(1, 31))
    assert all(song.reason and song.url and song.p_like is not None for song in here)
    assert not request_.history.keys() & {song.track_id for song in here}


def test_a_learned_song_is_picked_and_a_row_that_nobody_told_of_is_not(
    demo: Catalogue, model: TasteModel, request_: WeekRequest
):
    new = learned("isrc:SEAYD7601020", "A New One", "Somebody New", genre="metal", energy=0.87)
    row = len(demo)
    delta = demo.with_learned([new]).delta.only(np.array([row]))
    more = replace(
        request_,
        rows=np.concatenate([[row, row + 3], request_.rows]),
        p_like=np.concatenate([[0.999, 1.0], request_.p_like]),
    )
    folder, blob = demo.snapshot.folder, dump_model(model)
    picked = {song.track_id for song in compose_week(blob, folder, more, delta)}
    assert new.track.id in picked
    assert compose_week(blob, folder, more) == compose_week(blob, folder, request_)


def test_without_a_model_a_starter_week_is_composed(demo: Catalogue, request_: WeekRequest):
    asked = WeekRequest(history=dict([*request_.history.items()][:3]), n=12)
    songs = compose_week(None, Path(demo.snapshot.folder), asked)
    assert len(songs) == 12
    assert all(song.p_like is None and song.reason for song in songs)
    assert PickKind.EXPLORING not in {song.kind for song in songs}
