"""Songs that somebody names become known: looked up, stored, and in use at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.errors import SongUnknownError
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import Origin
from musicrec.domain.track import Track
from musicrec.services.learning import SongLearning
from musicrec.sources import (
    AskedSong,
    GenreVocabulary,
    SongLookup,
    SourceReport,
    SourceState,
    song_in,
)

_SILENT: Final = frozenset({SourceState.CLOSED, SourceState.UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class AddedSong:
    """A song that was named, and how it became known.

    Attributes:
        track: What is known of it now.
        origins: Where what was looked up comes from, by column of the song table; empty where no
            source told anything.
        was_known: It was in the catalogue before.
        silent: Sources that could not be asked.
    """

    track: Track
    origins: Mapping[str, Origin]
    was_known: bool
    silent: tuple[SourceReport, ...]


class SongAdding:
    """Looks songs up in outside services."""

    def __init__(
        self, catalogue: CurrentCatalogue, learning: SongLearning, lookup: SongLookup
    ) -> None:
        self._catalogue = catalogue
        self._learning = learning
        self._lookup = lookup
        self._version = ""
        self._vocabulary = GenreVocabulary(())

    async def add(self, text: str, *, at: datetime) -> AddedSong:
        """Look a song up; it is in search and recommendations when this returns.

        A song that is known already is looked up as well, for what was not known of it.

        Args:
            text: A link, an ISRC, or "artist - title".
            at: Now.

        Raises:
            BadInputError: The text means no song; says what can be given.
            SongUnknownError: Neither the catalogue nor any source that could be asked knows it.
            StorageError: It could not be stored.
        """
        asked = song_in(text)
        catalogue = self._catalogue.now
        found = await self._lookup.find(asked, self._genres(catalogue))
        silent = tuple(report for report in found.reports if report.state in _SILENT)
        if found.song is None:
            track = _known(catalogue, _ids_of(asked))
            if track is None:
                raise SongUnknownError(text, tuple(report.source for report in silent))
            return AddedSong(track, {}, was_known=True, silent=silent)
        was_known = _known(catalogue, found.song.ids) is not None
        await self._learning.learn([found.song], at=at)
        # Where no room is left for learned songs, this one waits for the next build.
        track = self._catalogue.now.get(found.song.track.id) or found.song.track
        return AddedSong(track, found.song.origins, was_known, silent)

    def _genres(self, catalogue: Catalogue) -> GenreVocabulary:
        if self._version != catalogue.version:
            self._version, self._vocabulary = catalogue.version, GenreVocabulary(catalogue.genres)
        return self._vocabulary


def _ids_of(asked: AskedSong) -> list[str]:
    ids = {
        "isrc:": asked.isrc,
        "mbid:": asked.mbid,
        "spotify:track:": asked.spotify_id,
    }
    return [f"{kind}{own}" for kind, own in ids.items() if own]


def _known(catalogue: Catalogue, ids: Iterable[str]) -> Track | None:
    tracks = (catalogue.get(TrackId(track_id)) for track_id in ids)
    return next((track for track in tracks if track is not None), None)
