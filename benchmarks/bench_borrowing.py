"""How much the first ratings gain by leaning on others of the same server.

Simulated servers of twelve listeners who share, with 30 to 300 ratings each, most of them in one of
four circles (``population``); and listeners who rate 0 to 100 songs there. Everything is measured
on 1,500 other songs. Once more with twelve strangers of other circles, and with twelve people who
dislike what the listener likes.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from listeners import catalogue
from measuring import Row, publish
from numpy.typing import NDArray
from population import Floats, Person, Population

from musicrec.discovery import SongMap
from musicrec.domain.features import GENRE
from musicrec.taste import MIN_EACH, MIN_LABELS, TrainingSet
from musicrec.taste.algorithms import ALGORITHMS
from musicrec.taste.borrow import borrow
from musicrec.taste.columns import clean_features
from musicrec.taste.encode import Encoding
from musicrec.taste.learn import learn, probabilities_of
from musicrec.taste.metrics import metrics_of
from musicrec.taste.one_thread import one_thread
from musicrec.taste.sampling import Sampling

SERVERS: Final = 6
TARGETS: Final = 4
NEIGHBOURS: Final = 12
N_LABELS: Final = (0, 5, 10, 20, 40, 60, 100)
HELD_OUT: Final = 1_500

_UNDECIDED: Final = 2
"""Made-up listeners who like half of every genre."""

_SONGS: Final = catalogue()
_CLEAN: Final = clean_features(_SONGS).assign(artists=_SONGS["artists"].to_numpy())


class Company(StrEnum):
    """Who shares on the server."""

    CIRCLES = "some agree"
    STRANGERS = "of other circles"
    OPPOSITE = "all opposite"


@dataclass(frozen=True)
class Server:
    """People who share, what their models say, and listeners in need."""

    voices: Floats
    genre_prior: Floats
    targets: Sequence[Person]
    against: Sequence[Floats]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=SERVERS, help="servers of 4 listeners each")
    options = parser.parse_args()
    found: dict[tuple[int, str], list[tuple[float, ...]]] = defaultdict(list)
    with one_thread():
        servers = [_server(seed) for seed in range(options.servers)]
        points = SongMap.of(_SONGS).points(np.arange(len(_SONGS)))
        for number, server in enumerate(servers):
            strangers = servers[(number + 1) % len(servers)].voices
            for target, against in zip(server.targets, server.against, strict=True):
                company = {
                    Company.CIRCLES: server.voices,
                    Company.STRANGERS: strangers,
                    Company.OPPOSITE: against,
                }
                for key, measured in _measure(target, server.genre_prior, company, points):
                    found[key].append(measured)
    publish("borrowing", {"1,500 songs held out, by number of own ratings": _rows(found)})


def _server(seed: int) -> Server:
    people = Population(_SONGS, seed)
    rng = np.random.default_rng(seed)
    sharing = [people.person() for _ in range(NEIGHBOURS)]
    numbers = np.exp(rng.uniform(np.log(30), np.log(300), NEIGHBOURS)).astype(int)
    targets = [people.person() for _ in range(TARGETS)]
    opposites = [people.opposite(target) for target in targets]
    return Server(
        voices=_said(sharing, numbers),
        genre_prior=_genre_prior(sharing, numbers),
        targets=targets,
        # One opposite in as many spellings as there are neighbours: each rates other songs.
        against=[_said([one] * 4, numbers[:4]) for one in opposites],
    )


def _said(people: Sequence[Person], numbers: NDArray[np.int_]) -> Floats:
    rated = [person.rated[:n] for person, n in zip(people, numbers, strict=True)]
    return np.column_stack(
        [_fitted("blend", person, rows) for person, rows in zip(people, rated, strict=True)]
    )


def _genre_prior(people: Sequence[Person], numbers: NDArray[np.int_]) -> Floats:
    """Return the share of likes of every song's genre, everybody counting alike."""
    if GENRE not in _SONGS:
        return np.full(len(_SONGS), 0.5)
    genres = _SONGS[GENRE]
    shares = np.full(len(_SONGS), 0.5)
    for genre in genres.unique():
        of_genre = (genres == genre).to_numpy()
        each = [
            person.liked[rows].mean()
            for person, n in zip(people, numbers, strict=True)
            if (rows := [row for row in person.rated[:n] if of_genre[row]])
        ]
        shares[of_genre] = (sum(each) + _UNDECIDED * 0.5) / (len(each) + _UNDECIDED)
    return shares


def _measure(
    target: Person, genre_prior: Floats, company: Mapping[Company, Floats], points: Floats
) -> Iterator[tuple[tuple[int, str], tuple[float, ...]]]:
    test = np.sort(target.rated[-HELD_OUT:])
    for n in N_LABELS:
        rows = target.rated[:n]
        for name, p_like in _predictions(target, rows, genre_prior, company, points):
            metrics = metrics_of(p_like[test], target.liked[test])
            off = _calibration_error(p_like[test], target.liked[test])
            yield (n, name), (metrics.roc_auc, metrics.brier, metrics.log_loss, off)


def _calibration_error(p_like: Floats, liked: NDArray[np.bool_]) -> float:
    """Return the mean distance of predicted and real shares over ten equally large bins."""
    bins = np.array_split(np.argsort(p_like), 10)
    return float(np.mean([abs(p_like[rows].mean() - liked[rows].mean()) for rows in bins]))


def _predictions(
    target: Person,
    rows: NDArray[np.intp],
    genre_prior: Floats,
    company: Mapping[Company, Floats],
    points: Floats,
) -> Iterator[tuple[str, Floats]]:
    liked = target.liked[rows]
    own = None
    yield "genre prior alone", genre_prior
    if len(rows) >= MIN_LABELS and min(liked.sum(), (~liked).sum()) >= MIN_EACH:
        own = _fitted("blend", target, rows)
        yield "own ratings alone: the blend", own
        for key, algorithm in ALGORITHMS.items():
            yield f"  {algorithm.title}", _fitted(key, target, rows)
    nobody = np.empty((len(_SONGS), 0))
    yield "own, as borrowing sees them", borrow(points, nobody, rows, liked, None).p_like
    for who, voices in company.items():
        yield f"borrowed, {who}", borrow(points, voices, rows, liked, own).p_like


def _fitted(algorithm: str, person: Person, rows: NDArray[np.intp]) -> Floats:
    training = TrainingSet.from_table(_SONGS.iloc[rows].assign(liked=person.liked[rows]))
    encoding = Encoding.of(training.songs)
    sampling = Sampling.NONE
    fitted = learn(algorithm, sampling, encoding.encode(training.songs), training.liked, seed=0)
    return probabilities_of(fitted, encoding.encode(_CLEAN))


def _rows(found: Mapping[tuple[int, str], Sequence[tuple[float, ...]]]) -> list[Row]:
    rows: list[Row] = []
    for (n, name), measured in sorted(found.items(), key=lambda item: item[0][0]):
        values = np.array(measured)
        auc, brier, log_loss, calibration = values.mean(axis=0).tolist()
        rows.append(
            {
                "ratings": n,
                "from": name,
                "listeners": len(values),
                "auc": auc,
                "auc_se": float(values[:, 0].std(ddof=1) / np.sqrt(len(values))),
                "brier": brier,
                "log_loss": log_loss,
                "log_loss_se": float(values[:, 2].std(ddof=1) / np.sqrt(len(values))),
                "calibration_error": calibration,
            }
        )
    return rows


if __name__ == "__main__":
    main()
