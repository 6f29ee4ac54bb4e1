"""Songs that may be shown to somebody who explores, and the shortlist that is cut from them."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from musicrec.discovery import Weighed
from musicrec.domain.features import COUNTRY, GENRE
from musicrec.domain.places import Place, PlaceKind, Travels
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.services.rankings import Ranked
from musicrec.services.recommendations import shortlisted
from musicrec.services.travellers import Asker


@dataclass(frozen=True, eq=False, slots=True)
class Pool:
    """Songs that may be shown.

    Attributes:
        hoped: With their hopes as what they are ranked by.
        weighed: In the order of ``rows``.
        rows: Of the songs.
        p_like: Chance of each row.
        is_new: They come from where the listener has hardly been.
    """

    hoped: Ranked
    weighed: Weighed
    rows: list[int]
    p_like: dict[int, float]
    is_new: bool

    def near(self, row: int) -> list[int]:
        """Return the numbers of the liked songs that a song sounds like most."""
        return self.weighed.nearest[self.rows.index(row)].tolist()


def from_new_places(
    features: pd.DataFrame, travels: Travels
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which songs come from a genre or country that the listener has hardly rated."""
    is_new = np.zeros(len(features), dtype=bool)
    for kind, column in ((PlaceKind.GENRE, GENRE), (PlaceKind.COUNTRY, COUNTRY)):
        names = [str(name) for name in features[column].dropna().unique()]
        new = [name for name in names if travels.is_new(Place(kind, name))]
        is_new |= features[column].isin(new).to_numpy()
    return is_new


def cut(
    asker: Asker, pool: Pool, fresh: Ranked, n: int, at: datetime
) -> tuple[Shortlist, list[int]]:
    """Cut a shortlist of those that are still unknown; returns it with the rows of its songs."""
    summary = asker.model.summary
    seed = int(summary.trained_through)
    places = shortlisted(asker.catalogue, fresh, asker.corrections, n=n, seed=seed)
    rows = [int(fresh.rows[place]) for place in places]
    entries = tuple(
        ShortlistEntry(position, track.id, pool.p_like[row])
        for position, (row, track) in enumerate(
            zip(rows, asker.catalogue.tracks(rows), strict=True), start=1
        )
    )
    shortlist = Shortlist(
        listener_id=asker.listener_id,
        kind=ShortlistKind.EXPLORE,
        created_at=at,
        catalogue_version=asker.catalogue.version,
        seed=seed,
        entries=entries,
        model_id=summary.id,
    )
    return shortlist, rows
