"""Playlists and songs to test with."""

from datetime import UTC

from hypothesis import strategies as st

from musicrec.domain.ids import TrackId
from musicrec.domain.playlist import ItemKind, Playlist, PlaylistItem, numbered

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), exclude_characters=";﻿￾￿")
WORDS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda word: word.strip() == word)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
IDS = st.text("0123456789abcdefXYZ", min_size=22, max_size=22).map("spotify:track:{}".format)


@st.composite
def items(draw: st.DrawFn) -> PlaylistItem:
    uri = draw(IDS)
    return PlaylistItem(
        position=1,
        title=draw(NAMES),
        artists=tuple(dict.fromkeys(draw(st.lists(NAMES, min_size=1, max_size=3)))),
        album=draw(st.just("") | NAMES),
        duration_ms=draw(st.none() | st.integers(1, 3_600).map(lambda seconds: seconds * 1000)),
        track_id=TrackId(uri),
        uri=uri,
        added_at=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
        added_by=draw(st.just("") | NAMES),
    )


PLAYLISTS = st.builds(
    lambda title, some: Playlist(title, numbered(some)),
    st.just("") | NAMES,
    st.lists(items(), max_size=6),
)


def song(title: str, artist: str = "Somebody", **more: object) -> PlaylistItem:
    uri = more.pop("uri", "")
    return PlaylistItem(
        position=1,
        kind=ItemKind.SONG,
        title=title,
        artists=(artist,),
        uri=str(uri),
        **more,  # pyright: ignore[reportArgumentType] -- fields by name
    )


def playlist(*songs: PlaylistItem) -> Playlist:
    return Playlist("Mine", numbered(songs))
