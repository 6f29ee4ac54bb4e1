"""The stand-in of Spotify: its accounts service and its Web API, as Development Mode has them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from bot.stand_in.accounts import Accounts, Grant
from bot.stand_in.exchange import Answered, Asked, Exchange, Trouble, failure
from bot.stand_in.library import Library
from bot.stand_in.me import MeRoutes
from bot.stand_in.people import Listener, Playlist
from bot.stand_in.playlists import PlaylistRoutes
from bot.stand_in.routes import Route, State
from bot.stand_in.songs import SongRoutes
from musicrec.sources.clock import Clock

PREFIX: Final = "/v1"
WINDOW_S: Final = 30
DAY_S: Final = 86_400
_FORBIDDEN: Final = 403
_TOO_MANY: Final = 429

Hook = Callable[[Asked], object]

_DEAD: Final = (
    (r"GET /(tracks|artists|albums|episodes|shows|audiobooks|chapters)", 403),
    (r"GET /artists/\w+/(top-tracks|related-artists)", 403),
    (r"GET /audio-(features|analysis)(/\w+)?", 403),
    (r"GET /(browse/.*|markets)", 403),
    (r"GET /recommendations.*", 404),
    (r"\w+ /users/.*", 403),
    (r"\w+ /playlists/\w+/(tracks|followers.*)", 403),
    (r"(PUT|DELETE) /me/(tracks|albums|episodes|shows|following)", 403),
    (r"GET /me/(tracks|albums|episodes|shows|following)/contains", 403),
)
"""Routes that applications of 2026 are refused."""


@dataclass
class Limits:
    """How much is borne.

    Attributes:
        in_window: Calls in any 30 seconds.
        a_day: Calls in any 24 hours by the first word of their path, "tracks"; others have none.
    """

    in_window: int = 100
    a_day: dict[str, int] = field(default_factory=dict[str, int])


class Spotify:
    """Both services behind one address.

    Attributes:
        log: Every request and its reply.
        troubles: How it misbehaves; of several that meet a request the first one counts.
        has_audio_features: Whether the application is older than November 2024.
        before: Told every request before it is carried out; whether it is dropped instead.
        after: Told every request that was carried out, before the reply leaves.
    """

    def __init__(self, library: Library, clock: Clock) -> None:
        self.clock = clock
        self.accounts = Accounts(clock)
        self.limits = Limits()
        self.log: list[Exchange] = []
        self.troubles: list[Trouble] = []
        self.has_audio_features = False
        self.before: Hook = _not_at_all
        self.after: Hook = _not_at_all
        self.state = State(library, clock)
        self._routes: list[Route] = [
            *SongRoutes(self.state).all,
            *MeRoutes(self.state).all,
            *PlaylistRoutes(self.state).all,
        ]

    @property
    def address(self) -> str:
        """Where it is served, without a slash at the end."""
        return self.state.root.removesuffix(PREFIX)

    @address.setter
    def address(self, address: str) -> None:
        self.state.root = address + PREFIX

    def invite(self, listener: Listener) -> Listener:
        """Give somebody an account."""
        self.state.listeners[listener.id] = listener
        return listener

    def add(self, playlist: Playlist) -> Playlist:
        """Add a playlist, on top of its owner's."""
        self.state.playlists[playlist.id] = playlist
        if owner := self.state.listeners.get(playlist.owner):
            owner.library.insert(0, playlist.id)
        return playlist

    def trouble(self, asked: Asked) -> Trouble | None:
        """The trouble that meets a request."""
        return next((trouble for trouble in self.troubles if trouble.meets(asked)), None)

    def handle(self, asked: Asked, trouble: Trouble | None = None) -> Answered:
        """Answer a request, and log it."""
        answered = trouble.answer if trouble else None
        if answered is None or (trouble and trouble.takes_effect):
            right = self._limited(asked) or self._answer(asked)
            answered = answered or right
        self.log.append(Exchange(self.clock.now(), asked, answered, trouble is not None))
        self.after(asked)
        return answered

    def asked(self, pattern: str = "") -> list[str]:
        """Requests to the Web API as ``METHOD /path``, those that match a pattern."""
        lines = [str(each.asked) for each in self.log if each.asked.path.startswith(PREFIX)]
        short = [line.replace(f" {PREFIX}/", " /") for line in lines]
        return [line for line in short if re.search(pattern, line)]

    def _limited(self, asked: Asked) -> Answered | None:
        if not asked.path.startswith(PREFIX):
            return None
        if self._n_within(WINDOW_S) >= self.limits.in_window:
            return _throttled(str(WINDOW_S), "API rate limit exceeded", None)
        family = _family(asked)
        if self._n_within(DAY_S, family) >= self.limits.a_day.get(family, len(self.log) + 1):
            return _throttled(str(DAY_S), "Quota exceeded", "QUOTA_EXCEEDED")
        return None

    def _n_within(self, seconds: float, family: str = "") -> int:
        since = self.clock.now() - timedelta(seconds=seconds)
        return sum(
            each.at > since and family in ("", _family(each.asked))
            for each in self.log
            if each.asked.path.startswith(PREFIX) and each.answered.status != _TOO_MANY
        )

    def _answer(self, asked: Asked) -> Answered:
        if not asked.path.startswith(PREFIX):
            return self.accounts.answer(asked)
        grant = self.accounts.holder(dict(asked.headers))
        if grant is None:
            return failure(401, "The access token expired")
        line = f"{asked.method} {asked.path.removeprefix(PREFIX)}"
        if refusal := self._refused(line, grant):
            return refusal
        for route in self._routes:
            if match := re.fullmatch(route.pattern, line):
                return self._through(route, grant, asked, match)
        return failure(404, "Service not found")

    def _refused(self, line: str, grant: Grant) -> Answered | None:
        listener = self.state.listeners.get(grant.listener)
        if grant.listener and (listener is None or not listener.is_invited):
            return failure(403, "User not registered in the Developer Dashboard")
        if self.has_audio_features and line.startswith("GET /audio-features"):
            return None
        for pattern, status in _DEAD:
            if re.fullmatch(pattern, line):
                return failure(status, "Forbidden" if status == _FORBIDDEN else "Not Found")
        return None

    def _through(self, route: Route, grant: Grant, asked: Asked, match: re.Match[str]) -> Answered:
        if route.is_personal and not grant.listener:
            return failure(401, "Valid user authentication required")
        if route.is_personal and route.scopes and not route.scopes & grant.scopes:
            return failure(403, "Insufficient client scope")
        return route.answer(grant.listener, asked, *match.groups())


def _not_at_all(asked: Asked) -> bool:
    del asked
    return False


def _family(asked: Asked) -> str:
    return asked.path.removeprefix(PREFIX).strip("/").partition("/")[0]


def _throttled(retry_after: str, message: str, reason: str | None) -> Answered:
    error: Any = failure(429, message, reason=reason).document
    return Answered(error, 429, {"Retry-After": retry_after})
