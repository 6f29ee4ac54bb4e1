"""Songs that somebody names or attaches become known: looked up, stored, in use at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.errors import SongUnknownError
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.track import Track
from musicrec.services.heard_songs import (
    TAGS,
    TYPED,
    is_another,
    made_song,
    named,
    with_heard,
    with_own,
    with_tags,
)
from musicrec.services.learning import SongLearning
from musicrec.services.listening import FileListening
from musicrec.sources import (
    AskedSong,
    GenreVocabulary,
    SongFound,
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
        origins: Where what was looked up or heard comes from, by column of the song table; empty
            where no source told anything.
        was_known: It was in the catalogue before.
        silent: Sources that could not be asked.
    """

    track: Track
    origins: Mapping[str, Origin]
    was_known: bool
    silent: tuple[SourceReport, ...]


class SongAdding:
    """Looks songs up in outside services, and listens to files of them."""

    def __init__(
        self,
        catalogue: CurrentCatalogue,
        learning: SongLearning,
        lookup: SongLookup,
        files: FileListening,
    ) -> None:
        self.files = files
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
        return await self._add(song_in(text), text, at=at)

    async def linked(self, asked: AskedSong, *, at: datetime) -> Track:
        """Return the song that a link leads to; it is looked up where it was unknown.

        Args:
            asked: As the link was read.
            at: Now.

        Raises:
            SongUnknownError: Neither the catalogue nor any source that could be asked knows it.
            StorageError: It could not be stored.
        """
        known = _known(self._catalogue.now, _ids_of(asked))
        return known or (await self._add(asked, "of a link", at=at)).track

    async def _add(self, asked: AskedSong, text: str, *, at: datetime) -> AddedSong:
        found = await self._lookup.find(asked, self._genres(self._catalogue.now))
        if found.song is None:
            track = _known(self._catalogue.now, _ids_of(asked))
            if track is None:
                raise _unknown(text, found)
            return AddedSong(track, {}, was_known=True, silent=_silent(found))
        return await self._learn(found.song, found, at=at)

    async def add_file(
        self, data: bytes, *, text: str = "", title: str = "", artist: str = "", at: datetime
    ) -> AddedSong:
        """Listen to a song, and look up what else is known of it.

        What is heard only fills gaps (``heard_songs``).

        Args:
            data: The file.
            text: Which song it is, as in ``add``; else title and artist say so, else its tags.
            title: Of the song.
            artist: Main artist of the song.
            at: Now.

        Raises:
            ExtraMissingError: Packages for listening are not installed.
            BadInputError: The file cannot be used, or nobody says which song it is.
            SongUnknownError: The text leads to no song that has a name.
            WorkersBusyError: Too many files are waiting already.
            WorkerLostError: The process for listening could not be started.
            StorageError: It could not be stored.
        """
        if text:
            song_in(text)  # a text that means no song is refused before the work
        heard = await self.files.listen(data)
        is_tagged = not (text or title or artist)
        asked = song_in(text) if text else named(heard.tags, title, artist)
        found = await self._find(asked)
        song = found.song or made_song(asked, source=TAGS if is_tagged else TYPED, at=at)
        if song is None:
            raise _unknown(text, found)
        known = _known(self._catalogue.now, song.ids)
        song = with_heard(song, heard, known, at=at)
        if is_tagged:
            song = with_tags(song, heard.tags, known, at=at)
        return await self._learn(song, found, at=at)

    async def _find(self, asked: AskedSong) -> SongFound:
        genres = self._genres(self._catalogue.now)
        found = await self._lookup.find(asked, genres)
        if is_another(found.song, asked):
            return await self._lookup.find(replace(asked, isrc=""), genres)
        return found

    async def _learn(self, song: LearnedSong, found: SongFound, *, at: datetime) -> AddedSong:
        was_known = _known(self._catalogue.now, song.ids) is not None
        song = with_own(song, await self._learning.learned(song.track.id))
        await self._learning.learn([song], at=at)
        # Where no room is left for learned songs, this one waits for the next build.
        track = self._catalogue.now.get(song.track.id) or song.track
        return AddedSong(track, song.origins, was_known, _silent(found))

    def _genres(self, catalogue: Catalogue) -> GenreVocabulary:
        if self._version != catalogue.version:
            self._version, self._vocabulary = catalogue.version, GenreVocabulary(catalogue.genres)
        return self._vocabulary


def _silent(found: SongFound) -> tuple[SourceReport, ...]:
    return tuple(report for report in found.reports if report.state in _SILENT)


def _unknown(text: str, found: SongFound) -> SongUnknownError:
    return SongUnknownError(text, tuple(report.source for report in _silent(found)))


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
