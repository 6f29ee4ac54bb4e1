"""Two pages that are fetched for a pasted link; their hosts are settings, never the listener's."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from musicrec.domain.errors import BadInputError
from musicrec.sources.api import Api, Call, Surroundings
from musicrec.sources.fields import as_object, only, text
from musicrec.sources.links import AskedSong, song_in
from musicrec.sources.replies import NOT_FOUND, Json, json_of, location_of
from musicrec.sources.settings import ServiceSettings
from musicrec.sources.transport import Reply

YOUTUBE: Final = "YouTube"
DEEZER_LINKS: Final = "Deezer's shortened links"

_HIDDEN: Final = NOT_FOUND | {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
}
"""What oEmbed answers for videos that do not exist, are private, or may not be embedded."""
_TOPIC: Final = " - Topic"
"""Ends the name of YouTube's own channel of an artist, whose titles are bare."""
_TALK: Final = re.compile(
    r"\s*[(\[][^)\]]*\b(?:official|video|audio|lyrics?|visuali[sz]er|clip|hd|hq|4k|m/?v)\b[^)\]]*[)\]]",
    re.IGNORECASE,
)


class YouTubePages:
    """Asks YouTube's oEmbed page what a video is called."""

    def __init__(self, settings: ServiceSettings, surroundings: Surroundings) -> None:
        self.api = Api(YOUTUBE, "", settings, surroundings)

    async def names(self, video_id: str) -> AskedSong | None:
        """Return artist and title that a video's title and channel tell; None where they do not.

        Raises:
            SourceError: YouTube cannot be asked.
        """

        async def ask() -> Mapping[str, Any] | None:
            address = f"https://music.youtube.com/watch?v={video_id}"
            call = Call("/oembed", {"url": address, "format": "json"}, read=_read_oembed)
            return only(as_object(await self.api.call(call)), ("title", "author_name")) or None

        page = (await self.api.answer(f"video/{video_id}", ask)).answer
        return None if page is None else _names_in(text(page, "title"), text(page, "author_name"))


class DeezerLinks:
    """Asks where a shortened link of Deezer leads, without going there."""

    def __init__(self, settings: ServiceSettings, surroundings: Surroundings) -> None:
        self.api = Api(DEEZER_LINKS, "", settings, surroundings)

    async def track_id(self, code: str) -> str:
        """Return Deezer's id of the track that a link leads to; empty where it leads to none.

        Raises:
            SourceError: The page cannot be fetched.
        """

        async def ask() -> Mapping[str, Any] | None:
            reply = as_object(await self.api.call(Call(f"/s/{code}", read=location_of)))
            found = _track_in(str(reply.get("location", "")))
            return {"id": found} if found else None

        return text((await self.api.answer(f"link/{code}", ask)).answer or {}, "id")


def _read_oembed(reply: Reply) -> Json | None:
    return json_of(reply, unknown=_HIDDEN)


def _names_in(title: str, channel: str) -> AskedSong | None:
    bare = _TALK.sub("", title)
    if channel.endswith(_TOPIC):
        return AskedSong(artist=channel.removesuffix(_TOPIC), title=bare) if bare else None
    try:
        named = song_in(bare)
    except BadInputError:
        return None
    return named if named.title else None


def _track_in(location: str) -> str:
    """The track behind a redirect: to the song itself, or to a page that names it as ``dest``."""
    try:
        places = parse_qs(urlsplit(location).query, max_num_fields=50).get("dest", [location])
        return song_in(places[0]).deezer_id
    except (BadInputError, ValueError):
        return ""
