"""A listener's own data: see it, take it along, delete it; and servers that were left."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from musicrec.catalogue import CurrentCatalogue
from musicrec.domain.account import AccountKind
from musicrec.domain.errors import StorageError
from musicrec.domain.ids import ListenerId
from musicrec.services.export import Belongings, export_archives
from musicrec.services.rankings import RankingStore
from musicrec.storage import Database, UnitOfWork

PART_BYTES: Final = 10 * 2**20
"""What everybody may send on Discord in one file."""


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DataSummary:
    """What is stored about a listener.

    Attributes:
        since: When they became known, aware UTC; None where nothing is stored.
        likes: Songs that are liked now.
        dislikes: Songs that are disliked now.
        held: For each personal table (``storage.personal``) how many rows are theirs.
        accounts: Those that are linked.
        shared_on: Servers where others may lean on their ratings.
        comparable_on: Servers where others may compare their taste.
    """

    since: datetime | None
    likes: int
    dislikes: int
    held: Mapping[str, int]
    accounts: tuple[AccountKind, ...]
    shared_on: tuple[int, ...]
    comparable_on: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """What was deleted.

    Attributes:
        held: For each personal table (``storage.personal``) how many rows there were.
    """

    held: Mapping[str, int]


class Remembering(Protocol):
    """Keeps something about listeners in memory."""

    def forget(self, listener_id: ListenerId) -> None:
        """Drop it."""
        ...


class PrivacyService:
    """Shows, exports and deletes everything that is keyed by a listener."""

    def __init__(
        self,
        database: Database,
        catalogue: CurrentCatalogue,
        rankings: RankingStore,
        remembering: Sequence[Remembering],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._rankings = rankings
        self._remembering = remembering

    async def show(self, listener_id: ListenerId) -> DataSummary:
        """Count what is stored."""
        async with self._database.reading() as uow:
            counts = await uow.labels.counts(listener_id)
            shared = await uow.sharing.list_all(listener_id)
            comparable = await uow.comparing.list_all(listener_id)
            return DataSummary(
                since=await uow.listeners.created_at(listener_id),
                likes=counts.likes,
                dislikes=counts.dislikes,
                held=await uow.personal.counts(listener_id),
                accounts=tuple(each.kind for each in await uow.accounts.list_all(listener_id)),
                shared_on=tuple(each.guild_id for each in shared),
                comparable_on=tuple(each.guild_id for each in comparable),
            )

    async def export(
        self, listener_id: ListenerId, *, readme: str = "", part_bytes: int = PART_BYTES
    ) -> list[bytes]:
        """Return everything as zip files of at most so many bytes, usually one.

        ``labels.csv`` can be given to ``musicrec train`` as it is. The files are made in a thread.

        Args:
            listener_id: Whose.
            readme: What the files are, in plain words.
            part_bytes: Of a zip file.
        """
        async with self._database.reading() as uow:
            belongings = await _belongings(uow, listener_id)
        return await asyncio.to_thread(
            export_archives,
            belongings,
            self._catalogue.now,
            readme=readme,
            most_bytes=part_bytes,
        )

    async def delete(self, listener_id: ListenerId) -> DeletionReceipt:
        """Delete everything about the listener at once, and say what it was."""
        async with self._database.writing() as uow:
            await uow.listeners.lock_known(listener_id)
            hashes = await uow.models.content_hashes(listener_id)
            held = await uow.personal.counts(listener_id)
            await uow.listeners.delete(listener_id)  # all personal tables cascade
        for memory in self._remembering:
            memory.forget(listener_id)
        self._rankings.forget(hashes)
        await self._wipe_traces()
        return DeletionReceipt(held)

    async def _wipe_traces(self) -> None:
        try:
            await self._database.wipe_traces()
        except StorageError as error:  # all is deleted, which is what the listener asked for
            _log.warning("What was deleted may stay in the database's files for a while: %s", error)

    async def end_sharing(self, listener_id: ListenerId) -> int:
        """End whatever the listener allowed others on any server; return how much it was."""
        async with self._database.writing() as uow:
            return await uow.personal.end_consents(listener_id)

    async def forget_server(self, guild_id: int) -> int:
        """Forget all consents, settings, posts and cards of a server; return how much it was."""
        async with self._database.writing() as uow:
            return sum((await uow.servers.forget(guild_id)).values())

    async def servers_beside(self, known: Iterable[int]) -> list[int]:
        """Return servers that something is kept about and that are not known, ascending."""
        async with self._database.reading() as uow:
            return sorted(await uow.servers.known() - set(known))


async def _belongings(uow: UnitOfWork, listener_id: ListenerId) -> Belongings:
    counting = await uow.guesses.counting(listener_id)
    return Belongings(
        tables=await uow.personal.rows(listener_id),
        labels=await uow.labels.current(listener_id),
        guesses=await uow.guesses.list_all(listener_id),
        counting=frozenset(guess.id for guess in counting),
        weeks=await uow.weeks.list_all(listener_id),
    )
