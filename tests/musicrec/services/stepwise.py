"""Edits of playlists as the bot wires them, where a list is changed one place at a time."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from musicrec.domain.ids import ListenerId
from musicrec.domain.playlist import Playlist, PlaylistChange
from musicrec.domain.playlist_edit import (
    DoctorFindings,
    EditedList,
    EditId,
    EditKind,
    EditState,
    Named,
    Place,
    PlaylistEdit,
    Proposal,
    SortFindings,
)
from musicrec.services import Homes
from musicrec.services.edit_runs import EditRuns
from musicrec.services.here_home import HereHome
from musicrec.services.playlist_edits import PlaylistEdits
from musicrec.services.playlist_places import PlaylistPlaces
from musicrec.storage import Database
from musicrec.workers import LocalWorkers
from tests.musicrec.services.playlist_town import one_step


def now() -> datetime:
    return datetime.now(UTC)


class StepwiseHome(HereHome):
    """Keeps lists here, but changes one place of a list a transaction."""

    async def bring(self, list_id: str, wanted: Callable[[Playlist], Playlist]) -> Playlist:
        while True:
            current = await self.read(list_id)
            step = one_step(current, wanted(current))
            if step is None:
                return current
            await super().bring(list_id, lambda _, then=step: then)
            await self.stepped()

    async def stepped(self) -> None:
        """Come between one step and the next."""


def edits_of(
    database: Database, homes: Homes, *, lease: timedelta
) -> tuple[PlaylistEdits, EditRuns]:
    workers = LocalWorkers(1)
    places = PlaylistPlaces(homes, workers, now)
    runs = EditRuns(database, places, now, lease=lease)
    return PlaylistEdits(database, workers, places, runs, now), runs


async def proposed(
    edits: PlaylistEdits,
    listener_id: ListenerId,
    place: Place,
    before: Playlist,
    order: Sequence[int],
) -> EditId:
    """Propose a list with these positions of the old one: a sorting, or some are left out."""
    gone = sorted(set(range(1, len(before) + 1)) - set(order))
    edit = PlaylistEdit(
        listener_id=listener_id,
        place=place,
        kind=EditKind.DOCTOR if gone else EditKind.SORT,
        n_items=len(before),
        proposals=tuple(Proposal(position, "x", "y") for position in gone),
        findings=DoctorFindings(0, None, None, has_model=False)
        if gone
        else SortFindings("by x", (), (), Named("x", (), 0)),
        chosen=frozenset(gone),
        state=EditState.PROPOSED,
        created_at=now(),
        changed_at=now(),
    )
    stored = await edits.propose(edit, EditedList(PlaylistChange(before, tuple(order))))
    assert stored.id is not None
    return stored.id
