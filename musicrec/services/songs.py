"""Find songs in the catalogue."""

import asyncio
from itertools import islice
from typing import Final

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.domain.errors import TrackNotFoundError
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.label import LabelValue
from musicrec.domain.place_errors import CountryNotFoundError
from musicrec.domain.song_filter import SongFilter
from musicrec.domain.track import Track
from musicrec.domain.years import years_in
from musicrec.storage import Database

_N_RECENT: Final = 5
_N_LIKED: Final = 10
_N_NAMED_COUNTRIES: Final = 10


class SongService:
    """Search and autocomplete.

    Whatever asks the index of words may take some ten milliseconds among many millions of songs;
    so the asynchronous methods ask it in a thread.
    """

    def __init__(self, database: Database, catalogue: CurrentCatalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    @property
    def genres(self) -> tuple[str, ...]:
        """Every genre, the one with the most songs first."""
        return self._catalogue.now.genres

    @property
    def countries(self) -> tuple[str, ...]:
        """The code of every country that songs come from, the one with the most songs first."""
        return self._catalogue.now.countries

    async def search(
        self,
        text: str,
        *,
        genre: str | None = None,
        country: str | None = None,
        years: str | None = None,
        clean: bool = False,
        limit: int = 10,
    ) -> list[Track]:
        """Return the songs that match, most popular first.

        Args:
            text: Words of title and artists.
            genre: Only songs of it, in any spelling.
            country: Only songs by artists from there, an ISO 3166-1 alpha-2 code in any case.
            years: Only songs of these, as ``domain.years`` reads them.
            clean: Only songs known not to be explicit.
            limit: How many at most.

        Raises:
            GenreNotFoundError: There is no such genre.
            CountryNotFoundError: There is no song from that country.
            BadInputError: The years are none.
        """
        only = filter_of(
            self._catalogue.now, genre=genre, country=country, years=years, clean=clean
        )
        return await asyncio.to_thread(self._catalogue.now.search, text, only=only, limit=limit)

    async def complete(self, listener_id: ListenerId, text: str, *, limit: int = 25) -> list[Track]:
        """Complete what a listener typed so far.

        With nothing typed, the songs that they rated last come first, then those that they liked
        last, then the most popular ones.
        """
        if text.strip():
            return await asyncio.to_thread(self.suggest, text, limit)
        async with self._database.reading() as uow:
            recent = await uow.labels.last_tracks(listener_id, n=_N_RECENT)
            liked = await uow.labels.last_tracks(listener_id, n=_N_LIKED, value=LabelValue.LIKE)
        known = (self._catalogue.now.get(track_id) for track_id in [*recent, *liked])
        own = [track for track in known if track is not None]
        songs = {track.id: track for track in [*own, *self.suggest("", limit)]}
        return list(islice(songs.values(), limit))

    def suggest(self, text: str, limit: int = 25) -> list[Track]:
        """Complete what anybody typed so far; with nothing typed, the most popular songs."""
        return self._catalogue.now.search(text, limit=limit)

    def suggest_genres(self, text: str, limit: int = 25) -> list[str]:
        """Complete a genre by any of its names."""
        return self._catalogue.now.genre_search.complete(text, limit)

    async def resolve(self, text: str) -> Track:
        """Return the song that a track id or free text means.

        Raises:
            TrackNotFoundError: Nothing matches.
        """
        catalogue = self._catalogue.now
        track = catalogue.get(TrackId(text.strip()))
        if track is None and text.strip():
            matches = await asyncio.to_thread(catalogue.search, text, limit=1)
            track = matches[0] if matches else None
        if track is None:
            raise TrackNotFoundError(text)
        return track


def filter_of(
    catalogue: Catalogue,
    *,
    genre: str | None = None,
    country: str | None = None,
    years: str | None = None,
    clean: bool = False,
) -> SongFilter:
    """Make a filter of what people typed.

    Raises:
        GenreNotFoundError: There is no such genre.
        CountryNotFoundError: There is no song from that country.
        BadInputError: The years are none.
    """
    return SongFilter(
        genre=None if genre is None else catalogue.require_genre(genre),
        country=None if country is None else _country_in(catalogue, country),
        years=None if years is None else years_in(years),
        clean=clean,
    )


def _country_in(catalogue: Catalogue, text: str) -> str:
    code = text.strip().upper()
    if code in catalogue.countries:
        return code
    raise CountryNotFoundError(text, catalogue.countries[:_N_NAMED_COUNTRIES])
