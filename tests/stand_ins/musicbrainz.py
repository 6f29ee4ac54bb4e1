"""MusicBrainz: one request a second, and only from callers with a contact."""

from typing import Any

from tests.stand_ins.service import Answered, Asked, StandIn
from tests.stand_ins.world import Area, Artist, Song, uuid


class MusicBrainz(StandIn):
    name = "MusicBrainz"
    prefix = "/ws/2"

    def refused(self, asked: Asked) -> Answered | None:
        agent = asked.headers.get("User-Agent", "")
        if "(" not in agent or not ("@" in agent or "http" in agent):
            return Answered({"error": "Your requests need a contact."}, 403)
        if self.n_within(1.0) > 1:
            return Answered({"error": "You exceed the allowable rate limit."}, 503)
        return None

    def answer(self, asked: Asked) -> Answered:
        kind, _, one_id = asked.path.strip("/").partition("/")
        inc = set(asked.query.get("inc", "").split())
        if asked.query.get("fmt") != "json":
            return Answered(text="<metadata/>")
        song = self.world.get(self.name, one_id)
        if kind == "isrc" and song:
            found = _recording(song, inc)
            others = [{**found, "id": uuid(9, number)} for number in (1, 2)]
            others[0]["video"], others[1]["disambiguation"] = True, "mix for headphones"
            return Answered({"isrc": song.isrc, "recordings": [*others, found]})
        if kind == "recording" and song:
            return Answered(_recording(song, inc))
        if kind == "artist" and (artist := self.world.artists.get(one_id)):
            return Answered(_artist(artist, inc))
        if kind == "area" and (area := self.world.areas.get(one_id)):
            return Answered(_area(area, inc))
        return Answered({"error": "Not Found"}, 404)


def _recording(song: Song, inc: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": song.mbid,
        "title": song.title,
        "length": song.seconds * 1000,
        "video": False,
        "disambiguation": "",
        "first-release-date": f"{song.year}-03-01" if song.year else "",
    }
    if "artists" in inc:
        found["artist-credit"] = [
            {"name": each.name, "joinphrase": "", "artist": {"id": each.mbid, "name": each.name}}
            for each in song.artists
        ]
    if "isrcs" in inc:
        found["isrcs"] = [song.isrc]
    return found | _tags(song.tags, inc)


def _artist(artist: Artist, inc: set[str]) -> dict[str, Any]:
    area = artist.area
    return {
        "id": artist.mbid,
        "name": artist.name,
        "country": artist.country,
        "area": None if area is None else _area(area, set()),
        "begin-area": None,
        **_tags(artist.tags, inc),
    }


def _area(area: Area, inc: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": area.mbid, "name": area.name}
    if area.iso_1:
        found["iso-3166-1-codes"] = list(area.iso_1)
    if area.iso_2:
        found["iso-3166-2-codes"] = list(area.iso_2)
    if "area-rels" in inc:
        parts = [_relation("forward", Area(1_000 + n, "a part")) for n in range(300)]
        held = [] if area.part_of is None else [_relation("backward", area.part_of)]
        found["relations"] = parts + held
    return found


def _relation(direction: str, area: Area) -> dict[str, Any]:
    return {"type": "part of", "direction": direction, "ended": False, "area": _area(area, set())}


def _tags(tags: tuple[tuple[str, int], ...], inc: set[str]) -> dict[str, Any]:
    listed = [{"name": name, "count": count} for name, count in tags]
    genres = [each for each in listed if each["name"] != "seen live"]
    return ({"genres": genres} if "genres" in inc else {}) | (
        {"tags": listed} if "tags" in inc else {}
    )
