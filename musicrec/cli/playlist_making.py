"""Make new playlist files."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, open_catalogue
from musicrec.cli.inputs import read_model
from musicrec.cli.playlist_files import open_file, require_writable, write_file
from musicrec.cli.playlist_text import making_in_words
from musicrec.cli.scoring import explanation_document
from musicrec.cli.screen import print_json, print_notices, print_text
from musicrec.cli.songs import track_document
from musicrec.discovery import rank
from musicrec.domain.errors import BadInputError
from musicrec.playlists.making import Made, Pick, make_for, make_like
from musicrec.playlists.wishes import wishes_in
from musicrec.taste import TasteModel

_MOST_CANDIDATES: Final = 20_000


def make_file(
    data_dir: Path,
    path: Path | None,
    *,
    mood: str | None,
    features: Sequence[str],
    n: int,
    model: Path | None,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Show a new playlist, and write it."""
    require_writable(out)
    wanted = wishes_in(mood, features)
    if (path is None) == (not wanted):
        msg = "Name either a playlist to be alike, or a --mood or --feature, not both."
        raise BadInputError(msg)
    taste = None if model is None else read_model(model)
    if path is None:
        catalogue = open_catalogue(data_dir)
        rows = _candidates(catalogue, taste)
        made = make_for(wanted, catalogue, rows, taste, n=n, seed=seed)
    else:
        songs = open_file(path, data_dir).songs
        catalogue = open_catalogue(data_dir)
        rows = _candidates(catalogue, taste)
        made = make_like(songs, catalogue, rows, taste, n=n, seed=seed)
    _show(made, n, out, as_json=as_json)


def _show(made: Made, n: int, out: Path | None, *, as_json: bool) -> None:
    if out is not None:
        write_file(made.playlist, out)
    if len(made.picks) < n:
        print_notices([f"Only {len(made.picks)} songs fit: at most two per artist, none known."])
    if as_json:
        print_json([_document(place, pick) for place, pick in enumerate(made.picks, start=1)])
        return
    where = [] if out is None else [f"The list is in {out}"]
    print_text("\n".join([*making_in_words(made), *where]))


def _candidates(catalogue: Catalogue, taste: TasteModel | None) -> NDArray[np.intp]:
    """Return the songs that the listener would like best, or else the well-known ones."""
    if taste is None:
        return catalogue.well_known
    ranking, _ = rank(catalogue.snapshot, taste)
    return ranking.rows[:_MOST_CANDIDATES].astype(np.intp)


def _document(position: int, pick: Pick) -> dict[str, Any]:
    said = {} if pick.explanation is None else explanation_document(pick.explanation)
    nearest = None if pick.nearest is None else pick.nearest.name
    return {"position": position} | track_document(pick.track) | said | {"like": nearest}
