"""MusicBrainz: ISRC and recording, artists, genres, and where an artist comes from.

Core data are CC0; genres and tags are supplementary data under CC BY-NC-SA 3.0.
Source of the fields: musicbrainz.org/doc/MusicBrainz_API.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from musicrec.domain.source_answer import SourceAnswer
from musicrec.sources.api import Api, Call, Surroundings
from musicrec.sources.facts import Facts
from musicrec.sources.fields import (
    NOTHING,
    Document,
    as_object,
    country_code,
    isrc_of,
    mbid_of,
    number,
    objects,
    only,
    part,
    parts,
    text,
    texts,
    valid,
    voted,
    year_of,
)
from musicrec.sources.settings import MUSICBRAINZ, ServiceSettings

_LICENCE: Final = "CC0 1.0"
_GENRE_LICENCE: Final = "CC BY-NC-SA 3.0"
_INC: Final = "artists genres tags"
_OF_RECORDING: Final = (
    "id", "title", "length", "first-release-date", "artist-credit", "genres", "tags", "isrcs"
)  # fmt: skip
_OF_ARTIST: Final = ("id", "name", "country", "area", "begin-area", "genres", "tags")
_CODES_OF_AREA: Final = ("iso-3166-1-codes", "iso-3166-2-codes")
_HOLDER: Final = "holder"
_MOST_AREAS: Final = 6
"""From a village over district, county, region and nation to the state."""
_MOST_RELATIONS: Final = 10_000
"""Of an area; a country names its thousands of parts too."""


class MusicBrainzClient:
    """Asks one question a second, which its address allows all programs here together."""

    def __init__(self, settings: ServiceSettings, surroundings: Surroundings) -> None:
        self.api = Api(MUSICBRAINZ, _LICENCE, settings, surroundings)

    async def of_isrc(self, isrc: str) -> Facts | None:
        """Return the recording that has an ISRC, the plainest where there are several.

        Raises:
            SourceError: MusicBrainz cannot be asked.
        """
        answer = await self._ask(f"isrc/{isrc}", _INC, _first_recording)
        return _recording_in(answer, isrc)

    async def recording(self, mbid: str) -> Facts | None:
        """Return a recording with its ISRCs.

        Raises:
            SourceError: MusicBrainz cannot be asked.
        """
        answer = await self._ask(
            f"recording/{mbid}", f"{_INC} isrcs", lambda found: only(found, _OF_RECORDING)
        )
        return _recording_in(answer, None)

    async def artist(self, mbid: str) -> Facts | None:
        """Return genres and country of an artist.

        Where the artist has no country, the areas that hold the artist's one are asked for, from
        the smallest up; their answers are kept for all artists from there.

        Raises:
            SourceError: MusicBrainz cannot be asked.
        """
        answer = await self._ask(
            f"artist/{mbid}", "genres tags", lambda found: only(found, _OF_ARTIST)
        )
        if answer.answer is None:
            return None
        return Facts(
            answer.source,
            answer.fetched_at,
            answer.licence,
            _GENRE_LICENCE,
            artist_mbid=mbid,
            genres=voted(answer.answer, ("genres", "tags"), "name"),
            country=await self._country_of(answer.answer),
        )

    async def _country_of(self, artist: Document) -> str | None:
        area = part(artist, "area") or part(artist, "begin-area")
        country = country_code(text(artist, "country")) or _country_in(area)
        for _ in range(_MOST_AREAS):
            mbid = mbid_of(text(area, "id"))
            if country is not None or mbid is None:
                break
            found = (await self._ask(f"area/{mbid}", "area-rels", _area_in)).answer or NOTHING
            area = part(found, _HOLDER)
            country = _country_in(found) or _country_in(area)
        return country

    async def _ask(self, path: str, inc: str, keep: Callable[[Document], Document]) -> SourceAnswer:
        async def ask() -> Mapping[str, Any] | None:
            document = await self.api.call(Call(f"/{path}", {"inc": inc, "fmt": "json"}))
            return None if document is None else keep(as_object(document)) or None

        return await self.api.answer(path, ask)


def _first_recording(document: Document) -> Document:
    """What is kept of the best recording: no video, and rather one that is nothing special.

    Special ones, such as mixes for other devices, have a disambiguation and may share the ISRC.
    """
    songs = [each for each in parts(document, "recordings") if each.get("video") is not True]
    plain = [each for each in songs if not text(each, "disambiguation")]
    return next((only(each, _OF_RECORDING) for each in (*plain, *songs)), NOTHING)


def _recording_in(answer: SourceAnswer, isrc: str | None) -> Facts | None:
    recording = answer.answer
    if recording is None:
        return None
    credited = parts(recording, "artist-credit")
    artist = part(credited[0], "artist") if credited else NOTHING
    isrcs = [isrc, *(isrc_of(each) for each in texts(recording, "isrcs"))]
    year = year_of(text(recording, "first-release-date"))
    return Facts(
        answer.source,
        answer.fetched_at,
        answer.licence,
        _GENRE_LICENCE,
        title=text(recording, "title"),
        artists=tuple(name for each in credited if (name := text(each, "name"))),
        isrcs=tuple(dict.fromkeys(each for each in isrcs if each)),
        mbid=mbid_of(text(recording, "id")) or "",
        artist_mbid=mbid_of(text(artist, "id")) or "",
        genres=voted(recording, ("genres", "tags"), "name"),
        features=valid({"duration_ms": number(recording, "length"), "year": year}),
    )


def _country_in(area: Document) -> str | None:
    """The country that an area is, or that its subdivision's code ``SE-AB`` begins with."""
    codes = texts(area, "iso-3166-1-codes") + [
        code.partition("-")[0] for code in texts(area, "iso-3166-2-codes")
    ]
    return next((found for code in codes if (found := country_code(code))), None)


def _area_in(area: Document) -> Document:
    """What is kept of an area: its codes, and the area that it is part of."""
    held_by = [
        part(relation, "area")
        for relation in objects(area.get("relations"), most=_MOST_RELATIONS)
        if (text(relation, "type"), text(relation, "direction")) == ("part of", "backward")
        and relation.get("ended") is not True
    ]
    codes = only(area, _CODES_OF_AREA)
    return {**codes, _HOLDER: only(held_by[0], ("id", *_CODES_OF_AREA))} if held_by else codes
