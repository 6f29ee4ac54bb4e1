"""Songs from genres and countries that a listener has hardly rated, and which of these to try."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import Final

import numpy as np

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.discovery import Prospect, mixed
from musicrec.domain.errors import NothingToRecommendError
from musicrec.domain.genres import distinct
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId
from musicrec.domain.places import Place, PlaceKind
from musicrec.domain.shortlist import Shortlist
from musicrec.domain.song_filter import SongFilter
from musicrec.services.corrections import CorrectionService
from musicrec.services.exploring_jobs import rank_places, weigh_songs
from musicrec.services.exploring_pools import Pool, cut, from_new_places
from musicrec.services.exploring_views import (
    Exploration,
    ExploredSong,
    Outlook,
    ProposedPlace,
)
from musicrec.services.jobs import explain
from musicrec.services.listing import known_songs, listed, without
from musicrec.services.presence import known_since, lock_as_begun
from musicrec.services.rankings import Ranked, RankingStore
from musicrec.services.recommendations import one_reason_each
from musicrec.services.songs import filter_of
from musicrec.services.training import TrainingService
from musicrec.services.travellers import Asker, traveller
from musicrec.storage import Database
from musicrec.workers import Workers

USUAL_ADVENTURE: Final = 0.5
MOST_PLACES: Final = 5
_MOST_OF_A_KIND: Final = 60
"""Genres and countries that are looked at, those with the most songs."""
_POOL: Final = 400
"""A place's songs with the best chances, among which those with the most hope are shown."""
_LOOKED_THROUGH: Final = 20_000
"""A place's songs with the best chances, among which those from new places are looked for."""


class ExploringService:
    """Proposes places, and hands out songs from there."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        training: TrainingService,
        rankings: RankingStore,
        *,
        corrections: CorrectionService,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._training = training
        self._rankings = rankings
        self._corrections = corrections

    async def propose(
        self, listener_id: ListenerId, *, adventure: float = USUAL_ADVENTURE, at: datetime
    ) -> Outlook:
        """Propose genres and countries that the listener has hardly rated, best hope first.

        Whoever has been everywhere is shown where it is worth going again.

        Args:
            listener_id: For whom.
            adventure: In [0, 1]: how much hope counts against expectation.
            at: Now.

        Raises:
            NotEnoughLabelsError: There is too little to learn from.
            NothingToRecommendError: Every song is known to the listener.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        asker = await self._asker(listener_id, adventure, at)
        places = list(_places_of(asker.catalogue))
        new = [place for place in places if asker.travels.is_new(place)]
        found = await self._prospects(asker, new) or await self._prospects(asker, places)
        if not found:
            raise NothingToRecommendError
        chosen = mixed(found, most=MOST_PLACES)
        examples = asker.catalogue.tracks([each.best for each in chosen])
        return Outlook(
            places=tuple(
                ProposedPlace(
                    each.place, each.p_like, asker.travels.visit(each.place).rated, example
                )
                for each, example in zip(chosen, examples, strict=True)
            ),
            adventure=adventure,
            n_labels=asker.model.summary.n_labels,
            is_everywhere=not asker.travels.is_new(found[0].place),
        )

    async def explore(
        self,
        listener_id: ListenerId,
        *,
        genre: str | None = None,
        country: str | None = None,
        adventure: float = USUAL_ADVENTURE,
        n: int = 5,
        at: datetime,
    ) -> Exploration:
        """Return up to ``n`` songs from a place, none rated and none handed out before.

        Where the listener has been to that place, its songs from genres or countries that are new
        to them come first; ``Exploration.is_new`` tells whether there were enough.

        Args:
            listener_id: For whom.
            genre: Under any name; at least one of genre and country is given.
            country: ISO 3166-1 alpha-2 code in any case.
            adventure: In [0, 1]: how much hope counts against expectation.
            n: Songs at most.
            at: Now.

        Raises:
            GenreNotFoundError: There is no such genre.
            CountryNotFoundError: There is no song from that country.
            NothingToRecommendError: No song is left there.
            NotEnoughLabelsError: There is too little to learn from.
            ForgottenMeanwhileError: The listener had everything deleted meanwhile.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        only = filter_of(self._catalogue.now, genre=genre, country=country)
        asker = await self._asker(listener_id, adventure, at)
        pool = await self._pool(asker, only, n)
        async with self._database.writing() as uow:
            # Choosing and storing under one lock: two calls at once never hand out one song twice.
            await lock_as_begun(uow, listener_id, asker.since, at)
            fresh = without(pool.hoped, asker.catalogue, await known_songs(uow, listener_id))
            shortlist, rows = cut(asker, pool, fresh, n, at)
            if not rows:
                raise NothingToRecommendError(only.genre, is_narrow=only.country is not None)
            stored = replace(shortlist, id=await uow.shortlists.add(shortlist))
            await uow.guesses.add(*guesses_of(stored))
        songs = await self._told(asker, pool, stored, rows)
        shown = replace(stored, entries=tuple(song.entry for song in songs))
        n_labels = asker.model.summary.n_labels
        return Exploration(shown, songs, only, pool.is_new, adventure, n_labels)

    async def _asker(self, listener_id: ListenerId, adventure: float, at: datetime) -> Asker:
        since = await known_since(self._database, listener_id)
        model = await self._training.ensure_model(listener_id, at=at)
        corrections = await self._corrections.of(listener_id)
        async with self._database.reading() as uow:
            events = await uow.labels.current(listener_id)
            known = await known_songs(uow, listener_id)
        who = await asyncio.to_thread(traveller, self._catalogue.now, events, adventure)
        return Asker(listener_id, since, model, known, corrections, who)

    async def _prospects(self, asker: Asker, places: Sequence[Place]) -> list[Prospect]:
        if not places:
            return []
        found = await self._workers.run(
            rank_places,
            asker.model.blob,
            asker.catalogue.snapshot.folder,
            asker.who.explorer,
            [(place, asker.travels.visit(place)) for place in places],
            asker.catalogue.all_rows_of(asker.known),
        )
        examples = asker.catalogue.tracks([each.best for each in found])
        return [
            each
            for each, example in zip(found, examples, strict=True)
            if not asker.corrections.blocks(example.artists)
        ]

    async def _pool(self, asker: Asker, only: SongFilter, n: int) -> Pool:
        ranked = await listed(
            self._rankings,
            asker.model,
            asker.catalogue,
            only,
            asker.known,
            corrections=asker.corrections,
            n=n,
        )
        fresh = without(ranked, asker.catalogue, asker.known)
        looked_at = fresh.rows[:_LOOKED_THROUGH]
        head = await asyncio.to_thread(asker.catalogue.features, looked_at)
        new = np.flatnonzero(from_new_places(head, asker.travels))[:_POOL]
        enough = len(new) >= min(n, len(head))
        chosen = new if enough else np.arange(len(head))[:_POOL]
        rows, p_like = fresh.rows[chosen], fresh.p_like[chosen]
        if not len(rows):
            raise NothingToRecommendError(only.genre, is_narrow=only.country is not None)
        weighed = await self._workers.run(
            weigh_songs,
            asker.catalogue.snapshot.folder,
            head.iloc[chosen],
            p_like,
            asker.who.explorer,
        )
        hoped = Ranked(rows, weighed.hope.astype(np.float32), is_complete=False)
        chances = dict(zip(rows.tolist(), p_like.tolist(), strict=True))
        return Pool(hoped, weighed, rows.tolist(), chances, is_new=enough)

    async def _told(
        self, asker: Asker, pool: Pool, shortlist: Shortlist, rows: list[int]
    ) -> tuple[ExploredSong, ...]:
        table = asker.catalogue.table(rows)
        said = await self._workers.run(explain, asker.model.blob, table)
        explanations = asker.corrections.explained(said, table)
        liked, reasons = asker.who.liked, one_reason_each(explanations)
        tracks = asker.catalogue.tracks(rows)
        return tuple(
            ExploredSong(
                track=track,
                entry=replace(entry, reason=reason),
                near=tuple(liked[one] for one in pool.near(row)),
                news=asker.travels.news_of(track),
                is_country_weak=asker.catalogue.has_weak_country(row),
            )
            for row, track, entry, reason in zip(
                rows, tracks, shortlist.entries, reasons, strict=True
            )
        )


def _places_of(catalogue: Catalogue) -> Iterable[Place]:
    genres = islice(distinct(catalogue.genres), _MOST_OF_A_KIND)
    countries = islice(catalogue.countries, _MOST_OF_A_KIND)
    return chain(
        (Place(PlaceKind.GENRE, genre) for genre in genres),
        (Place(PlaceKind.COUNTRY, code) for code in countries),
    )
