"""A small catalogue of many artists, and requests for weekly lists from it."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from musicrec.catalogue import Catalogue, Snapshot
from musicrec.catalogue.cleaning import derived_ids
from musicrec.catalogue.store.writer import MADE_ID
from musicrec.discovery.week import WeekRequest, compose
from tests.musicrec.catalogue.store.songs import built, made_up

N_SONGS = 900
GENRES = ("rock", "jazz", "salsa", "polka")


def town(folder: Path) -> Catalogue:
    """Nine songs by each artist of whom every fifth has a guest; two songs are there twice."""
    rows = np.arange(N_SONGS)
    artists = [
        f"Artist {row % 100}" + (f"; Guest {row % 7}; Guest {row % 3}" if row % 5 == 0 else "")
        for row in rows
    ]
    twice = {10: "Song 110", 20: "Song 220 - Remastered 2011"}
    titles = pd.Series([twice.get(row, f"Song {row}") for row in range(N_SONGS)], dtype="str")
    names = pd.Series(artists, dtype="str")
    songs = made_up(N_SONGS).assign(
        title=titles,
        artists=names,
        genre=pd.Series([GENRES[row % 7 % 4] for row in rows], dtype="str"),
        country=pd.Series(["SE" if row % 3 else "DE" for row in rows], dtype="str"),
        **{MADE_ID: derived_ids(titles, names)},
    )
    return Catalogue(built(folder, songs))


def request_of(
    catalogue: Catalogue,
    liked: list[int],
    disliked: list[int],
    *,
    shown: list[int] | None = None,
    n: int = 30,
    adventure: float = 0.5,
    seed: int = 0,
    spread: float = 1.0,
) -> WeekRequest:
    """Ask for a list; chances are drawn, and at a spread of 0 all the same."""
    wish = spread * np.random.default_rng(1).normal(size=len(catalogue))
    order = np.argsort(-wish, kind="stable")
    ids = [track.id for track in catalogue.tracks(range(len(catalogue)))]
    history = dict.fromkeys((ids[row] for row in disliked), False)
    history |= dict.fromkeys((ids[row] for row in liked), True)
    return WeekRequest(
        rows=order,
        p_like=1 / (1 + np.exp(-wish[order])),
        history=history,
        shown=frozenset(ids[row] for row in shown or []),
        n=n,
        adventure=adventure,
        seed=seed,
    )


if __name__ == "__main__":
    there = Catalogue(Snapshot.open(Path(sys.argv[1]), verify=False))
    print(compose(there, request_of(there, [0, 1, 2, 7], [3, 4], seed=5)))  # noqa: T201 -- its answer
