"""A listener about whom something is stored in every table, every text with a mark."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from musicrec.domain.account import AccountKind
from musicrec.domain.correction import Correction, CorrectionKind
from musicrec.domain.guess import guesses_of
from musicrec.domain.hint import Hint, HintSource
from musicrec.domain.ids import ListenerId, TrackId
from musicrec.domain.kept_playlist import KeptPlaylist
from musicrec.domain.label import LabelEvent, LabelSource, LabelValue
from musicrec.domain.model import StoredModel
from musicrec.domain.playlist import Playlist, PlaylistChange, numbered
from musicrec.domain.playlist_copy import PlaylistCopy
from musicrec.domain.playlist_edit import (
    EditedList,
    EditKind,
    EditState,
    Named,
    Place,
    PlaceKind,
    PlaylistEdit,
    Proposal,
    SortFindings,
)
from musicrec.domain.quiet import QuietHours
from musicrec.domain.shortlist import Shortlist, ShortlistEntry, ShortlistKind
from musicrec.domain.week import Week, WeekPreview
from musicrec.storage import UnitOfWork
from musicrec.storage.tables import Base
from tests.discord.playlist_town import give_taste
from tests.discord.town import Member, Town
from tests.discord.weekly_town import list_of, plan_of, posted
from tests.musicrec.playlists.lists import song
from tests.musicrec.storage.test_accounts import account, link

MARK = "Zanzibarflute"
"""In every text that is stored about the owner, and nowhere else."""
OTHER_MARK = "Quetzalhorn"
"""The same of somebody else."""
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
SAID = 4_242_424_242
"""The interaction by which the owner corrected something."""


@dataclass(frozen=True)
class Owner:
    """A listener with data, by the names that custom ids have for its numbers."""

    member: Member
    numbers: dict[str, str]
    week: Week
    track: TrackId

    @property
    def id(self) -> ListenerId:
        return ListenerId(self.member.id)


async def owner_of_everything(
    town: Town, member: Member, taste: StoredModel, mark: str = MARK
) -> Owner:
    """Store something about a member in every table about listeners, with the mark in all texts."""
    listener_id = ListenerId(member.id)
    await give_taste(town.services, listener_id, taste)
    content = list_of(town.services)
    marked = tuple(replace(one, title=f"{mark} {one.position}") for one in content.songs)
    week, _ = await posted(town, member, content=replace(content, songs=marked, note=mark))
    assert week.content is not None
    tracks = [one.track_id for one in marked[-2:]]
    async with town.services.edits._database.writing() as uow:
        numbers = {
            "listener": str(listener_id),
            "week": str(week.id),
            "preview": str(await uow.week_previews.put(WeekPreview(listener_id, AT, week.content))),
            "interaction": str(SAID),
            "over": str(_ms(AT)),
            "shortlist": str(await _duel(uow, listener_id, tracks, mark)),
            "kept": str(await _playlists(uow, listener_id, mark)),
            "edit": str(await _edit(uow, listener_id, EditState.PROPOSED, mark)),
            "correction": str(await _corrections(uow, listener_id, tracks[0], mark)),
        }
        await _edit(uow, listener_id, EditState.DONE, mark)
        await _rest(uow, town, listener_id, tracks[0], mark)
        await uow.weekly_plans.put(plan_of(town, member), None)
        await uow.weekly_plans.set_trouble(listener_id, mark)
    return Owner(member, numbers, week, tracks[0])


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1_000)


async def _duel(uow: UnitOfWork, listener_id: ListenerId, tracks: list[TrackId], mark: str) -> int:
    """Store a duel that was answered, with what had been guessed."""
    entries = tuple(ShortlistEntry(n, one, 0.77, mark) for n, one in enumerate(tracks, start=1))
    shortlist = Shortlist(listener_id, ShortlistKind.RATE, AT, "v1", 1, entries)
    shortlist_id = await uow.shortlists.add(shortlist)
    await uow.guesses.add(*guesses_of(replace(shortlist, id=shortlist_id)))
    event = LabelEvent(
        listener_id, tracks[0], LabelValue.LIKE, AT, LabelSource.BUTTON, shortlist_id=shortlist_id
    )
    await uow.labels.append(event)
    return shortlist_id


async def _playlists(uow: UnitOfWork, listener_id: ListenerId, mark: str) -> int:
    kept_id = await uow.kept_playlists.add(KeptPlaylist(listener_id, _list(mark), AT))
    for account_kind in AccountKind:
        copy = PlaylistCopy(listener_id, kept_id, account_kind, mark, AT, mark, mark, 3)
        await uow.playlist_copies.begin(copy)
        await uow.playlist_copies.put(copy)
    return kept_id


def _list(mark: str) -> Playlist:
    songs = [song(f"{mark} {n}", mark, uri=f"spotify:track:{n:022}") for n in range(12)]
    return Playlist(mark, numbered(songs), mark)


async def _edit(uow: UnitOfWork, listener_id: ListenerId, state: EditState, mark: str) -> int:
    proposals = tuple(Proposal(n, f"{mark} {n}", mark, 0.03) for n in range(1, 12))
    edit = PlaylistEdit(
        listener_id,
        Place(PlaceKind.HERE, mark, mark),
        EditKind.SORT,
        12,
        proposals,
        SortFindings(mark, (mark,), (mark,), Named(mark, (mark,), 1)),
        frozenset({2}),
        state,
        AT,
        AT,
    )
    return await uow.playlist_edits.add(edit, EditedList(PlaylistChange.removing(_list(mark), [2])))


async def _corrections(uow: UnitOfWork, listener_id: ListenerId, track: TrackId, mark: str) -> int:
    correction = Correction(
        listener_id,
        track,
        CorrectionKind.NEVER_THIS_ARTIST,
        AT,
        title=mark,
        artist=mark,
        genre=mark,
        event_key=f"interaction:{SAID}",
    )
    stored = await uow.corrections.add(correction)
    assert stored is not None
    assert stored.id is not None
    return stored.id


async def _rest(
    uow: UnitOfWork, town: Town, listener_id: ListenerId, track: TrackId, mark: str
) -> None:
    await uow.hints.put([Hint(listener_id, track, HintSource.SAVED, AT)])
    await uow.sharing.share(town.guild.id, listener_id, AT)
    await uow.comparing.allow(town.guild.id, listener_id, AT)
    for kind in AccountKind:
        await uow.accounts.put(account(listener_id, kind=kind, account_id=mark, name=mark))
    await uow.quiet_hours.put(listener_id, QuietHours(60, 120, "UTC"))
    expires_at = datetime.now(UTC) + timedelta(hours=1)
    await uow.pending_links.begin(link(mark, listener_id, expires_at=expires_at))


async def rows_of(town: Town, listener_id: ListenerId) -> dict[str, list[Any]]:
    """Return every row about a listener, by table."""
    found: dict[str, list[Any]] = {}
    async with town.services.edits._database.reading() as uow:
        for table in Base.metadata.sorted_tables:
            owned = _owned(table, listener_id)
            if owned is not None:
                every = select(table).where(owned).order_by(*table.primary_key.columns)
                rows = await uow.labels._session.execute(every)
                found[table.name] = [tuple(row) for row in rows]
    return found


def _owned(table: Table, listener_id: ListenerId) -> ColumnElement[bool] | None:
    """Return which rows of a table are about a listener, or hang on such; None for no table."""
    if table.name == "listeners":
        return table.c.id == listener_id
    if "listener_id" in table.c:
        return table.c.listener_id == listener_id
    for key in _cascading(table):
        parent = _owned(key.column.table, listener_id)
        if parent is not None:
            return key.parent.in_(select(key.column).where(parent))
    return None


def _cascading(table: Table) -> Iterable[Any]:
    return [key for key in table.foreign_keys if key.ondelete == "CASCADE"]
