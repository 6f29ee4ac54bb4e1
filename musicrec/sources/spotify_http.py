# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Spotify through spotipy, in a thread of its own: no waiting, no prompts, no logs, our errors.

Left to itself spotipy sleeps for as long as a ``Retry-After`` says, keeps tokens in files, logs
them, and fails in the ways of several libraries.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final, TypeVar

import requests
from requests.adapters import HTTPAdapter
from spotipy import Spotify, SpotifyException, SpotifyOauthError
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials

from musicrec.sources.replies import NOT_FOUND, FailedError, Json
from musicrec.sources.settings import SpotifySettings
from musicrec.sources.spotify_replies import judge
from musicrec.sources.transport import LONGEST_BODY, Reply

T = TypeVar("T")

_CHUNK: Final = 1_024
"""Bytes; the time is looked at between two chunks."""
_NONSENSE: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What spotipy raises where a reply is not of the shape that it expects."""
_CREDENTIALS: Final[Any] = SpotifyClientCredentials
_SPOTIFY: Final[Any] = Spotify
"""Untyped: checkers take the types of their defaults for the only ones allowed."""


class DoubtfulTokenError(FailedError):
    """A call failed, perhaps for its token, which is better not used again."""


class RejectedTokenError(DoubtfulTokenError):
    """A call was refused for its token alone (401); it had no effect."""


class ForbiddenError(FailedError):
    """This call is not allowed (403), others may be.

    Attributes:
        said: Spotify's own words, for telling reasons apart.
    """

    def __init__(self, reason: str, said: str) -> None:
        self.said = said
        super().__init__(reason, is_final=True)


class EndedGrantError(FailedError):
    """A refresh token or a code serves no more (``invalid_grant``)."""


def _silence(record: logging.LogRecord) -> bool:
    del record
    return False


for _name in ("spotipy.client", "spotipy.oauth2", "urllib3.connectionpool"):
    # They log tokens and what people typed; whatever goes wrong is told by our errors instead.
    logging.getLogger(_name).addFilter(_silence)


class SpotifyLine:
    """One thread with one session to Spotify, a call at a time.

    ``requests`` does not promise that a session bears several threads.

    Args:
        root_url: Of the Web API, without a slash at the end.
        timeout_s: Of one call.
    """

    def __init__(self, root_url: str, timeout_s: float) -> None:
        self.session = polite_session(timeout_s)
        self._spotify: Spotify = _SPOTIFY(requests_session=self.session, requests_timeout=timeout_s)
        self._spotify.prefix = f"{root_url}/"
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spotify")

    def authorised(self, token: str) -> Spotify:
        """Return spotipy with a token; only for the thread."""
        self._spotify.set_auth(token)
        return self._spotify

    async def run(self, work: Callable[[], T]) -> T:
        """Work in the thread; whoever calls may stop waiting, the work goes on."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Take no more calls; one that is under way ends at its time-out at the latest."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self.session.close()


class SpotifyThread:
    """Asks Spotify on behalf of the application; one thread fetches no token twice."""

    def __init__(self, settings: SpotifySettings) -> None:
        timeout_s = settings.api.timeout_s
        self._token = MemoryCacheHandler()
        self._line = SpotifyLine(settings.api.base_url, timeout_s)
        self._auth = _CREDENTIALS(
            settings.client_id,
            settings.client_secret,
            requests_session=self._line.session,
            requests_timeout=timeout_s,
            cache_handler=self._token,
        )
        self._auth.OAUTH_TOKEN_URL = f"{settings.accounts_url}/api/token"

    async def ask(self, call: Callable[[Spotify], Json]) -> Json | None:
        """Make a call in the thread; None for "not found".

        Raises:
            RefusedError: Spotify wants no calls for a time.
            FailedError: There is no usable answer.
        """
        return await self._line.run(lambda: self._ask(call))

    def close(self) -> None:
        """Take no more calls; one that is under way ends at its time-out at the latest."""
        self._line.close()

    def _ask(self, call: Callable[[Spotify], Json]) -> Json | None:
        try:
            return answered(lambda: call(self._authorised()))
        except DoubtfulTokenError:
            self._token.save_token_to_cache(None)
            raise

    def _authorised(self) -> Spotify:
        """Fetch a token here where one is due, because spotipy itself asks twice for a bad one."""
        return self._line.authorised(self._auth.get_access_token(as_dict=False))


def answered(call: Callable[[], Json], *, may_be_empty: bool = False) -> Json | None:
    """Return what a call through spotipy returns; None for "not found".

    Args:
        call: Uses a ``polite_session``; None from it means an answer that says nothing.
        may_be_empty: Whether that is an answer, an empty object; else it is none.

    Raises:
        RefusedError: Spotify wants no calls for a time.
        FailedError: There is no usable answer.
    """
    try:
        document = call()
        return {} if document is None and may_be_empty else _existing(document)
    except SpotifyException as error:
        if error.http_status in NOT_FOUND:
            return None
        raise _refusal(error) from error
    except SpotifyOauthError as error:
        if error.error == "invalid_grant":
            msg = "what was allowed has ended"
            raise EndedGrantError(msg, is_final=True) from error
        msg = "it does not accept the application's id and secret"
        raise FailedError(msg, is_final=True) from error
    except _NONSENSE as error:  # before requests' own, some of which are of these too
        msg = "its answer cannot be understood"
        raise DoubtfulTokenError(msg) from error
    except requests.Timeout as error:
        msg = "no answer came in time"
        raise FailedError(msg) from error
    except OSError as error:  # which all errors of requests are
        msg = "it cannot be reached"
        raise FailedError(msg) from error


def polite_session(timeout_s: float) -> requests.Session:
    """Open a session that never retries, and that judges replies before spotipy reads them."""
    session = requests.Session()
    session.trust_env = False  # a .netrc would take the place of our tokens
    for scheme in ("https://", "http://"):
        session.mount(scheme, _JudgingAdapter(timeout_s))
    return session


class _JudgingAdapter(HTTPAdapter):
    """Reads whole replies within limits of time and length, and raises our errors for bad ones."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        super().__init__(max_retries=0)

    def send(  # noqa: PLR0917 - requests' own signature
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002 - requests' own signature
        timeout: Any = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002 - requests' own signature
        cert: Any = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        del stream
        until = perf_counter() + self._timeout_s
        response = super().send(request, True, timeout, verify, cert, proxies)  # noqa: FBT003 - as above
        body = _body_of(response, until)
        # What requests itself does with a body that it read.
        response._content = body  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        headers = {name.lower(): value for name, value in response.headers.items()}
        judge(Reply(response.status_code, headers, body))
        return response


def _body_of(response: requests.Response, until: float) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK):
        body += chunk
        if perf_counter() > until:
            response.close()
            raise requests.Timeout
        if len(body) > LONGEST_BODY:
            response.close()
            msg = "its answer is far too long"
            raise FailedError(msg)
    return bytes(body)


def _existing(document: Json) -> Json:
    if document is None:
        msg = "spotipy makes None of what it cannot read"
        raise ValueError(msg)
    return document


def _refusal(error: SpotifyException) -> FailedError:
    status = error.http_status
    if status == HTTPStatus.UNAUTHORIZED:
        return RejectedTokenError("it does not accept its own token")
    reason = f"it refuses us (HTTP {status})"
    if status == HTTPStatus.FORBIDDEN:
        return ForbiddenError(reason, str(error.msg))
    return FailedError(reason, is_final=True)
