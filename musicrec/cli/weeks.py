"""Weekly lists out of a file of labels, week after week without an answer."""

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from rich.table import Table
from rich.text import Text

from musicrec.catalogue import Catalogue
from musicrec.cli.inputs import read_labels
from musicrec.cli.learned import open_with_learned
from musicrec.cli.screen import print_json, print_notices, print_text, progress_bar, stdout
from musicrec.discovery import rank
from musicrec.discovery.week import WEEKS_APART, WeekRequest, compose, starter
from musicrec.domain.errors import NotEnoughLabelsError
from musicrec.domain.ids import TrackId
from musicrec.domain.week import WeekSong
from musicrec.services.rankings import Ranked, with_learned
from musicrec.services.weekly_songs import week_songs
from musicrec.taste import TasteModel, TrainingSet, train

_SEEDS_APART: Final = 1_000_003
"""Between one list's seed and the next week's, so that equal ones are rare."""


def list_weeks(
    data_dir: Path,
    labels: Path,
    *,
    weeks: int,
    n: int,
    adventure: float,
    seed: int,
    database_url: str | None,
    as_json: bool,
) -> None:
    """Compose consecutive weeks and print them.

    Raises:
        BadInputError: The labels cannot be used.
        CatalogueMissingError: There are no songs to choose among.
    """
    catalogue = open_with_learned(data_dir, database_url)
    songs = read_labels(labels, data_dir)
    model, notices = _learned(songs.table, seed)
    print_notices([*songs.notices, *notices])
    request = _request(catalogue, model, songs.table, n, adventure)
    lists: list[tuple[WeekSong, ...]] = []
    shown: deque[list[TrackId]] = deque(maxlen=WEEKS_APART)
    for week in range(weeks):
        lists.append(_week(catalogue, model, request, shown, seed + week * _SEEDS_APART))
        shown.append([song.track_id for song in lists[-1]])
    _print(lists, n, as_json=as_json)


def _learned(table: pd.DataFrame, seed: int) -> tuple[TasteModel | None, tuple[str, ...]]:
    """Learn a model; None with a notice where there is too little to learn from."""
    try:
        training = TrainingSet.from_table(table)
    except NotEnoughLabelsError as error:
        return None, (f"{error} These are starter weeks: well-known songs of many genres.",)
    with progress_bar("Learning") as progress:
        return train(training, seed=seed, progress=progress), training.notices


def _request(
    catalogue: Catalogue, model: TasteModel | None, heard: pd.DataFrame, n: int, adventure: float
) -> WeekRequest:
    if model is None:
        return WeekRequest(heard=heard, n=n, adventure=adventure)
    ranked = _ranked(catalogue, model)
    return WeekRequest(ranked.rows, ranked.p_like, n=n, adventure=adventure, heard=heard)


def _ranked(catalogue: Catalogue, model: TasteModel) -> Ranked:
    ranking, _ = rank(catalogue.snapshot, model)
    learned = catalogue.delta.table(catalogue.delta.rows.tolist())
    scores = model.predict(learned) if len(learned) else np.empty(0)
    return with_learned(ranking, catalogue, scores)


def _week(
    catalogue: Catalogue,
    model: TasteModel | None,
    request: WeekRequest,
    shown: Iterable[list[TrackId]],
    seed: int,
) -> tuple[WeekSong, ...]:
    own = replace(request, shown=frozenset(chain.from_iterable(shown)), seed=seed)
    picks = starter(catalogue, own) if model is None else compose(catalogue, own)
    return week_songs(catalogue, picks, model)


def _print(lists: Sequence[Sequence[WeekSong]], n: int, *, as_json: bool) -> None:
    short = sum(len(songs) < n for songs in lists)
    if short:
        notice = (
            f"{short} of {len(lists)} lists have fewer than {n} songs: no more fit, at most two by"
            f" an artist, that were neither labelled nor listed in the {WEEKS_APART} weeks before."
        )
        print_notices([notice])
    if as_json:
        print_json([[_document(song) for song in songs] for songs in lists])
        return
    for week, songs in enumerate(lists, start=1):
        print_text(f"Week {week}")
        _print_songs(songs)


def _document(song: WeekSong) -> dict[str, Any]:
    return {
        "position": song.position,
        "id": song.track_id,
        "title": song.title,
        "artists": list(song.artists),
        "p_like": song.p_like,
        "kind": song.kind.value,
        "reason": song.reason,
        "genre": song.genre,
        "country": song.country,
        "listen_url": song.url or None,
    }


def _print_songs(songs: Sequence[WeekSong]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right")
    for heading in ("Title", "Artists", "Kind"):
        table.add_column(heading)
    table.add_column("Chance", justify="right", no_wrap=True)
    table.add_column("Because")
    for song in songs:
        chance = "" if song.p_like is None else f"{math.floor(song.p_like * 100)} %"
        names = (Text(song.title), Text(", ".join(song.artists)), song.kind.value)
        table.add_row(str(song.position), *names, chance, Text(song.reason))
    stdout().print(table)
