"""What a listener is offered where a filter leaves little of their best songs."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from musicrec.catalogue import Catalogue
from musicrec.discovery import SCORED_WHOLE, Scorer
from musicrec.domain.features import LIKED
from musicrec.domain.ids import EventId, ListenerId
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.domain.song_filter import SongFilter
from musicrec.services.jobs import model_of, train_and_score
from musicrec.services.listing import CHOICE, listed, meeting, without
from musicrec.services.rankings import RankingStore
from musicrec.taste import content_hash
from musicrec.workers import LocalWorkers
from tests.musicrec.catalogue.store.songs import built, made_up

N = 5


def trained(catalogue: Catalogue) -> StoredModel:
    songs = catalogue.table(range(0, 60_000, 1_000))
    labelled = songs.assign(**{LIKED: songs["energy"].fillna(0) < 0.5})
    blob, report, _ = train_and_score(labelled, catalogue.snapshot.folder)
    return StoredModel(
        ModelSummary(
            listener_id=ListenerId(1),
            fitted_at=datetime(2026, 11, 23, tzinfo=UTC),
            algorithm=report.best.algorithm,
            n_labels=len(labelled),
            feature_names=report.feature_names,
            content_hash=content_hash(blob),
            trained_through=EventId(60),
            report=report,
        ),
        blob,
    )


async def test_who_knows_thousands_of_the_best_songs_of_a_filter_is_offered_the_next_ones(
    tmp_path: Path,
):
    catalogue = Catalogue(built(tmp_path / "songs", made_up(SCORED_WHOLE + 20_000), batch=50_000))
    model, jazz = trained(catalogue), SongFilter(genre="jazz")
    fitting = catalogue.all_meeting(jazz)
    p_like = Scorer(catalogue.snapshot, model_of(model.blob)).p_like(fitting)
    best_first = fitting[np.argsort(-p_like, kind="stable")]
    n_known = len(fitting) // 2  # more of them than the whole ranking has
    known = {track.id for track in catalogue.tracks(best_first[:n_known].tolist())}
    workers = LocalWorkers(1)
    rankings = RankingStore(tmp_path / "rankings", workers)
    found = await listed(rankings, model, catalogue, jazz, known, n=N)
    fresh = without(found, catalogue, known)
    assert len(fitting) > 2 * len(
        meeting(await rankings.of(model, catalogue), catalogue, jazz).rows
    )
    assert len(fresh.rows) >= N * CHOICE
    assert catalogue.meets(jazz, fresh.rows).all()
    least = np.sort(p_like)[-n_known - N]
    assert (fresh.p_like[:N] >= least - 0.001).all()
    await rankings.close()
    await workers.close()
