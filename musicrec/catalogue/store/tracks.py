"""Songs of a snapshot as people see them."""

from collections.abc import Sequence

import numpy as np

from musicrec.catalogue.store.snapshot import Snapshot
from musicrec.catalogue.values import ARTIST_SEPARATOR
from musicrec.domain.features import ALBUM, ARTISTS, COUNTRY, FEATURE_NAMES, GENRE, TITLE, TRACK_ID
from musicrec.domain.ids import TrackId
from musicrec.domain.track import Track


def stored_tracks(snapshot: Snapshot, rows: Sequence[int]) -> list[Track]:
    """Return songs in the order of ``rows``."""
    features = snapshot.features(rows)
    numbers = features[list(FEATURE_NAMES)].to_dict("records")
    words = (
        features[[GENRE, COUNTRY]].astype(object).where(features[[GENRE, COUNTRY]].notna(), None)
    )
    return [
        Track(
            id=TrackId(text[TRACK_ID]),
            title=text[TITLE],
            artists=tuple(text[ARTISTS].split(ARTIST_SEPARATOR)) if text[ARTISTS] else (),
            album=text[ALBUM] or "",
            genre=genre,
            country=country,
            features={
                str(name): float(value) for name, value in values.items() if not np.isnan(value)
            },
            source=snapshot.source_names(text),
        )
        for text, values, (genre, country) in zip(
            snapshot.texts(rows), numbers, words.itertuples(index=False), strict=True
        )
    ]
