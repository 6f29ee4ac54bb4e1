"""What ListenBrainz does for whoever has a token: verdicts and playlists."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from musicrec.sources.clock import Clock
from tests.stand_ins.service import Answered, Asked
from tests.stand_ins.world import Song, World, uuid

MOST_AT_ONCE, DEFAULT_COUNT = 1_000, 25
RECORDING = "https://musicbrainz.org/recording/"
EXTENSION = "https://musicbrainz.org/doc/jspf#playlist"
_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SCORES = (-1, 0, 1)


@dataclass
class Given:
    """One verdict; those from before recordings were mapped have no recording."""

    mbid: str | None
    score: int
    created: int
    mapped: str | None = None


@dataclass
class Made:
    """One playlist."""

    owner: str
    title: str
    annotation: str
    is_public: bool
    mbids: list[str]


@dataclass
class Accounts:
    """Listeners, what they said, and their playlists.

    Attributes:
        users: Names by token.
        given: By name, the latest first.
        playlists: By their ids.
    """

    world: World
    clock: Clock
    users: dict[str, str] = field(default_factory=dict[str, str])
    given: dict[str, list[Given]] = field(default_factory=dict[str, list[Given]])
    playlists: dict[str, Made] = field(default_factory=dict[str, Made])

    def join(self, name: str, token: str) -> str:
        self.users[token] = name
        self.given[name] = []
        return token

    def answer(self, asked: Asked) -> Answered | None:
        """Answer what concerns accounts; None for everything else."""
        if asked.path == "/validate-token":
            return self._validate(asked)
        if match := re.fullmatch(r"/user/([^/]+)/get-feedback", asked.path):
            return self._read(unquote(match[1]), asked)
        if asked.path not in ("/recording-feedback", "/playlist/create"):
            return None
        name = self.users.get(_token(asked) or "")
        if name is None:
            return failure(401, "Invalid authorization token.")
        if asked.path == "/recording-feedback":
            return self._give(name, asked.body)
        return self._create(name, asked.body)

    def _validate(self, asked: Asked) -> Answered:
        token = _token(asked)
        if token is None:
            return failure(400, "You need to provide an Authorization token.")
        name = self.users.get(token)
        if name is None:
            return Answered({"code": 200, "message": "Token invalid.", "valid": False})
        found = {"code": 200, "message": "Token valid.", "valid": True, "user_name": name}
        return Answered(found)

    def _read(self, name: str, asked: Asked) -> Answered:
        if name not in self.given:
            return failure(404, f"Cannot find user: {name}")
        count = min(int(asked.query.get("count", DEFAULT_COUNT)), MOST_AT_ONCE)
        offset, score = int(asked.query.get("offset", 0)), asked.query.get("score")
        chosen = [each for each in self.given[name] if score is None or each.score == int(score)]
        with_songs = asked.query.get("metadata") == "true"
        shown = [self._shown(name, each, with_songs) for each in chosen[offset : offset + count]]
        total = len(self.given[name])
        found = {"feedback": shown, "count": len(shown), "total_count": total, "offset": offset}
        return Answered(found)

    def _shown(self, name: str, given: Given, with_songs: bool) -> dict[str, Any]:
        song = self.world.by.get(given.mbid or given.mapped or "")
        return {
            "created": given.created,
            "recording_mbid": given.mbid,
            "recording_msid": None if given.mbid else uuid(9, given.created % 10**12),
            "score": given.score,
            "track_metadata": _metadata(song, given) if song and with_songs else None,
            "user_id": name,
        }

    def _give(self, name: str, body: Any) -> Answered:
        if not isinstance(body, dict) or set(body) != {"recording_mbid", "score"}:
            return failure(400, "JSON document must contain recording_mbid and score")
        if not _MBID.fullmatch(str(body["recording_mbid"])) or body["score"] not in _SCORES:
            return failure(400, "Invalid JSON document submitted")
        mbid, now = str(body["recording_mbid"]), int(self.clock.now().timestamp())
        kept = [each for each in self.given[name] if each.mbid != mbid]
        new = [Given(mbid, int(body["score"]), now)] if body["score"] else []
        self.given[name] = [*new, *kept]
        return Answered({"status": "ok"})

    def _create(self, name: str, body: Any) -> Answered:
        playlist = body.get("playlist", {}) if isinstance(body, dict) else {}
        is_public = playlist.get("extension", {}).get(EXTENSION, {}).get("public")
        if not playlist.get("title") or not isinstance(is_public, bool):
            return failure(400, "JSPF playlist must contain a title and whether it is public.")
        links = [str(track.get("identifier", "")) for track in playlist.get("track", [])]
        if not all(re.fullmatch(f"{RECORDING}{_MBID.pattern}", link) for link in links):
            return failure(400, "JSPF playlist track does not contain a valid identifier.")
        mbids = [link.removeprefix(RECORDING) for link in links]
        one_id = uuid(8, len(self.playlists) + 1)
        annotation = str(playlist.get("annotation") or "")
        self.playlists[one_id] = Made(name, playlist["title"], annotation, is_public, mbids)
        return Answered({"status": "ok", "playlist_mbid": one_id})


def failure(status: int, words: str) -> Answered:
    return Answered({"code": status, "error": words}, status)


def _token(asked: Asked) -> str | None:
    kind, _, token = asked.headers.get("Authorization", "").partition(" ")
    return token if kind.lower() == "token" and token else None


def _metadata(song: Song, given: Given) -> dict[str, Any]:
    return {
        "artist_name": " & ".join(each.name for each in song.artists),
        "track_name": song.title,
        "release_name": "An Album",
        "mbid_mapping": {
            "recording_mbid": given.mbid or given.mapped,
            "artist_mbids": [each.mbid for each in song.artists],
        },
    }
