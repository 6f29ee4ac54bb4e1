"""Models on songs: scores, recommendations, playlists without the clear dislikes."""

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from rich.table import Table
from rich.text import Text

from musicrec.catalogue import Catalogue, require_ending, write_table
from musicrec.cli.inputs import Songs, read_model, read_playlist, require_place
from musicrec.cli.learned import open_with_learned
from musicrec.cli.screen import print_json, print_notices, print_text, stdout
from musicrec.cli.songs import song_cells, track_document
from musicrec.discovery import NO_CORRECTIONS, SCORED_WHOLE, Scorer, best_of, rank, rank_within
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.features import ARTISTS, TITLE, TRACK_ID
from musicrec.domain.reasons import Explanation
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track
from musicrec.services.listing import CHOICE
from musicrec.services.rankings import Ranked, with_learned
from musicrec.services.recommendations import shortlisted
from musicrec.services.songs import filter_of
from musicrec.taste import TasteModel

P_LIKE: Final = "p_like"
P_LOW: Final = "p_low"
P_HIGH: Final = "p_high"
REMOVED: Final = "removed"
_RANGE: Final = "For four songs in five the true probability lies"


def predict_songs(data_dir: Path, model: Path, songs: Path, *, out: Path, as_json: bool) -> None:
    """Write the songs in their order with the probability of a like and its range."""
    _require_table_place(out)
    taste = read_model(model)
    playlist = read_playlist(songs, data_dir)
    p_like = taste.predict(playlist.table)
    p_low, p_high = taste.intervals(playlist.table)
    scored = playlist.original.assign(**{P_LIKE: p_like, P_LOW: p_low, P_HIGH: p_high})
    write_table(scored, out)
    facts = _facts(out, playlist) | {"n_scored": len(p_like)}
    if as_json:
        facts["songs"] = _explained(taste, playlist.table)
    outcome = f"{len(p_like)} songs with {P_LIKE} are in {out}\n{_RANGE} from {P_LOW} to {P_HIGH}."
    _report(facts, playlist, outcome, as_json=as_json)


def prune_playlist(
    data_dir: Path, model: Path, playlist: Path, *, out: Path, precision: float, as_json: bool
) -> None:
    """Write the playlist in its order with the clear dislikes marked."""
    _require_table_place(out)
    taste = read_model(model)
    songs = read_playlist(playlist, data_dir)
    threshold = taste.definite_dislike_threshold(precision)
    p_like = taste.predict(songs.table)
    removed = np.zeros(len(p_like), bool) if threshold is None else p_like <= threshold
    removed &= ~taste.likes(songs.table)  # whatever a model thinks, the listener's word counts
    write_table(songs.original.assign(**{P_LIKE: p_like, REMOVED: removed}), out)
    n_removed = int(removed.sum())
    facts = _facts(out, songs) | {
        "n_kept": len(p_like) - n_removed,
        "n_removed": n_removed,
        "precision": precision,
        "threshold": threshold,
    }
    outcome = _pruning_in_words(n_removed, len(p_like), precision, threshold)
    _report(
        facts,
        songs,
        f"{outcome}\nThe playlist with {P_LIKE} and {REMOVED} is in {out}",
        as_json=as_json,
    )


def recommend_songs(
    data_dir: Path,
    model: Path,
    *,
    n: int,
    genre: str | None,
    country: str | None,
    years: str | None,
    clean: bool,
    seed: int,
    exhaustive: bool,
    database_url: str | None,
    as_json: bool,
) -> None:
    """List the songs with the highest probability that were not labelled.

    Raises:
        GenreNotFoundError: There is no such genre.
        BadInputError: There is no song from that country, or the years are none.
        NothingToRecommendError: Every song that fits was labelled.
    """
    taste = read_model(model)
    catalogue = open_with_learned(data_dir, database_url)
    only = filter_of(catalogue, genre=genre, country=country, years=years, clean=clean)
    ranked = _ranked(taste, catalogue, only, n=n, exhaustive=exhaustive)
    rows = ranked.rows[shortlisted(catalogue, ranked, NO_CORRECTIONS, n=n, seed=seed)]
    if not len(rows):
        raise NothingToRecommendError(only.genre, is_narrow=only != SongFilter(genre=only.genre))
    explanations = taste.explain(catalogue.table(rows))
    tracks = catalogue.tracks(rows)
    documents = [
        {"position": position}
        | track_document(track)
        | explanation_document(said)
        | {"reason": ", ".join(reason.words for reason in said.leading[:1])}
        for position, (track, said) in enumerate(zip(tracks, explanations, strict=True), start=1)
    ]
    if len(rows) < n:
        print_notices([f"Only {len(rows)} songs fit: at most two per artist, none labelled."])
    if as_json:
        print_json(documents)
    else:
        _print_shortlist(tracks, documents)


def _ranked(
    taste: TasteModel, catalogue: Catalogue, only: SongFilter, *, n: int, exhaustive: bool
) -> Ranked:
    """Rank the songs that fit and were not labelled."""
    snapshot, delta = catalogue.snapshot, catalogue.delta
    most = min(len(snapshot), taste.n_known + n * CHOICE + len(delta.superseded))
    fitting = Catalogue(snapshot).all_meeting(only)
    if exhaustive or len(fitting) <= SCORED_WHOLE:
        ranking = best_of(Scorer(snapshot, taste), fitting, most)
    else:
        whole, stand_in = rank(snapshot, taste)
        ranking = (
            whole if only.is_open else rank_within(snapshot, taste, stand_in, fitting, most=most)
        )
    ranked = with_learned(ranking, catalogue, taste.predict(delta.table(delta.rows.tolist())))
    meets = catalogue.meets(only, ranked.rows)
    rows, p_like = ranked.rows[meets][:most], ranked.p_like[meets][:most]
    fresh = ~taste.knows(catalogue.table(rows))
    return Ranked(rows[fresh], p_like[fresh], is_complete=False)


def _explained(taste: TasteModel, songs: pd.DataFrame) -> list[dict[str, Any]]:
    names = songs.reindex(columns=[TRACK_ID, TITLE, ARTISTS]).astype(object)
    known = names.where(names.notna(), None).itertuples(index=False)
    return [
        {"id": track_id, "title": title, "artists": artists} | explanation_document(said)
        for (track_id, title, artists), said in zip(known, taste.explain(songs), strict=True)
    ]


def explanation_document(said: Explanation) -> dict[str, Any]:
    """What JSON readers learn about a probability."""
    low, high = said.interval or (None, None)
    return {
        P_LIKE: said.p_like,
        P_LOW: low,
        P_HIGH: high,
        "reasons_for": [reason.words for reason in said.reasons.for_],
        "reasons_against": [reason.words for reason in said.reasons.against],
    }


def _require_table_place(out: Path) -> None:
    require_ending(out)
    require_place(out)


def _facts(out: Path, songs: Songs) -> dict[str, Any]:
    return {
        "path": str(out),
        "n_read": songs.n_read,
        "n_rejected": songs.n_rejected,
        "notices": list(songs.notices),
    }


def _report(facts: dict[str, Any], songs: Songs, outcome: str, *, as_json: bool) -> None:
    print_notices(songs.notices)
    if as_json:
        print_json(facts)
    else:
        print_text(outcome)


def _pruning_in_words(
    n_removed: int, n_songs: int, precision: float, threshold: float | None
) -> str:
    if threshold is None:
        return (
            f"Nothing is removed: the labels cannot support that {precision * 100:g} % of the"
            " removed songs are real dislikes. Label more songs, or ask for a lower --precision."
        )
    return (
        f"{n_removed} of {n_songs} songs are removed: {P_LIKE} is at most {threshold:.3f}, where at"
        f" least {precision * 100:g} % of songs like your labels are real dislikes. Of a list that"
        " you mostly like fewer are: `musicrec playlist prune` takes that into account."
    )


def _print_shortlist(tracks: list[Track], documents: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("", justify="right")
    for heading in ("Title", "Artists", "Genre"):
        table.add_column(heading)
    table.add_column("Chance", justify="right", no_wrap=True)
    table.add_column("Range", justify="right", no_wrap=True)
    table.add_column("Because")
    for track, document in zip(tracks, documents, strict=True):
        cells = song_cells(track)
        chances = (f"{math.floor(document[P_LIKE] * 100)} %", _range(document))
        table.add_row(str(document["position"]), *cells, *chances, Text(document["reason"]))
    stdout().print(table)
    print_notices([f"{_RANGE} in the range."])


def _range(document: dict[str, Any]) -> str:
    return f"{math.floor(document[P_LOW] * 100)} to {math.ceil(document[P_HIGH] * 100)} %"
