"""What the stand-in tells a listener about themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.stand_in.exchange import Answered, Asked, failure
from bot.stand_in.routes import Route, State, guarded, paged
from bot.stand_in.shapes import me

_MOST_URIS = 40
_COLONS = 2
_RANGES = ("short_term", "medium_term", "long_term")


class MeRoutes:
    """The listener, saved and top songs, and what is in the library."""

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def all(self) -> Sequence[Route]:
        """Every route."""
        reads, writes = frozenset({"user-library-read"}), frozenset({"user-library-modify"})
        followed = writes | {"playlist-modify-public", "playlist-modify-private"}
        top = frozenset({"user-top-read"})
        return (
            Route(r"GET /me", self._me, is_personal=True),
            Route(r"GET /me/tracks", guarded(self._saved), is_personal=True, scopes=reads),
            Route(r"GET /me/top/tracks", guarded(self._top), is_personal=True, scopes=top),
            Route(r"PUT /me/library", self._keep, is_personal=True, scopes=followed),
            Route(r"DELETE /me/library", self._drop, is_personal=True, scopes=followed),
        )

    def _me(self, listener: str, _asked: Asked) -> Answered:
        return Answered(me(self._state.listeners[listener], self._state.root))

    def _saved(self, listener: str, asked: Asked) -> Answered:
        def shape(each: tuple[str, datetime]) -> dict[str, Any]:
            uri, at = each
            return {"added_at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "track": self._state.track(uri)}

        saved = self._state.listeners[listener].saved
        return Answered(paged(asked, f"{self._state.root}/me/tracks", saved, shape))

    def _top(self, listener: str, asked: Asked) -> Answered:
        if asked.query.get("time_range", "medium_term") not in _RANGES:
            return failure(400, "Invalid time range")
        top = self._state.listeners[listener].top
        return Answered(paged(asked, f"{self._state.root}/me/top/tracks", top, self._state.track))

    def _keep(self, listener: str, asked: Asked) -> Answered:
        uris = _uris(asked)
        if uris is None:
            return failure(400, "Invalid uris")
        person, now = self._state.listeners[listener], self._state.clock.now()
        for uri in uris:
            kind, one_id = uri.split(":")[1:]
            if kind == "playlist" and one_id not in person.library:
                person.library.insert(0, one_id)
            if kind == "track" and uri not in [saved for saved, _ in person.saved]:
                person.saved.insert(0, (uri, now))
        return Answered()

    def _drop(self, listener: str, asked: Asked) -> Answered:
        uris = _uris(asked)
        if uris is None:
            return failure(400, "Invalid uris")
        person = self._state.listeners[listener]
        person.library = [one for one in person.library if f"spotify:playlist:{one}" not in uris]
        person.saved = [(uri, at) for uri, at in person.saved if uri not in uris]
        return Answered()


def _uris(asked: Asked) -> list[str] | None:
    uris = [uri for uri in asked.query.get("uris", "").split(",") if uri]
    is_well_formed = all(uri.count(":") == _COLONS for uri in uris)
    return uris if 0 < len(uris) <= _MOST_URIS and is_well_formed else None
