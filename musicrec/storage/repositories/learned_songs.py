"""Songs that became known, or better known, after the catalogue was built."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.track import Track
from musicrec.storage.tables import LearnedSongRow
from musicrec.storage.urls import POSTGRESQL

_LOCK: Final = 0x6C6561726E  # "learn"
_AT_ONCE: Final = 1_000
"""SQLite admits some ten thousand parameters in a statement."""


class LearnedSongRepository:
    """The table ``learned_songs``; numbers become visible in their order."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, songs: Sequence[LearnedSong], at: datetime) -> list[LearnedSong]:
        """Store songs; one with the id of a stored one takes its place.

        Numbers follow the clock rather than a count, so that they go on growing where the database
        is replaced by another one, or by an older copy of itself.

        Returns:
            The songs with their numbers, the last of every id.
        """
        await self._wait_for_other_writers()
        last = await self._session.scalar(select(func.max(LearnedSongRow.number))) or 0
        first = max(last + 1, _microseconds(at))
        distinct = {song.track.id: song for song in songs}.values()
        stored = [replace(song, number=first + place) for place, song in enumerate(distinct)]
        for start in range(0, len(stored), _AT_ONCE):
            await self._put(stored[start : start + _AT_ONCE])
        return stored

    async def get(self, track_id: TrackId) -> LearnedSong | None:
        """Return the stored song of an id."""
        statement = select(LearnedSongRow).where(LearnedSongRow.track_id == track_id)
        row = await self._session.scalar(statement.execution_options(populate_existing=True))
        return None if row is None else _song(row)

    async def since(self, number: int, *, most: int | None = None) -> list[LearnedSong]:
        """Return up to ``most`` songs that were stored after the one of a number, in order."""
        statement = (
            select(LearnedSongRow)
            .where(LearnedSongRow.number > number)
            .order_by(LearnedSongRow.number)
            .limit(most)
        )
        return [_song(row) for row in await self._session.scalars(statement)]

    async def _put(self, songs: Sequence[LearnedSong]) -> None:
        ids = [song.track.id for song in songs]
        await self._session.execute(
            delete(LearnedSongRow).where(LearnedSongRow.track_id.in_(ids)),
            execution_options={"synchronize_session": False},
        )
        await self._session.execute(insert(LearnedSongRow), [_values(song) for song in songs])

    async def _wait_for_other_writers(self) -> None:
        """Let the transaction with the next numbers begin after this one; SQLite does so anyway.

        A reader who saw a number would else miss a smaller one that is committed later.
        """
        if self._session.get_bind().dialect.name == POSTGRESQL:
            await self._session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _microseconds(at: datetime) -> int:
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _values(song: LearnedSong) -> dict[str, Any]:
    track = song.track
    return {
        "number": song.number,
        "track_id": track.id,
        "title": track.title,
        "artists": list(track.artists),
        "album": track.album,
        "genre": track.genre,
        "country": track.country,
        "features": dict(track.features),
        "source": track.source,
        "links": list(song.links),
        "origins": _packed(song.origins),
    }


def _song(row: LearnedSongRow) -> LearnedSong:
    track = Track(
        id=row.track_id,
        title=row.title,
        artists=tuple(row.artists),
        album=row.album,
        genre=row.genre,
        country=row.country,
        features=row.features,
        source=row.source,
    )
    return LearnedSong(track, tuple(row.links), _unpacked(row.origins), row.number)


def _packed(origins: Mapping[str, Origin]) -> dict[str, Any]:
    """Write every origin once; most songs have one or two."""
    distinct = list(dict.fromkeys(origins.values()))
    return {
        "origins": [
            [each.source, each.licence, each.learned_at.astimezone(UTC).isoformat()]
            for each in distinct
        ],
        "columns": {name: distinct.index(origin) for name, origin in origins.items()},
    }


def _unpacked(packed: Mapping[str, Any]) -> dict[str, Origin]:
    origins = [
        Origin(source, datetime.fromisoformat(learned_at), licence)
        for source, licence, learned_at in packed["origins"]
    ]
    return {name: origins[place] for name, place in packed["columns"].items()}
