"""What stands in a log after any mixture of verdicts, taking back and going back in time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from musicrec.domain.ids import EventId, ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.label_log import LabelLog, value_of

START = datetime(2026, 11, 22, tzinfo=UTC)
LIKE, DISLIKE, WITHDRAWN = LabelValue.LIKE, LabelValue.DISLIKE, LabelValue.WITHDRAWN
A, B = TrackId("song:a"), TrackId("song:b")

Chains: TypeAlias = dict[TrackId, tuple[tuple[int, LabelValue], ...]]
"""Of each song every verdict that stands, oldest first, each with its event's id."""


def minute(n: int) -> datetime:
    return START + timedelta(minutes=n)


class Diary:
    """Appends to a log as the services do, one minute after the other; a rewind takes one."""

    def __init__(self) -> None:
        self.events: list[LabelEvent] = []
        self.minutes = 0

    @property
    def log(self) -> LabelLog:
        return LabelLog(self.events)

    def say(
        self, track: TrackId, value: LabelValue, source: LabelSource = LabelSource.BUTTON, **f: Any
    ) -> None:
        self.minutes += 1
        self._append(track, value, source, **f)

    def go_back(self, track: TrackId, verdict: LabelEvent | None) -> None:
        self.minutes += 1
        self._restore(track, verdict)

    def undo(self) -> bool:
        log = self.log
        last = log.last()
        if last is not None:
            self.go_back(last.track_id, log.before(last))
        return last is not None

    def rewind(self, to: datetime) -> None:
        now, then = self.log.standing, self.log.standing_at(to)
        self.minutes += 1
        for track in {*now, *then}:
            if now.get(track) != then.get(track):
                self._restore(track, then.get(track))

    def _restore(self, track: TrackId, verdict: LabelEvent | None) -> None:
        restores = verdict.id if verdict else None
        self._append(track, value_of(verdict), LabelSource.UNDO, restores=restores)

    def _append(self, track: TrackId, value: LabelValue, source: LabelSource, **f: Any) -> None:
        n, at = len(self.events) + 1, minute(self.minutes)
        self.events.append(LabelEvent(ListenerId(1), track, value, at, source, id=EventId(n), **f))

    @property
    def labels(self) -> Mapping[TrackId, LabelValue]:
        return {track: event.value for track, event in self.log.standing.items()}


def test_undo_goes_back_step_by_step_and_never_to_and_fro():
    diary = Diary()
    diary.say(A, LIKE)
    diary.say(B, DISLIKE)
    diary.say(A, DISLIKE)
    seen: list[Mapping[TrackId, LabelValue]] = []
    while diary.undo():
        seen.append(diary.labels)
    assert seen == [{A: LIKE, B: DISLIKE}, {A: LIKE}, {}]


def test_undoing_a_taking_back_brings_the_label_back():
    diary = Diary()
    diary.say(A, LIKE)
    diary.say(A, WITHDRAWN)
    diary.undo()
    assert diary.labels == {A: LIKE}
    diary.undo()
    assert diary.labels == {}


def test_a_song_that_was_taken_back_by_its_own_button_is_passed_over():
    diary = Diary()
    diary.say(B, LIKE)
    diary.say(A, LIKE)
    diary.say(A, DISLIKE)
    diary.go_back(A, None)
    assert diary.undo()
    assert diary.labels == {}
    assert not diary.undo()


def test_what_says_nothing_new_is_no_step():
    diary = Diary()
    diary.say(A, WITHDRAWN)
    diary.say(A, LIKE)
    diary.say(A, LIKE)
    diary.undo()
    assert diary.labels == {}


def test_after_a_rewind_undo_goes_on_from_there():
    diary = Diary()
    diary.say(A, DISLIKE)
    diary.say(A, LIKE)
    there = diary.events[-1].labelled_at
    diary.say(A, DISLIKE)
    diary.say(A, LIKE)
    diary.rewind(there)
    diary.undo()
    assert diary.labels == {A: DISLIKE}


def test_a_rewind_to_before_a_rewind_takes_that_one_back():
    diary = Diary()
    diary.say(A, LIKE)
    diary.say(B, DISLIKE)
    there = diary.events[-1].labelled_at
    diary.rewind(START)
    assert diary.labels == {}
    diary.rewind(there)
    assert diary.labels == {A: LIKE, B: DISLIKE}


def test_a_log_of_before_this_rule_is_read_as_it_was_meant():
    diary = Diary()
    diary.say(A, LIKE)
    diary.say(A, WITHDRAWN, LabelSource.UNDO)
    assert diary.labels == {}
    assert not diary.undo()


steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from([A, B]), st.sampled_from(list(LabelValue))),
        st.tuples(st.just("undo"), st.none(), st.none()),
        st.tuples(st.just("rewind"), st.integers(0, 20), st.none()),
    ),
    max_size=20,
)


@given(steps)
def test_any_mixture_gives_what_whole_snapshots_would(taken: list[tuple[str, Any, Any]]):
    """Compare with a model that copies everything at every minute and looks nothing up."""
    diary, chains = Diary(), Chains()
    snapshots: list[Chains] = [{}]
    for kind, what, value in taken:
        if kind == "say":
            diary.say(what, value)
            chain = chains.get(what, ())
            if value is not (chain[-1][1] if chain else WITHDRAWN):
                chains = chains | {what: (*chain, (len(diary.events), value))}
        elif kind == "undo":
            assert diary.undo() == any(chains.values())
            if any(chains.values()):
                last = max((c for c in chains if chains[c]), key=lambda c: chains[c][-1][0])
                chains = chains | {last: chains[last][:-1]}
        else:
            diary.rewind(minute(what))
            chains = snapshots[min(what, len(snapshots) - 1)]
        snapshots += [chains] * (diary.minutes + 1 - len(snapshots))
        assert {t: e.id for t, e in diary.log.standing.items()} == {
            track: chain[-1][0] for track, chain in chains.items() if chain
        }
