"""Songs that were learned one by one, as parts of the next build."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from musicrec.catalogue.entries import write_part
from musicrec.catalogue.known import NOTHING, Known, Origins
from musicrec.catalogue.learned_entries import song_table
from musicrec.catalogue.store.manifest import Source
from musicrec.catalogue.store.texts import LINKS, PROVENANCE
from musicrec.domain.learned_song import LearnedSong

_SONGS_A_PART: Final = 50_000
_NOBODY: Final = Source(name="learned songs")


def stage_learned(folder: Path, songs: Sequence[LearnedSong]) -> Known:
    """Stage learned songs.

    Args:
        folder: For the parts.
        songs: In the order of storing.
    """
    if not songs:
        return NOTHING
    numbering = _Numbering()
    newest_first = songs[::-1]
    parts = [
        write_part(
            folder / f"learned-{start:08}",
            _frame(newest_first[start : start + _SONGS_A_PART], numbering),
            _NOBODY,
            learned=True,
        )
        for start in range(0, len(songs), _SONGS_A_PART)
    ]
    return Known(parts, numbering.origins, max(song.number or 0 for song in songs))


class _Numbering:
    """Numbers sources, and the combinations of them that songs have, as they come."""

    def __init__(self) -> None:
        self._sources: dict[Source, int] = {}
        self._provenances: dict[tuple[tuple[str, int], ...], int] = {}

    @property
    def origins(self) -> Origins:
        return Origins(list(self._sources), [dict(each) for each in self._provenances])

    def of(self, song: LearnedSong) -> int:
        """Return the number of a song's combination."""
        named = [
            (name, Source(name=origin.source, licence=origin.licence))
            for name, origin in sorted(song.origins.items())
        ]
        own = tuple(
            (name, self._sources.setdefault(source, len(self._sources))) for name, source in named
        )
        return self._provenances.setdefault(own, len(self._provenances))


def _frame(songs: Sequence[LearnedSong], numbering: _Numbering) -> pd.DataFrame:
    links = pd.Series([list(song.links) for song in songs], dtype=object)
    numbers = [numbering.of(song) for song in songs]
    return song_table(song.track for song in songs).assign(**{LINKS: links, PROVENANCE: numbers})
