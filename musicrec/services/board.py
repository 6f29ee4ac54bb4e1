"""The songs that are asked about, by their places among the well-known ones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue
from musicrec.discovery import SongMap
from musicrec.domain.ids import TrackId
from musicrec.domain.track import Track

_MOST_REMEMBERED: Final = 100_000
_ELSEWHERE: Final = -1


@dataclass(frozen=True, eq=False, slots=True)
class Board:
    """The well-known songs of a catalogue as points.

    Ids are looked for in the catalogue once: a listener's labels come again at every question.
    """

    catalogue: Catalogue
    song_map: SongMap
    _places: dict[TrackId, int] = field(default_factory=dict[TrackId, int])

    @classmethod
    def of(cls, catalogue: Catalogue, former: "Board | None") -> "Board":
        """Return the board of a catalogue; the former one's where its songs are the same."""
        if former is None or former.catalogue.version != catalogue.version:
            return cls(catalogue, SongMap.of(catalogue.features(catalogue.well_known)))
        # The songs are the same ones; some may have been learned better.
        return former if former.catalogue is catalogue else replace(former, catalogue=catalogue)

    def places_of(self, track_ids: Collection[TrackId]) -> NDArray[np.intp]:
        """Return the places of songs, ascending; songs that are not asked about are skipped."""
        places = np.array([self._place_of(track_id) for track_id in track_ids], dtype=np.intp)
        return np.unique(places[places != _ELSEWHERE])

    def tracks(self, places: Sequence[int]) -> list[Track]:
        """Return songs in the order of their places."""
        return self.catalogue.tracks(self.catalogue.well_known[list(places)])

    def _place_of(self, track_id: TrackId) -> int:
        place = self._places.get(track_id)
        if place is not None:
            return place
        row = self.catalogue.row_of(track_id)
        if row is None:  # it may be learned yet
            return _ELSEWHERE
        rows = self.catalogue.well_known
        at = int(np.searchsorted(rows, row))
        place = at if at < len(rows) and rows[at] == row else _ELSEWHERE
        if len(self._places) >= _MOST_REMEMBERED:
            self._places.clear()
        self._places[track_id] = place
        return place
