"""A listener's account on ListenBrainz, for whoever has its token: verdicts in and out, playlists.

Nothing is kept here, neither tokens nor answers.
Source: listenbrainz.readthedocs.io, "Core", "Feedback" and "Playlists".
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from musicrec.accounts.listenbrainz_verdicts import Score, Verdict, Verdicts, verdict_in
from musicrec.domain.errors import AccountLostError, SourceUnavailableError
from musicrec.domain.playlist_home import HomeList
from musicrec.sources.api import Api, Call, Surroundings
from musicrec.sources.fields import Document, as_object, mbid_of, objects, text, tidy
from musicrec.sources.replies import json_of
from musicrec.sources.settings import LISTENBRAINZ, ServiceSettings
from musicrec.sources.transport import Reply

LISTENBRAINZ_ACCOUNTS: Final = ServiceSettings(
    "https://api.listenbrainz.org/1", interval_s=1.0, most_ids=500
)
"""How many calls are left is told in ``X-RateLimit-…`` headers, which are obeyed beside this."""

_BUCKET: Final = "accounts"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.-]{8,200}")
_UNAUTHORISED: Final = 401
_REFUSED: Final[Mapping[str, Any]] = {}
"""In the place of an answer where the token is not accepted."""
_DONE: Final = "ok"
_NONSENSE: Final = "its answer cannot be understood"
_MOST_PAGES: Final = 100
"""More than anybody has said; a service that sends full pages for ever is not believed."""
_RECORDING: Final = "https://musicbrainz.org/recording/"
_EXTENSION: Final = "https://musicbrainz.org/doc/jspf#playlist"
_PAGE_OF_LIST: Final = "https://listenbrainz.org/playlist/"
_UNTITLED: Final = "Untitled"


class ListenBrainzAccounts:
    """Asks on behalf of listeners, one token at a time; a token is never shown or logged.

    Every method but ``user_of`` raises ``AccountLostError`` where a token is not accepted.
    """

    def __init__(self, settings: ServiceSettings, surroundings: Surroundings) -> None:
        self.api = Api(LISTENBRAINZ, "", settings, surroundings, bucket=_BUCKET)

    async def user_of(self, token: str) -> str | None:
        """Return whose token it is; None where it is none.

        Raises:
            SourceError: ListenBrainz cannot be asked.
        """
        try:
            found = await self._ask(token, "/validate-token")
        except AccountLostError:
            return None
        if not isinstance(found.get("valid"), bool):
            raise SourceUnavailableError(LISTENBRAINZ, _NONSENSE)
        return (text(found, "user_name") or None) if found["valid"] else None

    async def verdicts(self, token: str, user: str) -> Verdicts:
        """Return which recordings a listener loves and hates.

        Args:
            token: The listener's.
            user: The listener's name there.

        Raises:
            AccountLostError: The token is not accepted.
            SourceError: ListenBrainz cannot be asked.
        """
        path = f"/user/{quote(user, safe='')}/get-feedback"
        size = self.api.settings.most_ids
        found: dict[str, Verdict] = {}
        n_unknown = 0
        for page in range(_MOST_PAGES):
            query = {"count": str(size), "offset": str(page * size), "metadata": "true"}
            answer = await self._ask(token, path, query=query)
            if "feedback" not in answer:
                raise SourceUnavailableError(LISTENBRAINZ, "it does not know this listener")
            entries = objects(answer["feedback"], most=size)
            read = [verdict for entry in entries if (verdict := verdict_in(entry))]
            n_unknown += len(entries) - len(read)
            for verdict in read:  # a verdict given meanwhile pushes others to the next page
                found.setdefault(verdict.mbid, verdict)
            if len(entries) < size:
                break
        return Verdicts(tuple(found.values()), n_unknown)

    async def give(self, token: str, mbid: str, score: Score) -> None:
        """Say what a listener thinks of a recording; said twice it is the same.

        Raises:
            AccountLostError: The token is not accepted.
            SourceError: ListenBrainz cannot be asked.
        """
        body = {"recording_mbid": mbid, "score": int(score)}
        found = await self._ask(token, "/recording-feedback", body=body)
        if text(found, "status") != _DONE:
            raise SourceUnavailableError(LISTENBRAINZ, _NONSENSE)

    async def publish(
        self,
        token: str,
        title: str,
        description: str,
        mbids: Sequence[str],
        *,
        is_public: bool = False,
    ) -> HomeList:
        """Make a playlist in one call, so that none stays behind half.

        Args:
            token: The listener's.
            title: Its name.
            description: What stands under it.
            mbids: Recordings in their order.
            is_public: Whether others see it.

        Raises:
            AccountLostError: The token is not accepted.
            SourceError: ListenBrainz cannot be asked. The list may be there nevertheless where no
                answer came in time; it is not made again.
        """
        name = tidy(title) or _UNTITLED
        playlist = {
            "title": name,
            "annotation": tidy(description),
            "extension": {_EXTENSION: {"public": is_public}},
            "track": [{"identifier": f"{_RECORDING}{mbid}"} for mbid in mbids],
        }
        body = {"playlist": playlist}
        found = await self._ask(token, "/playlist/create", body=body, may_repeat=False)
        list_id = mbid_of(text(found, "playlist_mbid"))
        if list_id is None:
            raise SourceUnavailableError(LISTENBRAINZ, _NONSENSE)
        return HomeList(list_id, name, len(mbids), f"{_PAGE_OF_LIST}{list_id}")

    async def _ask(
        self,
        token: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        may_repeat: bool = True,
    ) -> Document:
        """Make a call; an empty object for "not found"."""
        if _TOKEN.fullmatch(token) is None:
            raise AccountLostError(LISTENBRAINZ)
        headers = {"Authorization": f"Token {token}"}
        call = Call(path, query or {}, body, headers, may_repeat, _read)
        found = await self.api.call(call)
        if found is _REFUSED:
            raise AccountLostError(LISTENBRAINZ)
        return as_object(found)


def _read(reply: Reply) -> Any:
    return _REFUSED if reply.status == _UNAUTHORISED else json_of(reply)
