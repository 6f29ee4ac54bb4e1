"""Deezer: ISRC and track, year, genres of the album, rank.

Its ``bpm`` is 0 for most songs and its ``gain`` is the correction of a player, not a loudness:
neither is used as a feature, but for a tempo within its range. Failures come as HTTP 200 with an
``error``. Source of the fields and codes: developers.deezer.com/api.
"""

from collections.abc import Mapping
from typing import Any, Final

from musicrec.domain.identity import recording_key, track_id_of
from musicrec.domain.source_answer import SourceAnswer
from musicrec.sources.api import Api, Call, Surroundings
from musicrec.sources.facts import Facts
from musicrec.sources.fields import (
    Document,
    as_object,
    id_number,
    isrc_of,
    number,
    only,
    part,
    parts,
    text,
    valid,
    year_of,
)
from musicrec.sources.popularity import popularity_of_rank
from musicrec.sources.replies import FailedError, Json, RefusedError, json_of
from musicrec.sources.settings import DEEZER, ServiceSettings
from musicrec.sources.transport import Reply

_LICENCE: Final = "Deezer developer terms, non-commercial"
_QUOTA, _BUSY, _NOT_FOUND = 4, 700, 800
_WINDOW_S: Final = 5.0
"""In which Deezer counts calls."""
_OF_TRACK: Final = (
    "id", "title", "isrc", "duration", "rank", "bpm", "release_date", "explicit_lyrics", "artist",
    "contributors", "album",
)  # fmt: skip
_OF_ALBUM: Final = ("id", "genres")
_MOST_FOUND: Final = 5


class DeezerClient:
    """Asks for tracks and albums."""

    def __init__(self, settings: ServiceSettings, surroundings: Surroundings) -> None:
        self.api = Api(DEEZER, _LICENCE, settings, surroundings)

    async def track(self, deezer_id: str) -> Facts | None:
        """Return a track by Deezer's id.

        Raises:
            SourceError: Deezer cannot be asked.
        """
        return _track_in(await self._ask(f"track/{deezer_id}", _OF_TRACK))

    async def of_isrc(self, isrc: str) -> Facts | None:
        """Return the track that has an ISRC.

        Raises:
            SourceError: Deezer cannot be asked.
        """
        return _track_in(await self._ask(f"track/isrc:{isrc}", _OF_TRACK))

    async def search(self, artist: str, title: str) -> Facts | None:
        """Return the best known track of these names; what is called otherwise is none.

        Raises:
            SourceError: Deezer cannot be asked.
        """

        async def ask() -> Mapping[str, Any] | None:
            query = {"q": f"{artist} {title}", "limit": str(_MOST_FOUND)}
            document = await self.api.call(Call("/search", query, read=_read))
            wanted = recording_key(title, artist)
            for each in parts(as_object(document), "data"):
                if recording_key(text(each, "title"), text(part(each, "artist"), "name")) == wanted:
                    return {"id": id_number(each, "id")}
            return None

        found = await self.api.answer(f"search/{track_id_of(title, artist)}", ask)
        deezer_id = id_number(found.answer or {}, "id")
        return await self.track(deezer_id) if deezer_id else None

    async def album(self, deezer_id: str) -> Facts | None:
        """Return the genres of an album.

        Raises:
            SourceError: Deezer cannot be asked.
        """
        answer = await self._ask(f"album/{deezer_id}", _OF_ALBUM)
        if answer.answer is None:
            return None
        genres = [text(each, "name") for each in parts(part(answer.answer, "genres"), "data")]
        return Facts(
            answer.source,
            answer.fetched_at,
            answer.licence,
            answer.licence,
            deezer_album_id=deezer_id,
            genres=tuple(name for name in genres if name),
        )

    async def _ask(self, path: str, kept: tuple[str, ...]) -> SourceAnswer:
        async def ask() -> Mapping[str, Any] | None:
            document = as_object(await self.api.call(Call(f"/{path}", read=_read)))
            return only(document, kept) if id_number(document, "id") else None

        return await self.api.answer(path, ask)


def _read(reply: Reply) -> Json | None:
    return json_of(reply, _judge)


def _judge(document: Json) -> None:
    """Raise where a good reply words a failure; "not found" is none, it is an answer."""
    error = part(as_object(document), "error")
    code = number(error, "code")
    if not error or code == _NOT_FOUND:
        return
    if code == _QUOTA:
        msg = "it had too many questions"
        raise RefusedError(msg, _WINDOW_S)
    msg = f"it failed ({text(error, 'message') or 'without a reason'})"
    raise FailedError(msg, is_final=code != _BUSY)


def _track_in(answer: SourceAnswer) -> Facts | None:
    track = answer.answer
    if track is None:
        return None
    album = part(track, "album")
    isrc = isrc_of(text(track, "isrc"))
    return Facts(
        answer.source,
        answer.fetched_at,
        answer.licence,
        answer.licence,
        title=text(track, "title"),
        artists=_artists(track),
        album=text(album, "title"),
        isrcs=(isrc,) if isrc else (),
        deezer_id=id_number(track, "id"),
        deezer_album_id=id_number(album, "id"),
        features=valid(_numbers(track)),
    )


def _artists(track: Document) -> tuple[str, ...]:
    credited = [part(track, "artist"), *parts(track, "contributors")]
    return tuple(dict.fromkeys(name for each in credited if (name := text(each, "name"))))


def _numbers(track: Document) -> dict[str, float | None]:
    seconds, explicit = number(track, "duration"), track.get("explicit_lyrics")
    return {
        "duration_ms": 1000 * seconds if seconds else None,
        "explicit": float(explicit) if isinstance(explicit, bool) else None,
        "year": year_of(text(track, "release_date")),
        "tempo_bpm": number(track, "bpm"),
        "popularity": popularity_of_rank(number(track, "rank")),
    }
