"""A song that somebody named becomes known: who it is first, then everything else at once."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from rapidfuzz import fuzz

from musicrec.domain.errors import SourceError
from musicrec.domain.identity import fold, undecorated
from musicrec.domain.learned_song import LearnedSong
from musicrec.domain.source_answer import SourceState
from musicrec.sources.clients import Clients
from musicrec.sources.facts import Facts
from musicrec.sources.genres import GenreVocabulary
from musicrec.sources.links import AskedSong
from musicrec.sources.merging import best, merged
from musicrec.sources.notes import Notes, SourceReport
from musicrec.sources.pages import DEEZER_LINKS, YOUTUBE
from musicrec.sources.settings import (
    DEEZER,
    ITUNES,
    LISTENBRAINZ,
    MUSICBRAINZ,
    RECCOBEATS,
    SPOTIFY,
    Orders,
)

_AT_ONCE: Final = 16
"""Songs of a long list that are looked up at a time: enough to keep the slowest source busy."""
_LEAST_LIKENESS: Final = 70.0
"""Of a found song to the names that somebody typed, 0 to 100: typing errors pass, others do not."""


@dataclass(frozen=True, slots=True)
class SongFound:
    """The outcome of a look-up.

    Attributes:
        song: None where no source knows it, or those that might cannot be asked.
        reports: How each source that was asked answered.
    """

    song: LearnedSong | None
    reports: tuple[SourceReport, ...]


class SongLookup:
    """Asks several sources about a song and makes one of their answers."""

    def __init__(self, clients: Clients, orders: Orders) -> None:
        self._clients = clients
        self._orders = orders

    @property
    def states(self) -> tuple[SourceState, ...]:
        """How each service did when it was asked last."""
        return self._clients.states

    async def find(self, asked: AskedSong, vocabulary: GenreVocabulary) -> SongFound:
        """Return what is known of a song.

        A source that is down or closed only leaves its values out.

        Args:
            asked: As ``links.song_in`` read it.
            vocabulary: The genres that the song may have.
        """
        notes = Notes()
        await self._identify(asked, notes)
        if notes.names is not None:
            await self._complete(notes)
            await self._fill_gaps(notes, vocabulary)
            await self._link_to_spotify(notes)
        song = merged(notes.facts, self._orders, vocabulary)
        return SongFound(song, tuple(notes.reports.values()))

    async def find_all(
        self, asked: Iterable[AskedSong], vocabulary: GenreVocabulary, *, at_once: int = _AT_ONCE
    ) -> AsyncGenerator[tuple[AskedSong, SongFound]]:
        """Yield what is known of many songs, each as soon as it is known.

        Args:
            asked: As ``links.song_in`` read them.
            vocabulary: The genres that the songs may have.
            at_once: Songs looked up at a time. Someone who looks up one song meanwhile waits for
                that many at most.
        """
        left = iter(asked)
        under_way = {self._begin(one, vocabulary) for one in islice(left, at_once)}
        try:
            while under_way:
                done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                under_way |= {self._begin(one, vocabulary) for one in islice(left, len(done))}
                for task in done:
                    under_way.remove(task)
                    yield task.result()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _begin(
        self, asked: AskedSong, vocabulary: GenreVocabulary
    ) -> asyncio.Task[tuple[AskedSong, SongFound]]:
        async def find() -> tuple[AskedSong, SongFound]:
            return asked, await self.find(asked, vocabulary)

        return asyncio.create_task(find())

    async def _identify(self, asked: AskedSong, notes: Notes) -> None:
        names = (asked.artist, asked.title) if asked.title else None
        if asked.youtube_id:
            names = await self._names_of_video(asked.youtube_id, notes)
        deezer_id = asked.deezer_id or await self._deezer_id(asked.deezer_link, notes)
        await self._ask_by_id(asked, deezer_id, notes)
        if isrc := asked.isrc or notes.isrc:
            await self._ask_by_isrc(isrc, notes)
        if known := notes.names or names:
            await self._ask_by_names(*known, notes)
        await self._ask_musicbrainz(notes)

    async def _names_of_video(self, video: str, notes: Notes) -> tuple[str, str] | None:
        try:
            named = await self._clients.youtube.names(video)
        except SourceError as error:
            notes.fail(YOUTUBE, error)
            return None
        notes.note_state(YOUTUBE, is_known=named is not None)
        return (named.artist, named.title) if named else None

    async def _deezer_id(self, code: str, notes: Notes) -> str:
        if not code:
            return ""
        try:
            found = await self._clients.deezer_links.track_id(code)
        except SourceError as error:
            notes.fail(DEEZER_LINKS, error)
            return ""
        notes.note_state(DEEZER_LINKS, is_known=bool(found))
        return found

    async def _ask_by_id(self, asked: AskedSong, deezer_id: str, notes: Notes) -> None:
        ask = self._clients
        if asked.spotify_id:
            await self._ask_by_spotify_id(asked.spotify_id, notes)
        if asked.mbid:
            await notes.ask((MUSICBRAINZ, ask.musicbrainz.recording(asked.mbid)))
        if deezer_id:
            await notes.ask((DEEZER, ask.deezer.track(deezer_id)))
        if asked.apple_id:
            await notes.ask((ITUNES, ask.itunes.track(asked.apple_id, asked.apple_country)))

    async def _ask_by_spotify_id(self, spotify_id: str, notes: Notes) -> None:
        """Ask Spotify itself only where ReccoBeats does not know, because its quota is small."""
        await notes.ask((RECCOBEATS, self._clients.reccobeats.track(spotify_id)))
        if self._clients.spotify and not (notes.isrc and notes.names):
            await notes.ask((SPOTIFY, self._clients.spotify.track(spotify_id)))

    async def _ask_by_isrc(self, isrc: str, notes: Notes) -> None:
        questions: list[tuple[str, Any]] = []
        if not notes.has(MUSICBRAINZ):
            questions.append((MUSICBRAINZ, self._clients.musicbrainz.of_isrc(isrc)))
        if not notes.has(DEEZER):
            questions.append((DEEZER, self._clients.deezer.of_isrc(isrc)))
        await notes.ask(*questions)
        if notes.names is None and RECCOBEATS in self._orders.names:
            await notes.ask((RECCOBEATS, self._clients.reccobeats.track(isrc)))
        if notes.names is None and self._clients.spotify:
            await notes.ask((SPOTIFY, self._clients.spotify.of_isrc(isrc)))

    async def _ask_by_names(self, artist: str, title: str, notes: Notes) -> None:
        """Ask who knows names; what is found may not turn a known song into another one."""
        is_known = notes.names is not None
        n_before = len(notes.facts)
        ask = self._clients
        questions: list[tuple[str, Any]] = [(LISTENBRAINZ, ask.listenbrainz.lookup(artist, title))]
        if not notes.isrc:
            questions.append((DEEZER, ask.deezer.search(artist, title)))
        await notes.ask(*questions)
        is_meant = _is_same if is_known else _is_like
        found = notes.facts[n_before:]
        notes.facts[n_before:] = [each for each in found if is_meant(each, artist, title)]
        if notes.names is None:
            await notes.ask((ITUNES, ask.itunes.search(artist, title)))
        if not notes.isrc and ask.spotify:
            await notes.ask((SPOTIFY, ask.spotify.search(artist, title)))

    async def _ask_musicbrainz(self, notes: Notes) -> None:
        """Ask for the recording that another source found."""
        if notes.has(MUSICBRAINZ) or (MUSICBRAINZ in notes.reports and not notes.mbid):
            return
        if notes.mbid:
            await notes.ask((MUSICBRAINZ, self._clients.musicbrainz.recording(notes.mbid)))
        elif notes.isrc:
            await notes.ask((MUSICBRAINZ, self._clients.musicbrainz.of_isrc(notes.isrc)))

    async def _complete(self, notes: Notes) -> None:
        ask, orders = self._clients, self._orders
        questions: list[tuple[str, Any]] = []
        if notes.artist_mbid and MUSICBRAINZ in (*orders.genres, *orders.country):
            questions.append((MUSICBRAINZ, ask.musicbrainz.artist(notes.artist_mbid)))
        if (heard := notes.mbid_of(LISTENBRAINZ) or notes.mbid) and (
            LISTENBRAINZ in orders.popularity
        ):
            questions.append((LISTENBRAINZ, ask.listenbrainz.listeners(heard)))
        if notes.mbid and not notes.spotify_id:
            questions.append((LISTENBRAINZ, ask.listenbrainz.spotify_ids(notes.mbid)))
        if (measured := notes.isrc or notes.spotify_id) and RECCOBEATS in orders.features:
            questions.append((RECCOBEATS, ask.reccobeats.features(measured)))
        if notes.isrc and not notes.has(DEEZER) and DEEZER not in notes.reports:
            questions.append((DEEZER, ask.deezer.of_isrc(notes.isrc)))
        await notes.ask(*questions)

    async def _fill_gaps(self, notes: Notes, vocabulary: GenreVocabulary) -> None:
        """Ask for genres and country whoever comes before those that told them already."""
        ask, orders, facts = self._clients, self._orders, notes.facts

        def genre(facts: Facts) -> str | None:
            return vocabulary.pick(facts.genres)

        questions: list[tuple[str, Any]] = []
        if notes.deezer_album_id and _is_wanted(DEEZER, orders.genres, genre, facts):
            questions.append((DEEZER, ask.deezer.album(notes.deezer_album_id)))
        lacks = _is_wanted(LISTENBRAINZ, orders.genres, genre, facts) or _is_wanted(
            LISTENBRAINZ, orders.country, lambda each: each.country, facts
        )
        if notes.mbid and lacks:
            questions.append((LISTENBRAINZ, ask.listenbrainz.recording(notes.mbid)))
        await notes.ask(*questions)

    async def _link_to_spotify(self, notes: Notes) -> None:
        """Find the song on Spotify where nobody told, and its audio features where switched on."""
        spotify, names = self._clients.spotify, notes.names
        if spotify is None or names is None:
            return
        if not notes.spotify_id and notes.isrc:
            await notes.ask((SPOTIFY, spotify.of_isrc(notes.isrc)))
        if not notes.spotify_id:
            await notes.ask((SPOTIFY, spotify.search(*names)))
        is_lacking = _is_wanted(
            SPOTIFY, self._orders.features, lambda each: each.features.get("energy"), notes.facts
        )
        if spotify.has_features and notes.spotify_id and is_lacking:
            await notes.ask((SPOTIFY, spotify.features(notes.spotify_id)))


def _is_wanted(
    source: str,
    order: tuple[str, ...],
    get: Callable[[Facts], str | float | None],
    facts: list[Facts],
) -> bool:
    if source not in order:
        return False
    return best(facts, order[: order.index(source) + 1], get) is None


def _is_same(facts: Facts, artist: str, title: str) -> bool:
    """Whether a song has these names; ListenBrainz credits all artists in one text."""
    credited = fold(facts.artists[0]) if facts.artists else ""
    has_title = fold(undecorated(facts.title)) == fold(undecorated(title))
    return has_title and credited.startswith(fold(artist))


def _is_like(facts: Facts, artist: str, title: str) -> bool:
    """Whether a song has about these names, which somebody typed."""
    found = f"{facts.artists[0] if facts.artists else ''} {undecorated(facts.title)}"
    asked = f"{artist} {undecorated(title)}"
    return fuzz.ratio(fold(found), fold(asked)) >= _LEAST_LIKENESS
