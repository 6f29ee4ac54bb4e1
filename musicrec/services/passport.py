"""Show a listener where their music comes from."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.charts import draw_passport
from musicrec.domain.genres import genre_key
from musicrec.domain.ids import ListenerId
from musicrec.domain.passport import Passport, passport_of
from musicrec.domain.picture import Picture
from musicrec.domain.places import Place, PlaceKind
from musicrec.services.travellers import traveller
from musicrec.storage import Database
from musicrec.workers import Workers


@dataclass(frozen=True, slots=True)
class PassportView:
    """A passport and its drawing; ``picture`` is None before there is a rating."""

    passport: Passport
    picture: Picture | None


class PassportService:
    """Stamps passports: nothing is stored, current ratings say it all."""

    def __init__(self, database: Database, catalogue: CurrentCatalogue, workers: Workers) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers

    async def show(self, listener_id: ListenerId, names: Mapping[str, str]) -> PassportView:
        """Return a listener's passport.

        Args:
            listener_id: Whose.
            names: Of countries, by code, in their language.

        Raises:
            WorkersBusyError, WorkerLostError: The picture could not be drawn now.
        """
        catalogue = self._catalogue.now
        async with self._database.reading() as uow:
            events = await uow.labels.current(listener_id)
        who = await asyncio.to_thread(traveller, catalogue, events)
        passport = passport_of(who.travels, places_of(catalogue))
        if not events:
            return PassportView(passport, None)
        picture = await self._workers.run(draw_passport, passport, names)
        return PassportView(passport, picture)


def places_of(catalogue: Catalogue) -> dict[Place, int]:
    """Return every country and genre with its songs, most songs first, countries before genres.

    Names of the same genre are one place; songs that were learned since the last build are not
    counted.
    """
    manifest = catalogue.snapshot.manifest
    in_country = dict(zip(manifest.countries, manifest.country_counts, strict=True))
    of_genre: Counter[str] = Counter()
    for genre, n_songs in zip(manifest.genres, manifest.genre_counts, strict=True):
        of_genre[genre_key(genre)] += n_songs
    genres = {genre_key(genre): genre for genre in reversed(catalogue.genres)}
    countries = [
        (Place(PlaceKind.COUNTRY, code), in_country.get(code, 0)) for code in catalogue.countries
    ]
    named = [(Place(PlaceKind.GENRE, genre), of_genre[key]) for key, genre in genres.items()]
    return dict([*countries, *sorted(named, key=lambda pair: -pair[1])])
