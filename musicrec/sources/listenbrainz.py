"""ListenBrainz: which recording a name means, how many hear it, and its ids on Spotify.

Source of the fields: listenbrainz.readthedocs.io and labs.api.listenbrainz.org.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from musicrec.domain.identity import track_id_of
from musicrec.domain.source_answer import SourceAnswer
from musicrec.sources.api import Api, Call, Surroundings
from musicrec.sources.batches import Batches
from musicrec.sources.countries import code_of
from musicrec.sources.facts import Facts
from musicrec.sources.fields import (
    Document,
    as_object,
    mbid_of,
    number,
    objects,
    only,
    part,
    parts,
    spotify_id_of,
    text,
    texts,
    valid,
)
from musicrec.sources.popularity import popularity_of_listeners
from musicrec.sources.settings import LISTENBRAINZ, ServiceSettings

_LICENCE: Final = "CC0 1.0"
_GENRE_LICENCE: Final = "CC BY-NC-SA 3.0"
_INC: Final = "artist tag release"
_OF_LOOKUP: Final = (
    "recording_mbid", "recording_name", "artist_credit_name", "artist_mbids", "release_name",
    "metadata",
)  # fmt: skip
_OF_METADATA: Final = ("artist", "recording", "release", "tag")
_OF_POPULARITY: Final = ("total_listen_count", "total_user_count")
_LABS: Final = "labs"


class ListenBrainzClient:
    """Asks for one song at a time; what allows several goes in one call."""

    def __init__(
        self, settings: ServiceSettings, labs: ServiceSettings, surroundings: Surroundings
    ) -> None:
        self.api = Api(LISTENBRAINZ, _LICENCE, settings, surroundings)
        self.labs = Api(LISTENBRAINZ, _LICENCE, labs, surroundings, bucket=_LABS)
        self._listeners = Batches(settings.most_ids, self._ask_listeners)
        self._spotify_ids = Batches(labs.most_ids, self._ask_spotify_ids)

    async def lookup(self, artist: str, title: str) -> Facts | None:
        """Return the recording that is meant by names, in about any spelling.

        Raises:
            SourceError: ListenBrainz cannot be asked.
        """
        query = {
            "artist_name": artist,
            "recording_name": title,
            "metadata": "true",
            "inc": _INC,
        }
        answer = await self._ask(
            f"lookup/{track_id_of(title, artist)}",
            Call("/metadata/lookup/", query),
            lambda found: only(found, _OF_LOOKUP),
        )
        return _lookup_in(answer)

    async def recording(self, mbid: str) -> Facts | None:
        """Return genres and country of a recording.

        Raises:
            SourceError: ListenBrainz cannot be asked.
        """
        call = Call("/metadata/recording/", {"recording_mbids": mbid, "inc": _INC})
        answer = await self._ask(
            f"recording/{mbid}", call, lambda found: only(part(found, mbid), _OF_METADATA)
        )
        return None if answer.answer is None else _metadata_in(answer, answer.answer, mbid=mbid)

    async def listeners(self, mbid: str) -> Facts | None:
        """Return the popularity of a recording.

        Raises:
            SourceError: ListenBrainz cannot be asked.
        """
        answer = await self.api.answer(f"popularity/{mbid}", lambda: self._listeners.ask(mbid))
        if answer.answer is None:
            return None
        known = popularity_of_listeners(number(answer.answer, "total_user_count"))
        return _facts(answer, mbid=mbid, features=valid({"popularity": known}))

    async def spotify_ids(self, mbid: str) -> Facts | None:
        """Return the ids of Spotify's tracks that are a recording.

        Raises:
            SourceError: The experimental service cannot be asked.
        """
        answer = await self.labs.answer(f"spotify/{mbid}", lambda: self._spotify_ids.ask(mbid))
        if answer.answer is None:
            return None
        ids = (spotify_id_of(each) for each in texts(answer.answer, "spotify_track_ids"))
        return _facts(answer, mbid=mbid, spotify_ids=tuple(each for each in ids if each))

    async def _ask(
        self, key: str, call: Call, keep: Callable[[Document], Document]
    ) -> SourceAnswer:
        async def ask() -> Mapping[str, Any] | None:
            document = await self.api.call(call)
            return None if document is None else keep(as_object(document)) or None

        return await self.api.answer(key, ask)

    async def _ask_listeners(self, mbids: Sequence[str]) -> Mapping[str, Document]:
        document = await self.api.call(
            Call("/popularity/recording", {}, {"recording_mbids": list(mbids)})
        )
        return {
            text(each, "recording_mbid"): only(each, _OF_POPULARITY)
            for each in objects(document)
            if number(each, "total_user_count") is not None
        }

    async def _ask_spotify_ids(self, mbids: Sequence[str]) -> Mapping[str, Document]:
        document = await self.labs.call(
            Call("/spotify-id-from-mbid/json", {}, [{"recording_mbid": mbid} for mbid in mbids])
        )
        return {
            text(each, "recording_mbid"): only(each, ("spotify_track_ids",))
            for each in objects(document)
            if texts(each, "spotify_track_ids")
        }


def _facts(answer: SourceAnswer, **values: Any) -> Facts:
    return Facts(answer.source, answer.fetched_at, answer.licence, _GENRE_LICENCE, **values)


def _lookup_in(answer: SourceAnswer) -> Facts | None:
    found = answer.answer
    mbid = mbid_of(text(found or {}, "recording_mbid"))
    if found is None or mbid is None:
        return None
    metadata = part(found, "metadata")
    artists = _artists(metadata) or tuple(filter(None, [text(found, "artist_credit_name")]))
    first_artist = next(iter(texts(found, "artist_mbids")), "")
    return _metadata_in(
        answer,
        metadata,
        mbid=mbid,
        title=text(found, "recording_name"),
        artists=artists,
        album=text(found, "release_name"),
        artist_mbid=mbid_of(first_artist) or "",
    )


def _metadata_in(answer: SourceAnswer, metadata: Document, **values: Any) -> Facts:
    artists = parts(part(metadata, "artist"), "artists")
    numbers = {
        "duration_ms": number(part(metadata, "recording"), "length"),
        "year": number(part(metadata, "release"), "year"),
    }
    return _facts(
        answer,
        genres=_genres(part(metadata, "tag")),
        country=code_of(text(artists[0], "area")) if artists else None,
        features=valid(numbers),
        **values,
    )


def _artists(metadata: Document) -> tuple[str, ...]:
    names = (text(each, "name") for each in parts(part(metadata, "artist"), "artists"))
    return tuple(name for name in names if name)


def _genres(tags: Document) -> tuple[str, ...]:
    """Tags of the recording before those of its artist, each by votes."""
    ranked = [
        sorted(parts(tags, name), key=_votes, reverse=True) for name in ("recording", "artist")
    ]
    names = [text(each, "tag") for group in ranked for each in group if _votes(each) > 0]
    return tuple(dict.fromkeys(name for name in names if name))


def _votes(tag: Document) -> float:
    return number(tag, "count") or 0.0
