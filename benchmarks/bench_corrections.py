"""What taps like "too fast" do to the hit rate, where they are right and where they are wrong.

Simulated listeners (``population``) with 60 ratings each get lists of 20 songs and correct one song
after another. Three cases: they came to dislike (or to love) something after they rated; their
ratings knew it already; or they tap although it is not true of their taste. The dislike is a hinge
in one feature, not the step that corrections are made of. Hits are measured as the true chance of
a like over the best 50 songs that were not rated; beside it the chance that was told for them.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np
from listeners import catalogue
from measuring import Row, publish
from numpy.typing import NDArray
from population import Floats, Person, Population
from scipy.special import expit, logit

from musicrec.discovery import MOST, Corrections
from musicrec.domain.correction import Correction, CorrectionKind
from musicrec.domain.features import ARTISTS, FEATURE_NAMES, GENRE, TITLE
from musicrec.domain.identity import fold
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.taste import TrainingSet
from musicrec.taste.columns import clean_features
from musicrec.taste.encode import Encoding
from musicrec.taste.learn import learn, probabilities_of
from musicrec.taste.one_thread import one_thread
from musicrec.taste.sampling import Sampling

LISTENERS: Final = 24
N_LABELS: Final = 60
LIST: Final = 20
BEST: Final = 50
TAPS: Final = (0, 1, 3, 10)

_SLOPE: Final = 3.0
"""Log odds that a standard deviation too much costs."""
_OF_GENRE: Final = 4.0
_LOVE: Final = 3.0

_SONGS: Final = catalogue()
_CLEAN: Final = clean_features(_SONGS).assign(artists=_SONGS["artists"].to_numpy())
_USUAL: Final = {
    name: (float(_SONGS[name].mean()), float(_SONGS[name].std()))
    for name in FEATURE_NAMES
    if name in _SONGS and _SONGS[name].notna().any()
}


class Case(StrEnum):
    """What the taps have to do with the truth."""

    NEW = "new to the ratings"
    RATED = "in the ratings too"
    WRONG = "not true"


@dataclass(frozen=True)
class Wish:
    """What somebody dislikes or loves, and which shown song makes them say so.

    Attributes:
        log_odds: What it adds to the true log odds of every song.
        strength: How much of it every song has; the song with the most is corrected.
    """

    log_odds: Floats
    strength: Floats


def _scale(name: str, sign: int, _: Person, __: np.random.Generator) -> Wish:
    mean, sd = _USUAL[name]
    beyond = sign * (_SONGS[name].fillna(mean).to_numpy(dtype=np.float64) - mean) / sd
    return Wish(-_SLOPE * np.maximum(beyond, 0), beyond)


def _genre(person: Person, rng: np.random.Generator) -> Wish:
    """Take against one of the genres that the listener liked most."""
    shares = _SONGS.assign(p=person.p_like).groupby(GENRE)["p"].mean().sort_values()
    genre = rng.choice(shares.index[-3:])
    is_it = (_SONGS[GENRE] == genre).to_numpy(dtype=np.float64)
    return Wish(-_OF_GENRE * is_it, is_it)


def _more(person: Person, rng: np.random.Generator) -> Wish:
    """Fall in love with what sounds like one song of even chance."""
    names = [name for name in _USUAL if name not in {"popularity", "year", "duration_ms"}]
    numbers = _SONGS[names].fillna(_SONGS[names].mean())
    points = ((numbers - numbers.mean()) / numbers.std()).to_numpy(dtype=np.float64)
    even = np.argsort(np.abs(person.p_like - 0.5))[:200]
    apart = ((points - points[rng.choice(even)]) ** 2).mean(axis=1)
    near = np.exp(-apart / (2 * 0.7**2))
    return Wish(_LOVE * near, near)


_WISHES: Final[Mapping[CorrectionKind, Callable[[Person, np.random.Generator], Wish]]] = (
    MappingProxyType(
        {
            CorrectionKind.TOO_FAST: partial(_scale, "tempo_bpm", 1),
            CorrectionKind.TOO_SLOW: partial(_scale, "tempo_bpm", -1),
            CorrectionKind.TOO_LOUD: partial(_scale, "loudness_db", 1),
            CorrectionKind.TOO_CALM: partial(_scale, "energy", -1),
            CorrectionKind.NOT_THIS_GENRE: _genre,
            CorrectionKind.MORE_LIKE_THIS: _more,
        }
    )
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listeners", type=int, default=LISTENERS)
    options = parser.parse_args()
    found: dict[tuple[str, str, int], list[tuple[float, float]]] = defaultdict(list)
    with one_thread():
        for seed in range(options.listeners):
            for kind, case, taps, measured in _measure(seed):
                found[kind, case, taps].append(measured)
            print(f"listener {seed + 1} of {options.listeners}", flush=True)
    publish("corrections", {f"Best {BEST} songs, {options.listeners} listeners": _rows(found)})


def _measure(seed: int) -> Iterator[tuple[str, str, int, tuple[float, float]]]:
    rng = np.random.default_rng([seed, 23])
    person = Population(_SONGS, seed).person(loner=True)
    rated = person.rated[:N_LABELS]
    plain = _fitted(rated, person.liked[rated])
    for kind, wish_of in _WISHES.items():
        wish = wish_of(person, rng)
        truth = expit(logit(person.p_like) + wish.log_odds)
        liked = rng.random(len(rated)) < truth[rated]
        cases = {
            Case.NEW: (plain, truth, person.liked[rated]),
            Case.RATED: (_fitted(rated, liked), truth, liked),
            Case.WRONG: (plain, person.p_like, person.liked[rated]),
        }
        for case, (p_like, true, verdicts) in cases.items():
            # Who is wrong taps whatever has most of it, all others what they have reason to tap.
            loved = kind is CorrectionKind.MORE_LIKE_THIS
            verdict = rng.random(len(_SONGS)) < true
            taps_on = wish.strength > 0
            if case is not Case.WRONG:
                taps_on &= verdict if loved else ~verdict
            someone = _Someone(kind, np.where(taps_on, wish.strength, 0.0), p_like, true)
            left = np.setdiff1d(np.arange(len(_SONGS)), rated)
            for taps, measured in _tapped(someone, left, _likes(rated[verdicts])):
                yield kind.name.lower(), case, taps, measured


@dataclass(frozen=True)
class _Someone:
    """Who taps on what, what the model says, and what is true."""

    kind: CorrectionKind
    taps_on: Floats
    p_like: Floats
    truth: Floats


def _tapped(
    someone: _Someone, left: NDArray[np.intp], likes: Mapping[str, int]
) -> Iterator[tuple[int, tuple[float, float]]]:
    """Correct one song of each list, and measure after some of them."""
    p_like, truth = someone.p_like, someone.truth
    said: list[Correction] = []
    shown: set[int] = set()
    for taps in range(max(TAPS) + 1):
        corrections = Corrections(tuple(said), _USUAL, likes)
        told = corrections.p_like(p_like, _CLEAN)
        if np.abs(corrections.tilt(_CLEAN)).max() > MOST:
            msg = "corrections went beyond their bound"
            raise AssertionError(msg)
        ranked = left[np.argsort(-told[left], kind="stable")]
        if taps in TAPS:
            best = ranked[:BEST]
            yield taps, (float(truth[best].mean()), float(told[best].mean()))
        fresh = [row for row in ranked.tolist() if row not in shown][:LIST]
        shown.update(fresh)
        row = max(fresh, key=lambda row: float(someone.taps_on[row]))
        if someone.taps_on[row] > 0:
            said.append(_tap(someone.kind, row))


def _tap(kind: CorrectionKind, row: int) -> Correction:
    song = _SONGS.iloc[row]
    features = {name: float(song[name]) for name in _USUAL if song[name] == song[name]}
    return Correction(
        ListenerId(1),
        TrackId(f"bench:{row}"),
        kind,
        datetime(2026, 11, 23, tzinfo=UTC),
        title=str(song[TITLE]),
        artist=str(song[ARTISTS]).split(";")[0],
        genre=str(song[GENRE]),
        features=features,
    )


def _likes(rows: NDArray[np.intp]) -> dict[str, int]:
    genres = _SONGS[GENRE].iloc[rows].map(lambda genre: fold(str(genre)))
    return {str(genre): int(n) for genre, n in genres.value_counts().items()}


def _fitted(rows: NDArray[np.intp], liked: NDArray[np.bool_]) -> Floats:
    training = TrainingSet.from_table(_SONGS.iloc[rows].assign(liked=liked))
    encoding = Encoding.of(training.songs)
    fitted = learn("blend", Sampling.NONE, encoding.encode(training.songs), training.liked, seed=0)
    return probabilities_of(fitted, encoding.encode(_CLEAN))


def _rows(found: Mapping[tuple[str, str, int], list[tuple[float, float]]]) -> list[Row]:
    rows: list[Row] = []
    for kind, case in dict.fromkeys((kind, case) for kind, case, _ in found):
        row: dict[str, str | int | float] = {"taps of": kind, "dislike or love": case}
        for taps in TAPS:
            true, told = np.array(found[kind, case, taps]).mean(axis=0).tolist()
            row |= {f"hits after {taps}": true, f"told after {taps}": told}
        rows.append(row)
    return rows


if __name__ == "__main__":
    main()
