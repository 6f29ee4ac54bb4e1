"""ReccoBeats, Deezer, iTunes, and the two pages of YouTube and Deezer."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from tests.stand_ins.service import Answered, Asked, StandIn
from tests.stand_ins.world import Song

_TRACK = "https://www.deezer.com/track/"


class ReccoBeats(StandIn):
    name = "ReccoBeats"
    prefix = "/v1"

    def refused(self, asked: Asked) -> Answered | None:
        if len(asked.query.get("ids", "").split(",")) > 40:
            return Answered({"error": "size must be between 1 and 40"}, 400)
        if self.n_within(1.0) > 10:
            return Answered({"error": "Too Many Requests"}, 429, {"Retry-After": "30"})
        return None

    def answer(self, asked: Asked) -> Answered:
        ids = asked.query["ids"].split(",")
        songs = [song for one in ids if (song := self.world.get(self.name, one))]
        if asked.path == "/track":
            return Answered({"content": [_recco_track(song) for song in songs]})
        if asked.path == "/audio-features":
            return Answered({"content": [_audio(song) for song in songs if song.features]})
        return Answered({"error": "Not Found"}, 404)


def _recco_track(song: Song) -> dict[str, Any]:
    return {
        "id": f"recco-{song.number}",
        "trackTitle": song.title,
        "artists": [{"id": f"r{each.number}", "name": each.name} for each in song.artists],
        "durationMs": song.seconds * 1000,
        "isrc": song.isrc,
        "href": f"https://open.spotify.com/track/{song.spotify_id}",
        "availableCountries": "SE,GB",
        "popularity": 61,
    }


def _audio(song: Song) -> dict[str, Any]:
    href = f"https://open.spotify.com/track/{song.spotify_id}"
    return {"id": f"recco-{song.number}", "href": href, "isrc": song.isrc, **(song.features or {})}


class Deezer(StandIn):
    name = "Deezer"

    def refused(self, asked: Asked) -> Answered | None:
        del asked
        if self.n_within(5.0) > 50:
            return _deezer_error("Exception", "Quota limit exceeded", 4)
        return None

    def answer(self, asked: Asked) -> Answered:
        kind, _, one_id = asked.path.strip("/").partition("/")
        if kind == "search":
            found = self.world.named(self.name, asked.query["q"])
            return Answered({"data": [_deezer_track(song) for song in found], "total": len(found)})
        song = self.world.get(self.name, one_id.removeprefix("isrc:"))
        if kind == "track" and song:
            return Answered(_deezer_track(song))
        if kind == "album" and (song := self.world.get(self.name, one_id)):
            genres = [{"id": 1, "name": name, "type": "genre"} for name in song.album_genres]
            album = {"id": song.deezer_id, "title": "An Album", "genres": {"data": genres}}
            return Answered({**album, "tracks": {"data": [{}] * 300}})
        return _deezer_error("DataException", "no data", 800)


def _deezer_error(kind: str, message: str, code: int) -> Answered:
    return Answered({"error": {"type": kind, "message": message, "code": code}})


def _deezer_track(song: Song) -> dict[str, Any]:
    return {
        "id": song.deezer_id,
        "readable": True,
        "title": song.title,
        "isrc": song.isrc,
        "duration": song.seconds,
        "rank": song.rank,
        "bpm": song.bpm,
        "gain": -9.4,
        "preview": "https://cdn.invalid/clip.mp3?signature=secret",
        "release_date": f"{song.year:04d}-03-01" if song.year else "0000-00-00",
        "explicit_lyrics": song.explicit,
        "contributors": [{"id": each.number, "name": each.name} for each in song.artists],
        "artist": {"id": song.artist.number, "name": song.artist.name},
        "album": {"id": song.deezer_id, "title": "An Album"},
    }


class Itunes(StandIn):
    name = "iTunes"

    def refused(self, asked: Asked) -> Answered | None:
        del asked
        return Answered(text="", status=403) if self.n_within(60.0) > 20 else None

    def answer(self, asked: Asked) -> Answered:
        if asked.path == "/lookup":
            song = self.world.get(self.name, asked.query["id"])
            found = [song] if song else []
        else:
            found = self.world.named(self.name, asked.query["term"])
        results = [_itunes_track(song) for song in found]
        return Answered({"resultCount": len(results), "results": results})


def _itunes_track(song: Song) -> dict[str, Any]:
    return {
        "wrapperType": "track",
        "kind": "song",
        "trackId": song.apple_id,
        "trackName": song.title,
        "artistName": song.artist.name,
        "collectionName": "An Album",
        "previewUrl": "https://cdn.invalid/clip.m4a",
        "trackTimeMillis": song.seconds * 1000,
        "releaseDate": f"{song.year}-03-01T12:00:00Z" if song.year else "",
        "primaryGenreName": "Hip-Hop/Rap",
        "trackExplicitness": "explicit" if song.explicit else "notExplicit",
        "country": "USA",
    }


class YouTube(StandIn):
    name = "YouTube"

    def answer(self, asked: Asked) -> Answered:
        video = parse_qs(urlsplit(asked.query["url"]).query)["v"][0]
        song = self.world.get(self.name, video)
        if asked.path != "/oembed" or song is None or not song.video_title:
            return Answered(text="Bad Request", status=400)
        return Answered({"title": song.video_title, "author_name": song.channel, "type": "video"})


class DeezerLinks(StandIn):
    name = "Deezer"

    def answer(self, asked: Asked) -> Answered:
        code = asked.path.removeprefix("/s/")
        leads_to = {
            "album": "https://www.deezer.com/fr/album/1",
            "evil": "http://169.254.169.254/track/1",
            "page": f"https://link.deezer.com/?awf=x&dest={quote(_TRACK + '9000001?host=1')}",
            "odd": f"https://link.deezer.com/?dest={quote('https://evil.example/track/1')}",
        }
        place = leads_to.get(code, f"{_TRACK}{code}?utm_source=x")
        return Answered(text="", status=302, headers={"Location": place})
