"""The stand-in's playlists: contents only for who may change them, changes only by the book."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from bot.stand_in.exchange import Answered, Asked, failure
from bot.stand_in.people import Entry, Playlist
from bot.stand_in.routes import BadRequestError, Route, State, guarded, paged
from bot.stand_in.shapes import entry, playlist

_MOST_URIS = 100
_READS = frozenset({"playlist-read-private", "playlist-read-collaborative"})
_WRITES = frozenset({"playlist-modify-public", "playlist-modify-private"})
_REORDER = ("range_start", "insert_before", "range_length")


class PlaylistRoutes:
    """Lists of playlists, playlists, and what is in them."""

    def __init__(self, state: State) -> None:
        self._state = state

    @property
    def all(self) -> Sequence[Route]:
        """Every route."""
        items = r"/playlists/(\w+)/items"
        return (
            self._route(r"GET /me/playlists", self._mine, _READS),
            self._route(r"POST /me/playlists", self._create, _WRITES),
            self._route(r"GET /playlists/(\w+)", self._look, frozenset()),
            self._route(r"PUT /playlists/(\w+)", self._change, _WRITES),
            self._route(f"GET {items}", self._inside(self._items), _READS),
            self._route(f"POST {items}", self._inside(self._insert), _WRITES),
            self._route(f"PUT {items}", self._inside(self._put), _WRITES),
            self._route(f"DELETE {items}", self._inside(self._remove), _WRITES),
        )

    def _route(
        self, pattern: str, answer: Callable[..., Answered], scopes: frozenset[str]
    ) -> Route:
        return Route(pattern, guarded(answer), is_personal=True, scopes=scopes)

    def _inside(
        self, answer: Callable[[str, Asked, Playlist], Answered]
    ) -> Callable[..., Answered]:
        """Let only those through who may change a playlist."""

        def through(listener: str, asked: Asked, one_id: str) -> Answered:
            found = self._state.playlists.get(one_id)
            if found is None:
                return failure(404, "Resource not found")
            if not found.may_change(listener):
                return failure(403, "Forbidden")
            return answer(listener, asked, found)

        return through

    def _mine(self, listener: str, asked: Asked) -> Answered:
        library = self._state.listeners[listener].library
        found = [self._state.playlists[one] for one in library if one in self._state.playlists]
        return Answered(paged(asked, f"{self._state.root}/me/playlists", found, self._brief))

    def _create(self, listener: str, asked: Asked) -> Answered:
        wanted = _body(asked)
        if not wanted.get("name"):
            return failure(400, "Missing required field: name")
        number = next(self._state.numbers)
        made = Playlist(f"Made{number:018d}", listener, "")
        _describe(made, {"public": True, **wanted})
        self._state.playlists[made.id] = made
        self._state.listeners[listener].library.insert(0, made.id)
        return Answered(self._whole(made, asked), 201)

    def _look(self, listener: str, asked: Asked, one_id: str) -> Answered:
        found = self._state.playlists.get(one_id)
        if found is None or found.owner == "spotify":
            return failure(404, "Resource not found")
        if found.may_change(listener):
            return Answered(self._whole(found.shown(), asked))
        if not found.is_public:
            return failure(404, "Resource not found")
        return Answered(self._bare(found))

    def _change(self, listener: str, asked: Asked, one_id: str) -> Answered:
        found = self._state.playlists.get(one_id)
        if found is None:
            return failure(404, "Resource not found")
        if found.owner != listener:
            return failure(403, "You don't own the playlist")
        _describe(found, _body(asked))
        return Answered()

    def _items(self, _listener: str, asked: Asked, found: Playlist) -> Answered:
        return Answered(self._page(found.shown(), asked))

    def _insert(self, listener: str, asked: Asked, found: Playlist) -> Answered:
        # A bare array, which spotipy sends, is not as described but is known to be borne.
        is_bare = isinstance(asked.json, list)
        body: dict[str, Any] = {"uris": asked.json} if is_bare else _body(asked)
        position = body.get("position", asked.query.get("position"))
        at = None if position is None else int(position)
        if at is not None and not 0 <= at <= len(found.entries):
            return failure(400, "Index out of bounds.")
        found.insert(self._new(listener, _uris(asked, body)), at)
        return Answered({"snapshot_id": found.snapshot_id}, 201)

    def _put(self, listener: str, asked: Asked, found: Playlist) -> Answered:
        body = _body(asked)
        moves = any(name in body for name in _REORDER)
        if moves and ("uris" in body or "uris" in asked.query):
            return failure(400, "Replace and reorder cannot be done at once")
        if moves:
            return self._move(found, body)
        found.replace(self._new(listener, _uris(asked, body)))
        return Answered({"snapshot_id": found.snapshot_id})

    def _move(self, found: Playlist, body: dict[str, Any]) -> Answered:
        _require_known(found, body)
        start, before = int(body.get("range_start", -1)), int(body.get("insert_before", -1))
        length, n_entries = int(body.get("range_length", 1)), len(found.entries)
        is_within = 0 <= start < n_entries and 0 <= before <= n_entries
        if not is_within or not 0 < length <= n_entries - start:
            return failure(400, "Index out of bounds.")
        found.move(start, length, before)
        return Answered({"snapshot_id": found.snapshot_id})

    def _remove(self, _listener: str, asked: Asked, found: Playlist) -> Answered:
        """Remove by uri: every occurrence, from the latest version, whatever else is asked."""
        body = _body(asked)
        uris = [str(each.get("uri", "")) for each in body.get("items", [])]
        if not 0 < len(uris) <= _MOST_URIS:
            return failure(400, "Between 1 and 100 items can be removed at once")
        based_on = _require_known(found, body)
        if not set(uris) <= {each.uri for each in based_on}:
            return failure(400, "Track does not exist in the playlist")
        found.remove(uris)
        return Answered({"snapshot_id": found.snapshot_id})

    def _new(self, listener: str, uris: Sequence[str]) -> list[Entry]:
        for uri in uris:
            if self._state.track(uri) is None or uri.startswith("spotify:local:"):
                msg = "Payload contains a non-existing ID"
                raise BadRequestError(msg)
        now = self._state.clock.now()
        return [Entry(uri, now, listener) for uri in uris]

    def _bare(self, found: Playlist) -> dict[str, Any]:
        return playlist(found, self._state.listeners.get(found.owner), self._state.root)

    def _brief(self, found: Playlist) -> dict[str, Any]:
        href = f"{self._state.root}/playlists/{found.id}/items"
        return {**self._bare(found), "items": {"href": href, "total": len(found.entries)}}

    def _whole(self, found: Playlist, asked: Asked) -> dict[str, Any]:
        first = Asked("GET", asked.path)
        return {**self._bare(found), "items": self._page(found, first, limit=50)}

    def _page(self, found: Playlist, asked: Asked, *, limit: int = 20) -> dict[str, Any]:
        def shape(each: Entry) -> dict[str, Any]:
            return entry(each, self._state.track(each.uri), self._state.root)

        url = f"{self._state.root}/playlists/{found.id}/items"
        return paged(asked, url, found.entries, shape, limit=limit)


def _body(asked: Asked) -> dict[str, Any]:
    body = asked.json
    if not isinstance(body, dict):
        msg = "Error parsing JSON."
        raise BadRequestError(msg)
    return cast("dict[str, Any]", body)


def _uris(asked: Asked, body: dict[str, Any]) -> list[str]:
    """Uris to add; those in the query hide those in the body."""
    listed: Any = asked.query["uris"].split(",") if "uris" in asked.query else body.get("uris")
    if not isinstance(listed, list) or len(cast("list[Any]", listed)) > _MOST_URIS:
        msg = "You can add a maximum of 100 tracks per request."
        raise BadRequestError(msg)
    return cast("list[str]", listed)


def _require_known(found: Playlist, body: dict[str, Any]) -> Sequence[Entry]:
    """The version that a change is based on, the latest by default."""
    version = found.version(body.get("snapshot_id", found.snapshot_id))
    if version is None:
        msg = "Invalid snapshot_id"
        raise BadRequestError(msg)
    return version


def _describe(found: Playlist, wanted: dict[str, Any]) -> None:
    found.name = str(wanted.get("name", found.name))
    found.description = str(wanted.get("description", found.description))
    found.is_public = bool(wanted.get("public", found.is_public))
    found.is_collaborative = bool(wanted.get("collaborative", found.is_collaborative))
    if found.is_collaborative and found.is_public:
        msg = "A collaborative playlist cannot be public"
        raise BadRequestError(msg)
