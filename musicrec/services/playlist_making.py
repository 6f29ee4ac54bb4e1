"""Make new playlists of songs that their listener does not know, and keep them here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from musicrec.catalogue import Catalogue, CurrentCatalogue
from musicrec.discovery import Corrections
from musicrec.domain.errors import NothingToRecommendError, PlaylistUnusableError
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId, ShortlistId
from musicrec.domain.kept_playlist import KeptId, KeptPlaylist
from musicrec.domain.model import StoredModel
from musicrec.domain.playlist import Playlist
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.track import Track
from musicrec.playlists.making import Made, Pick
from musicrec.services.corrections import CorrectionService
from musicrec.services.here_home import keep
from musicrec.services.listing import corrected, known_songs
from musicrec.services.playlist_jobs import Pool, make_list
from musicrec.services.playlist_places import OpenedList, PlaylistPlaces
from musicrec.services.playlists import PlaylistService
from musicrec.services.presence import known_since, lock_as_begun
from musicrec.services.rankings import RankingStore
from musicrec.storage import Database
from musicrec.workers import Workers

MOST_CANDIDATES: Final = 20_000
"""Songs that the listener would like best, among which those of the wanted sound are looked for."""


@dataclass(frozen=True)
class MadeList:
    """A playlist that was made and is kept here.

    Attributes:
        kept_id: Of the list.
        title: Untrusted text.
        shortlist: The songs with their chances and why, in order.
        tracks: The songs that the catalogue still has, by the shortlist's order; None otherwise.
    """

    kept_id: KeptId
    title: str
    shortlist: Shortlist
    tracks: tuple[Track | None, ...]


class PlaylistMaking:
    """Chooses songs by sound, and among those by the listener's taste."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        workers: Workers,
        rankings: RankingStore,
        playlists: PlaylistService,
        *,
        corrections: CorrectionService,
        places: PlaylistPlaces,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._workers = workers
        self._rankings = rankings
        self._playlists = playlists
        self._corrections = corrections
        self._places = places
        self._clock = clock

    async def make(
        self,
        listener_id: ListenerId,
        title: str,
        *,
        like: OpenedList | None = None,
        wanted: Mapping[str, float] | None = None,
        n: int,
    ) -> MadeList:
        """Make a list of songs that the listener has neither rated nor been recommended.

        The listener's corrections count. Without a model of the listener it goes by sound alone,
        among well-known songs.

        Args:
            listener_id: For whom.
            title: Of the new list.
            like: A list to be alike.
            wanted: Or else features to have, by their name in ``domain.features``.
            n: Songs wanted; fewer where not so many fit.

        Raises:
            BadInputError: A feature is none that can be wanted, or nothing is known about the
                sound of the list.
            NothingToRecommendError: No song fits.
            PlaylistUnusableError: The list is empty, or too many are kept here.
            ForgottenMeanwhileError: The listener had everything deleted meanwhile.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        since = await known_since(self._database, listener_id)
        catalogue = self._catalogue.now
        songs = await self._playlists.songs(like.playlist, catalogue) if like else None
        model = await self._playlists.stored_model_or_none(listener_id)
        corrections = await self._corrections.of(listener_id)
        rows = await self._candidates(listener_id, model, catalogue, corrections)
        made = await self._workers.run(
            make_list,
            None if model is None else model.blob,
            Pool(catalogue.snapshot.folder, rows, catalogue.delta.only(rows)),
            songs,
            wanted or {},
            corrections=corrections,
            n=n,
            seed=0,
        )
        if not made.picks:
            raise NothingToRecommendError
        shortlist = _shortlist(listener_id, made, model, catalogue.version, self._clock())
        return await self._kept(Playlist(title, made.playlist.items), shortlist, since)

    async def show(
        self, listener_id: ListenerId, kept_id: KeptId, shortlist_id: ShortlistId
    ) -> MadeList:
        """Return a list that was made.

        Raises:
            PlaylistUnusableError: It is somebody else's, or gone.
        """
        async with self._database.reading() as uow:
            shortlist = await uow.shortlists.get(shortlist_id)
            playlist = await uow.kept_playlists.get(listener_id, kept_id)
        if playlist is None or shortlist is None or shortlist.listener_id != listener_id:
            msg = "This list is somebody else's, or I do not keep it any more."
            raise PlaylistUnusableError(msg)
        tracks = tuple(self._catalogue.now.get(one.track_id) for one in shortlist.entries)
        return MadeList(kept_id, playlist.title, shortlist, tracks)

    async def _candidates(
        self,
        listener_id: ListenerId,
        model: StoredModel | None,
        catalogue: Catalogue,
        corrections: Corrections,
    ) -> NDArray[np.intp]:
        """Return rows that the listener does not know; of learned songs any may be well known."""
        if model is not None:
            ranked = await self._rankings.of(model, catalogue)
            rows = (await corrected(ranked, catalogue, corrections)).rows[:MOST_CANDIDATES]
        else:
            hidden = list(catalogue.delta.hidden)
            rows = np.setdiff1d(catalogue.well_known, hidden)
            rows = np.union1d(rows, catalogue.delta.rows[-MOST_CANDIDATES:])
        rows = rows[~corrections.blocked(catalogue, rows)]
        async with self._database.reading() as uow:
            known = await known_songs(uow, listener_id)
        return np.setdiff1d(rows, catalogue.all_rows_of(known))

    async def _kept(
        self, playlist: Playlist, shortlist: Shortlist, since: datetime | None
    ) -> MadeList:
        listener_id, at = shortlist.listener_id, shortlist.created_at
        async with self._database.writing() as uow:
            await lock_as_begun(uow, listener_id, since, at)
            kept_id = await keep(uow, KeptPlaylist(listener_id, playlist, at))
            shortlist_id = await uow.shortlists.add(shortlist)
            await uow.guesses.add(*guesses_of(shortlist))
        self._places.forget(listener_id)
        return await self.show(listener_id, kept_id, shortlist_id)


def _shortlist(
    listener_id: ListenerId, made: Made, model: StoredModel | None, version: str, at: datetime
) -> Shortlist:
    return Shortlist(
        listener_id=listener_id,
        kind=ShortlistKind.RECOMMEND,
        created_at=at,
        catalogue_version=version,
        seed=0,
        entries=tuple(_entry(place, pick) for place, pick in enumerate(made.picks, start=1)),
        model_id=None if model is None else model.summary.id,
    )


def _entry(place: int, pick: Pick) -> ShortlistEntry:
    said = pick.explanation
    reasons = [] if pick.nearest is None else [f"sounds like {pick.nearest.name}"]
    reasons += [] if said is None else [reason.words for reason in said.leading[:1]]
    p_like = None if said is None else said.p_like
    return ShortlistEntry(place, pick.track.id, p_like, ", ".join(reasons))
