"""Domain values with the fewest words, for tests that care about one field."""

from datetime import UTC, datetime, timedelta
from typing import Any

from musicrec.domain.guess import Guess, GuessPlace
from musicrec.domain.ids import EventId, ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.model import ModelSummary, StoredModel
from musicrec.domain.report import AlgorithmResult, Confusion, Metrics, Report
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.storage import Database

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
ANNA = ListenerId(2**62 + 1)
"""As large as a Discord id of the far future, beyond 32 bits and beyond float64."""
BEN = ListenerId(7)
SONG = TrackId("song:aaaa")
OTHER_SONG = TrackId("spotify:track:bbbb")

METRICS = Metrics(
    accuracy=0.7,
    balanced_accuracy=0.65,
    precision=0.1 + 0.2,
    recall=1.0,
    f1=0.5,
    roc_auc=1 / 3,
    brier=0.0,
    log_loss=0.25,
)
REPORT = Report(
    n_likes=6,
    n_dislikes=4,
    feature_names=("energy", "tempo_bpm"),
    folds=5,
    repeats=3,
    grouped_by=None,
    baseline=METRICS,
    results=(AlgorithmResult("svc", "support vectors", "class weights", METRICS, 1.5),),
    confusion=Confusion(5, 1, 3, 1),
    notices=("Two rows were the same 👍 song.",),
)


def event(
    value: LabelValue = LabelValue.LIKE,
    *,
    of: TrackId = SONG,
    by: ListenerId = ANNA,
    minute: int = 0,
    **fields: Any,
) -> LabelEvent:
    return LabelEvent(
        listener_id=by,
        track_id=of,
        value=value,
        labelled_at=NOON + timedelta(minutes=minute),
        source=LabelSource.BUTTON,
        **fields,
    )


def shortlist(*tracks: TrackId, by: ListenerId = ANNA, **fields: Any) -> Shortlist:
    entries = tuple(
        ShortlistEntry(position, track, 0.1 * position, "like songs you liked")
        for position, track in enumerate(tracks, start=1)
    )
    values: dict[str, Any] = {
        "kind": ShortlistKind.RECOMMEND,
        "created_at": NOON,
        "catalogue_version": "demo",
        "seed": 2**53 + 1,
        **fields,
    }
    return Shortlist(listener_id=by, entries=entries, **values)


def model(blob: bytes = b"\x00model\xff", *, by: ListenerId = ANNA, **fields: Any) -> StoredModel:
    values: dict[str, Any] = {
        "fitted_at": NOON,
        "algorithm": "svc",
        "n_labels": 10,
        "feature_names": ("energy", "tempo_bpm"),
        "content_hash": "ab" * 32,
        "trained_through": EventId(2**40),
        "report": REPORT,
        **fields,
    }
    return StoredModel(ModelSummary(listener_id=by, **values), blob)


def guess(
    p_like: float = 0.75,
    *,
    of: TrackId = SONG,
    by: ListenerId = ANNA,
    minute: int = 0,
    **fields: Any,
) -> Guess:
    at = NOON + timedelta(minutes=minute)
    values: dict[str, Any] = {"place": GuessPlace.RATE, **fields}
    return Guess(by, of, p_like, at, **values)


async def store(database: Database, *events: LabelEvent) -> list[LabelEvent | None]:
    """Append events, each in a transaction of its own, for listeners who become known."""
    stored: list[LabelEvent | None] = []
    for one in events:
        async with database.writing() as work:
            await work.listeners.lock(one.listener_id, one.labelled_at)
            stored.append(await work.labels.append(one))
    return stored
