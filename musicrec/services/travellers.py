"""Where a listener has been, read from their ratings and the catalogue."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from musicrec.catalogue import Catalogue
from musicrec.discovery import Corrections, Explorer
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelEvent, LabelValue
from musicrec.domain.model import StoredModel
from musicrec.domain.places import Travels
from musicrec.domain.track import Track


@dataclass(frozen=True, eq=False, slots=True)
class Traveller:
    """A listener as of one instant.

    Attributes:
        catalogue: Whose songs they rated; ratings of songs that left it are passed over.
        rated: What they rated, the last one last.
        explorer: The same as a model sees it.
        travels: Where they have been.
    """

    catalogue: Catalogue
    rated: tuple[Track, ...]
    explorer: Explorer
    travels: Travels

    @property
    def liked(self) -> list[Track]:
        """Liked songs, in the order of ``Weighed.nearest``."""
        return [track for track, like in zip(self.rated, self.explorer.liked, strict=True) if like]


@dataclass(frozen=True, eq=False, slots=True)
class Asker:
    """Who asks, since when they are known, their model, and what they know, said and rated."""

    listener_id: ListenerId
    since: datetime | None
    model: StoredModel
    known: set[TrackId]
    corrections: Corrections
    who: Traveller

    @property
    def catalogue(self) -> Catalogue:
        """Whose songs they rated."""
        return self.who.catalogue

    @property
    def travels(self) -> Travels:
        """Where they have been."""
        return self.who.travels


def traveller(catalogue: Catalogue, events: list[LabelEvent], adventure: float = 0.0) -> Traveller:
    """Join current labels and catalogue; reads texts, so ask it in a thread.

    Args:
        catalogue: Where to look songs up.
        events: Current labels, oldest first.
        adventure: In [0, 1].
    """
    known = [(catalogue.row_of(event.track_id), event.value) for event in events]
    rows = [row for row, _ in known if row is not None]
    liked = [value is LabelValue.LIKE for row, value in known if row is not None]
    tracks = catalogue.tracks(rows)
    explorer = Explorer(catalogue.features(rows), np.array(liked, dtype=bool), adventure)
    return Traveller(
        catalogue, tuple(tracks), explorer, Travels.of(zip(tracks, liked, strict=True))
    )
