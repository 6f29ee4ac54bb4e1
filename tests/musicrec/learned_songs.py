"""Learned songs with the fewest words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.track import Track

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def learned(
    track_id: str,
    title: str,
    *artists: str,
    n: int | None = None,
    links: tuple[str, ...] = (),
    source: str = "test",
    licence: str = "",
    **values: Any,
) -> LearnedSong:
    """Make a song; with ``n`` the one that was stored as the ``n``-th."""
    texts = {name: values.pop(name) for name in ("genre", "country", "album") if name in values}
    track = Track(TrackId(track_id), title, artists, features=values, source=source, **texts)
    origin = Origin(source, NOON + timedelta(hours=n or 0), licence)
    return replace(LearnedSong.of_one_source(track, origin, links), number=n)
