"""One playlist for several people, by the chance of whoever likes each song least."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from musicrec.domain.errors import BadInputError, NothingToRecommendError
from musicrec.domain.guess import guesses_of
from musicrec.domain.ids import ListenerId
from musicrec.domain.kept_playlist import KeptPlaylist
from musicrec.domain.label import LabelValue
from musicrec.domain.playlist import Playlist, numbered
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.together import MOST_IN_A_BLEND
from musicrec.domain.track import Track
from musicrec.playlists.making import item_of
from musicrec.services.comparing import ComparingService, Gathered
from musicrec.services.here_home import keep
from musicrec.services.playlist_making import MadeList, PlaylistMaking
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.services.together_jobs import BlendedSongs, blend_songs
from musicrec.storage import Database
from musicrec.workers import Workers


@dataclass(frozen=True)
class Blend:
    """A blend as it was made.

    Attributes:
        made: The list, kept for the asker; the chances in it are theirs.
        means: The mean chance of each person over the list, in the order asked for.
    """

    made: MadeList
    means: tuple[float, ...]


class BlendService:
    """Makes blends; what is kept of one is the asker's and names nobody else."""

    def __init__(
        self,
        database: Database,
        workers: Workers,
        comparing: ComparingService,
        making: PlaylistMaking,
        places: PlaylistPlaces,
    ) -> None:
        self._database = database
        self._workers = workers
        self._comparing = comparing
        self._making = making
        self._places = places

    async def blend(
        self,
        guild_id: int,
        people: Sequence[ListenerId],
        title: str,
        *,
        n: int,
        at: datetime,
    ) -> Blend:
        """Make a list of up to ``n`` songs for people of one server, and keep it.

        Args:
            guild_id: The server.
            people: The asker first, who gets it.
            title: Of the list.
            n: Songs wanted; fewer where not so many are left.
            at: Aware UTC.

        Raises:
            BadInputError: They are too few or too many.
            NotComparableError: One of them has not opted in, or has no model.
            NotEnoughLabelsError: The asker has too few labels to learn from.
            NothingToRecommendError: Every song is disliked by somebody.
            PlaylistUnusableError: The asker keeps too many playlists.
            WorkersBusyError, WorkerLostError: The work could not be done now.
        """
        people = tuple(dict.fromkeys(people))
        if not 1 < len(people) <= MOST_IN_A_BLEND:
            msg = f"a blend is for two to {MOST_IN_A_BLEND} different people."
            raise BadInputError(msg)
        asker = people[0]
        gathered = await self._comparing.gather(guild_id, people, asker=asker, at=at)
        rows = np.setdiff1d(gathered.rows, gathered.rows_labelled(LabelValue.DISLIKE))
        rows = np.setdiff1d(rows, gathered.rows_blocked)
        blended = await self._workers.run(
            blend_songs,
            [model.blob for model in gathered.models],
            gathered.catalogue.snapshot.folder,
            rows,
            gathered.learned,
            never=gathered.never,
            n=n,
        )
        if not len(blended.rows):
            raise NothingToRecommendError
        made = await self._kept(asker, title, blended, gathered, at)
        return Blend(made, tuple(float(mean) for mean in blended.p_like.mean(axis=1)))

    async def _kept(
        self, asker: ListenerId, title: str, blended: BlendedSongs, gathered: Gathered, at: datetime
    ) -> MadeList:
        tracks = gathered.catalogue.tracks(blended.rows)
        playlist = Playlist(title, numbered(item_of(track) for track in tracks))
        shortlist = _shortlist(asker, gathered, tracks, blended, at)
        async with self._database.writing() as uow:
            await uow.listeners.lock(asker, at)
            kept_id = await keep(uow, KeptPlaylist(asker, playlist, at))
            shortlist_id = await uow.shortlists.add(shortlist)
            await uow.guesses.add(*guesses_of(shortlist))
        self._places.forget(asker)
        return await self._making.show(asker, kept_id, shortlist_id)


def _shortlist(
    asker: ListenerId,
    gathered: Gathered,
    tracks: Sequence[Track],
    blended: BlendedSongs,
    at: datetime,
) -> Shortlist:
    """Store the asker's own chances; of the others only what the least happy one is told by."""
    n_people = len(gathered.models)
    return Shortlist(
        listener_id=asker,
        kind=ShortlistKind.RECOMMEND,
        created_at=at,
        catalogue_version=gathered.catalogue.version,
        seed=0,
        entries=tuple(
            ShortlistEntry(place, track.id, float(chances[0]), _least_words(chances, n_people))
            for place, (track, chances) in enumerate(
                zip(tracks, blended.p_like.T, strict=True), start=1
            )
        ),
        model_id=gathered.models[0].summary.id,
    )


def _least_words(chances: "np.ndarray[tuple[int], np.dtype[np.float64]]", n_people: int) -> str:
    # Rounded down: what is promised to everybody must hold for the least happy one.
    return f"at least {int(100 * float(chances.min()))}% for each of {n_people}"
