"""ListenBrainz with its experimental queries: 30 requests in 10 seconds, as its headers tell."""

from typing import Any

from musicrec.sources.clock import Clock
from tests.stand_ins.listenbrainz_accounts import Accounts, failure
from tests.stand_ins.service import Answered, Asked, StandIn
from tests.stand_ins.world import Song, World

LIMIT, WINDOW_S = 30, 10.0


class ListenBrainz(StandIn):
    name = "ListenBrainz"
    prefix = "/1"

    def __init__(self, world: World, clock: Clock) -> None:
        super().__init__(world, clock)
        self.accounts = Accounts(world, clock)

    def handle(self, asked: Asked) -> Answered:
        answered = super().handle(asked)
        left = max(0, LIMIT - self.n_within(WINDOW_S))
        headers = {
            **answered.headers,
            "X-RateLimit-Limit": str(LIMIT),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset-In": str(WINDOW_S),
        }
        return Answered(answered.document, answered.status, headers, answered.text)

    def refused(self, asked: Asked) -> Answered | None:
        del asked
        over = self.n_within(WINDOW_S) > LIMIT
        return Answered({"code": 429, "error": "Too many requests"}, 429) if over else None

    def answer(self, asked: Asked) -> Answered:
        if asked.path == "/metadata/recording/":
            mbids = asked.query["recording_mbids"].split(",")
            songs = [song for one in mbids if (song := self.world.get(self.name, one))]
            return Answered({song.mbid: _metadata(song) for song in songs})
        if asked.path == "/popularity/recording":
            return Answered([self._popularity(one) for one in asked.body["recording_mbids"]])
        return self.accounts.answer(asked) or failure(404, "Not found")

    def _popularity(self, mbid: str) -> dict[str, Any]:
        song = self.world.get(self.name, mbid)
        is_known = song is not None and song.canonical_mbid == mbid
        listeners = song.listeners if song is not None and is_known else None
        listens = None if listeners is None else 9 * listeners
        return {
            "recording_mbid": mbid,
            "total_listen_count": listens,
            "total_user_count": listeners,
        }


class ListenBrainzLabs(StandIn):
    name = "ListenBrainz"

    def answer(self, asked: Asked) -> Answered:
        if asked.path == "/acr-lookup/json":
            found = [self._lookup(index, each) for index, each in enumerate(asked.body)]
            return Answered([each for each in reversed(found) if each])
        if asked.path != "/spotify-id-from-mbid/json":
            return Answered({"error": "Not found"}, 404)
        return Answered([self._spotify_ids(each["recording_mbid"]) for each in asked.body])

    def _lookup(self, index: int, names: dict[str, str]) -> dict[str, Any] | None:
        words = f"{names['artist_credit_name']} {names['recording_name']}"
        songs = self.world.named(self.name, words)
        return {"index": index, **_lookup(songs[0])} if songs else None

    def _spotify_ids(self, mbid: str) -> dict[str, Any]:
        song = self.world.get(self.name, mbid)
        return {
            "recording_mbid": mbid,
            "artist_name": song.artist.name if song else None,
            "release_name": None,
            "track_name": song.title if song else None,
            "spotify_track_ids": [song.spotify_id] if song else [],
        }


def _lookup(song: Song) -> dict[str, Any]:
    return {
        "artist_credit_name": " & ".join(each.name for each in song.artists),
        "artist_mbids": [each.mbid for each in song.artists],
        "recording_mbid": song.canonical_mbid,
        "recording_name": song.title,
        "release_mbid": None,
        "release_name": "An Album",
    }


def _metadata(song: Song) -> dict[str, Any]:
    countries = {"GB": "United Kingdom", "US": "United States"}
    return {
        "artist": {
            "name": song.artist.name,
            "artists": [
                {
                    "artist_mbid": each.mbid,
                    "name": each.name,
                    "area": countries.get(each.country or "", each.area and each.area.name),
                }
                for each in song.artists
            ],
        },
        "recording": {"length": song.seconds * 1000, "rels": []},
        "release": {"name": "An Album", "year": song.year},
        "tag": {
            "artist": [{"tag": name, "count": count} for name, count in song.artist.tags],
            "recording": [{"tag": name, "count": count} for name, count in song.tags],
        },
    }
