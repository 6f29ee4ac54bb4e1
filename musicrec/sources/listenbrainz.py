"""ListenBrainz: which recording a name means, how many hear it, and its ids on Spotify.

Source of the fields: listenbrainz.readthedocs.io and labs.api.listenbrainz.org.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from musicrec.domain.identity import track_id_of, undecorated
from musicrec.domain.source_answer import SourceAnswer
from musicrec.sources.api import Api, Call, Surroundings
from musicrec.sources.batches import Batches
from musicrec.sources.countries import code_of
from musicrec.sources.facts import Facts
from musicrec.sources.fields import (
    NOTHING,
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
    voted,
)
from musicrec.sources.popularity import popularity_of_listeners
from musicrec.sources.settings import LISTENBRAINZ, ServiceSettings

_LICENCE: Final = "CC0 1.0"
_GENRE_LICENCE: Final = "CC BY-NC-SA 3.0"
_INC: Final = "artist tag release"
_OF_LOOKUP: Final = (
    "recording_mbid", "recording_name", "artist_credit_name", "artist_mbids", "release_name"
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
        self._lookups = Batches(labs.most_ids, self._look_up)

    async def lookup(self, artist: str, title: str) -> Facts | None:
        """Return the recording that is meant by names, in about any spelling.

        It is the canonical one of its song, which alone has listeners here; MusicBrainz may know
        the song by another recording. What makes no other song is left out of the title, because
        it is not found with it.

        Raises:
            SourceError: The experimental service cannot be asked.
        """
        names = f"{artist}\n{undecorated(title)}"
        key = f"lookup/{track_id_of(title, artist)}"
        return _lookup_in(await self.labs.answer(key, lambda: self._lookups.ask(names)))

    async def recording(self, mbid: str) -> Facts | None:
        """Return genres and country of a recording.

        Raises:
            SourceError: ListenBrainz cannot be asked.
        """

        async def ask() -> Mapping[str, Any] | None:
            query = {"recording_mbids": mbid, "inc": _INC}
            document = await self.api.call(Call("/metadata/recording/", query))
            return only(part(as_object(document), mbid), _OF_METADATA) or None

        answer = await self.api.answer(f"recording/{mbid}", ask)
        return None if answer.answer is None else _metadata_in(answer, answer.answer, mbid)

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

    async def _look_up(self, names: Sequence[str]) -> Mapping[str, Document]:
        """Ask for several; answers come in any order, without those that mean nothing."""
        pairs = [each.partition("\n") for each in names]
        body = [
            {"artist_credit_name": artist, "recording_name": title} for artist, _, title in pairs
        ]
        found: dict[str, Document] = {}
        document = await self.labs.call(Call("/acr-lookup/json", body=body))
        for each in objects(document, most=len(names)):
            index = number(each, "index")
            if index is not None and index in range(len(names)):
                found.setdefault(names[int(index)], only(each, _OF_LOOKUP))
        return found

    async def _ask_listeners(self, mbids: Sequence[str]) -> Mapping[str, Document]:
        document = await self.api.call(
            Call("/popularity/recording", body={"recording_mbids": list(mbids)})
        )
        return {
            text(each, "recording_mbid"): only(each, _OF_POPULARITY)
            for each in objects(document)
            if number(each, "total_user_count") is not None
        }

    async def _ask_spotify_ids(self, mbids: Sequence[str]) -> Mapping[str, Document]:
        document = await self.labs.call(
            Call("/spotify-id-from-mbid/json", body=[{"recording_mbid": mbid} for mbid in mbids])
        )
        return {
            text(each, "recording_mbid"): only(each, ("spotify_track_ids",))
            for each in objects(document)
            if texts(each, "spotify_track_ids")
        }


def _facts(answer: SourceAnswer, **values: Any) -> Facts:
    return Facts(answer.source, answer.fetched_at, answer.licence, _GENRE_LICENCE, **values)


def _lookup_in(answer: SourceAnswer) -> Facts | None:
    found = answer.answer or NOTHING
    mbid, artist = mbid_of(text(found, "recording_mbid")), text(found, "artist_credit_name")
    if mbid is None:
        return None
    return _facts(
        answer,
        mbid=mbid,
        title=text(found, "recording_name"),
        artists=(undecorated(artist),) if artist else (),
        album=text(found, "release_name"),
        artist_mbid=mbid_of(next(iter(texts(found, "artist_mbids")), "")) or "",
    )


def _metadata_in(answer: SourceAnswer, metadata: Document, mbid: str) -> Facts:
    artists = parts(part(metadata, "artist"), "artists")
    numbers = {
        "duration_ms": number(part(metadata, "recording"), "length"),
        "year": number(part(metadata, "release"), "year"),
    }
    return _facts(
        answer,
        mbid=mbid,
        genres=voted(part(metadata, "tag"), ("recording", "artist"), "tag"),
        country=code_of(text(artists[0], "area")) if artists else None,
        features=valid(numbers),
    )
