"""What corrections do to songs, with songs made up for it."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from musicrec.catalogue import Catalogue, open_catalogue
from musicrec.discovery import MOST, MOST_OF_A_KIND, NO_CORRECTIONS, Corrections, has_effect
from musicrec.discovery.corrections import HEAD, LAST, shifted
from musicrec.domain.correction import Correction, CorrectionKind
from musicrec.domain.features import ARTISTS
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.reasons import Explanation, Reason, Reasons

FAST, SLOW = CorrectionKind.TOO_FAST, CorrectionKind.TOO_SLOW
LOUD, CALM = CorrectionKind.TOO_LOUD, CorrectionKind.TOO_CALM
NOT_GENRE, MORE = CorrectionKind.NOT_THIS_GENRE, CorrectionKind.MORE_LIKE_THIS
NEVER, KNOWN = CorrectionKind.NEVER_THIS_ARTIST, CorrectionKind.KNOWN_ALREADY

USUAL = {
    "tempo_bpm": (120.0, 30.0),
    "loudness_db": (-8.0, 4.0),
    "energy": (0.6, 0.2),
    "danceability": (0.6, 0.15),
    "valence": (0.5, 0.25),
    "acousticness": (0.3, 0.3),
}
SONG = {
    "tempo_bpm": 150.0,
    "loudness_db": -6.0,
    "energy": 0.8,
    "danceability": 0.7,
    "valence": 0.5,
    "acousticness": 0.1,
}
_numbers = count(1)


def tap(kind: CorrectionKind, **fields: Any) -> Correction:
    values: dict[str, Any] = {
        "title": "Fast Song",
        "artist": "Beyoncé",
        "genre": "hip hop",
        "features": SONG,
        **fields,
    }
    song = TrackId(f"song:{next(_numbers)}")
    return Correction(ListenerId(1), song, kind, datetime(2026, 11, 23, tzinfo=UTC), **values)


def corrections(*taps: Correction, likes: dict[str, int] | None = None) -> Corrections:
    return Corrections(taps, USUAL, likes or {})


def songs(**columns: Any) -> pd.DataFrame:
    """Return songs like ``SONG`` but for some columns."""
    n = max(len(values) for values in columns.values())
    return pd.DataFrame({name: [value] * n for name, value in SONG.items()} | columns)


@pytest.mark.parametrize(("kind", "sign"), [(FAST, 1), (SLOW, -1)])
def test_too_fast_costs_songs_near_and_beyond_it_and_spares_the_others(
    kind: CorrectionKind, sign: int
):
    tempos = np.array([150.0, 150 + sign * 60, 150 - sign * 60])
    same, beyond, other = corrections(tap(kind)).tilt(songs(tempo_bpm=tempos))
    assert same == pytest.approx(-0.44, abs=0.005)
    assert beyond == pytest.approx(-0.5, abs=0.005)
    assert other == pytest.approx(0, abs=0.005)


@pytest.mark.parametrize(("kind", "sign"), [(LOUD, 1), (CALM, -1)])
def test_too_loud_asks_loudness_and_energy_or_whichever_is_known(kind: CorrectionKind, sign: int):
    louder = songs(
        loudness_db=[-6 + sign * 8, np.nan, -6 - sign * 8], energy=[0.8 + sign * 0.4] * 2 + [np.nan]
    )
    both, energy_alone, calmer = corrections(tap(kind)).tilt(louder)
    assert both == pytest.approx(-0.5, abs=0.01)
    assert energy_alone == pytest.approx(-0.5, abs=0.01)
    assert calmer == pytest.approx(0, abs=0.01)


def test_the_same_taps_move_ever_less_and_never_beyond_their_bound():
    song = songs(tempo_bpm=[170.0])
    moved = [corrections(*[tap(FAST)] * n).tilt(song)[0] for n in (1, 2, 3, 50)]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > -0.5
    assert moved[2] == pytest.approx(moved[3])
    assert -MOST_OF_A_KIND[FAST] < moved[3] < 0.98 * -MOST_OF_A_KIND[FAST]


def test_many_taps_share_their_bound_so_that_the_fastest_songs_lose_most():
    taps = [tap(FAST, features={"tempo_bpm": tempo}) for tempo in (90.0, 120.0, 150.0, 180.0)]
    moved = corrections(*taps).tilt(songs(tempo_bpm=[60.0, 100.0, 130.0, 160.0, 200.0]))
    assert np.allclose(moved, [0, -0.25, -0.5, -0.75, -1], atol=0.1)


def test_everything_said_together_is_bounded():
    every = [tap(kind) for kind in (FAST, SLOW, LOUD, CALM, NOT_GENRE) for _ in range(LAST)]
    worst = corrections(*every).tilt(songs(tempo_bpm=[150.0], genre=["hip hop"]))
    assert worst[0] == -MOST
    assert shifted(np.array([0.5]), worst)[0] == pytest.approx(0.119, abs=0.001)


def test_not_this_genre_is_about_the_genre_in_any_spelling_and_less_so_where_it_is_liked():
    table = songs(genre=["Hip-Hop", "pop", None])
    hip_hop, pop, unknown = corrections(tap(NOT_GENRE)).tilt(table)
    assert (hip_hop, pop, unknown) == (-0.7, 0, 0)
    liked = corrections(tap(NOT_GENRE), likes={"hip hop": 5}).tilt(table)
    assert liked[0] == pytest.approx(-0.35)
    many = corrections(*[tap(NOT_GENRE)] * 5).tilt(table)
    assert many[0] == -MOST_OF_A_KIND[NOT_GENRE]


def test_more_like_this_lifts_what_sounds_alike_or_shares_artist_or_genre():
    far = {name: mean - 3 * sd for name, (mean, sd) in USUAL.items()}
    rows = pd.DataFrame([SONG, far, far, far, far])
    rows = rows.assign(
        genre=["pop", "pop", "HIP HOP", "pop", "hip hop"],
        artists=["X", "X", "X; Beyoncé", "beyonce; X", "BEYONCE"],
    )
    same, stranger, genre, artist, both = corrections(tap(MORE)).tilt(rows)
    assert same == 0.5
    assert stranger == pytest.approx(0, abs=1e-6)
    assert genre == pytest.approx(0.15)
    assert artist == pytest.approx(0.3)
    assert both == pytest.approx(0.36)
    assert corrections(*[tap(MORE)] * 9).tilt(rows)[0] == MOST_OF_A_KIND[MORE]


def test_what_is_not_known_moves_nothing():
    every = [tap(kind) for kind in CorrectionKind]
    nothing = pd.DataFrame({"track_id": ["a", "b"]})
    assert corrections(*every).tilt(nothing).tolist() == [0, 0]
    bare = [tap(kind, features={}, genre=None, artist=None) for kind in CorrectionKind]
    assert corrections(*bare).tilt(songs(tempo_bpm=[150.0], genre=["pop"])).tolist() == [0]
    assert [has_effect(one, USUAL) for one in bare] == [kind is KNOWN for kind in CorrectionKind]
    assert all(has_effect(one, USUAL) for one in every)
    assert not has_effect(tap(FAST), {})


def test_only_the_latest_taps_of_a_kind_count():
    old = [tap(FAST, features={"tempo_bpm": 60.0})] * 5
    new = [tap(FAST, features={"tempo_bpm": 200.0})] * LAST
    assert corrections(*old, *new).tilt(songs(tempo_bpm=[100.0]))[0] == pytest.approx(0, abs=0.01)


def test_points_say_what_a_song_like_the_corrected_one_loses():
    first, second = tap(FAST), tap(FAST)
    assert corrections(first).points(first) == pytest.approx(-10.8, abs=0.1)
    assert corrections(first, second).points(first) == pytest.approx(-20.7, abs=0.1)
    more, never = tap(MORE), tap(NEVER)
    assert corrections(more, never).points(more) == pytest.approx(12.2, abs=0.1)
    assert corrections(more, never).points(never) == 0


def test_an_artist_is_blocked_in_any_credit_and_any_spelling():
    never = corrections(tap(NEVER))
    assert never.blocks(["X", "BEYONCE"])
    assert never.blocks(["beyoncé"])
    assert not never.blocks(["Beyond", "X"])
    assert not NO_CORRECTIONS.blocks(["Beyoncé"])
    assert never.tilt(songs(artists=["Beyoncé"])).tolist() == [0]


def test_a_reason_tells_the_push_of_each_kind_and_takes_the_interval_away():
    own = Reasons((Reason("energy", "loud", 0.2),), (Reason("mode", "minor", -0.1),))
    said = [Explanation(0.5, own, (0.4, 0.6))] * 2
    table = songs(tempo_bpm=[160.0, 60.0], genre=["pop", "pop"])
    fast, slow = corrections(tap(FAST)).explained(said, table)
    assert fast.p_like == pytest.approx(0.38, abs=0.01)
    assert [reason.words for reason in fast.reasons.against] == ["too fast, as you said", "minor"]
    push = fast.reasons.against[0].push
    assert logit(fast.p_like) == pytest.approx(push)
    assert fast.interval is None
    assert (slow.interval, slow.reasons) == ((0.4, 0.6), own)
    (liked,) = corrections(tap(MORE, title="A"), tap(MORE, title="B", features={})).explained(
        said[:1], songs(tempo_bpm=[150.0], genre=["pop"])
    )
    assert liked.reasons.for_[0].words == "like “A”, as you asked"
    assert NO_CORRECTIONS.explained(said, table) == said


def test_wishes_are_told_once_each_and_the_latest_first():
    said = [tap(FAST), tap(NOT_GENRE, genre="emo"), tap(NEVER), tap(KNOWN), tap(FAST), tap(MORE)]
    asked = ["more like “Fast Song”", "fewer fast songs", "less emo"]
    assert corrections(*said).asked() == asked


def test_corrections_can_be_sent_to_a_worker():
    sent = corrections(tap(FAST), likes={"pop": 1})
    assert pickle.loads(pickle.dumps(sent)) == sent  # noqa: S301 - pickled a moment ago


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return open_catalogue(tmp_path_factory.mktemp("nothing-imported"))


def of(demo: Catalogue, *kinds: CorrectionKind, row: int = 0) -> Corrections:
    track = demo.track(row)
    usual = {name: (found.mean, found.sd) for name, found in demo.statistics.items()}
    said = [
        tap(
            kind,
            title=track.title,
            artist=track.main_artist,
            genre=track.genre,
            features=track.features,
        )
        for kind in kinds
    ]
    said = [replace(one, track_id=track.id) for one in said]
    return Corrections(tuple(said), usual, {})


def test_a_ranking_is_read_by_columns_and_comes_out_as_from_the_songs_themselves(demo: Catalogue):
    rows = np.arange(len(demo))
    p_like = np.linspace(0.99, 0.01, len(demo)).astype(np.float32)
    every = of(demo, FAST, LOUD, NOT_GENRE, MORE)
    ranked, found = every.correct(demo, rows, p_like)
    expected = every.p_like(p_like, demo.table(rows))
    assert np.allclose(found, expected[ranked])
    assert (np.diff(found) <= 0).all()
    assert ranked.tolist() != rows.tolist()
    assert len(ranked) == len(demo) <= HEAD


def test_a_ranking_loses_known_songs_and_blocked_artists_also_as_guests(demo: Catalogue):
    table = demo.table(range(len(demo)))
    is_guest = table[ARTISTS].str.contains("; ", regex=False)
    row = int(np.flatnonzero(is_guest)[0])
    guest = demo.track(row).artists[1]
    never = Corrections((tap(NEVER, artist=guest.upper()),))
    known = of(demo, KNOWN, row=7)
    rows, p_like = np.arange(len(demo)), np.full(len(demo), 0.5)
    left, _ = never.correct(demo, rows, p_like)
    assert row not in left
    gone = np.setdiff1d(rows, left)
    assert all(never.blocks(track.artists) for track in demo.tracks(gone))
    left, _ = known.correct(demo, rows, p_like)
    assert np.setdiff1d(rows, left).tolist() == [7]


def test_without_corrections_a_ranking_is_what_it_was(demo: Catalogue):
    rows, p_like = np.array([3, 1, 2]), np.array([0.9, 0.5, 0.1], dtype=np.float32)
    same, chances = NO_CORRECTIONS.correct(demo, rows, p_like)
    assert same.tolist() == [3, 1, 2]
    assert chances.tolist() == p_like.tolist()


def test_sure_chances_stay_within_0_and_1_and_untouched_ones_exactly_as_they_were():
    p_like = np.array([0.0, 1.0, 0.3, 1.0])
    moved = shifted(p_like, np.array([2.0, -2.0, 0.0, 0.0]))
    assert 0 < moved[0] < 0.001
    assert 0.99 < moved[1] < 1
    assert moved[2:].tolist() == [0.3, 1.0]
