"""One song out of what several sources know of it: each value from who is believed first."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from musicrec.domain.features import ALBUM, ARTISTS, COUNTRY, GENRE, TITLE
from musicrec.domain.identity import track_id_of
from musicrec.domain.ids import TrackId
from musicrec.domain.learned_song import LearnedSong, Origin
from musicrec.domain.track import SPOTIFY_PREFIX, Track
from musicrec.sources.facts import Facts
from musicrec.sources.genres import GenreVocabulary
from musicrec.sources.settings import NOT_LEARNED_FROM, Orders

T = TypeVar("T")

_OF_NAMES: Final = ("duration_ms", "explicit", "year")
_POPULARITY: Final = "popularity"
_AUDIO: Final = (
    "danceability",
    "energy",
    "key",
    "loudness_db",
    "mode",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
    "tempo_bpm",
    "time_signature",
)


def merged(
    facts: Sequence[Facts], orders: Orders, vocabulary: GenreVocabulary
) -> LearnedSong | None:
    """Make one song of answers about it; None where none of them has a title and an artist.

    Of one source, the earlier answer is believed first.
    """
    title, artists = best(facts, orders.names, _title), best(facts, orders.names, _artists)
    if title is None or artists is None:
        return None
    genre = best(facts, orders.genres, lambda each: vocabulary.pick(each.genres))
    country = best(facts, orders.country, lambda each: each.country)
    album = best(facts, orders.names, lambda each: each.album or None)
    numbers = dict(_numbers(facts, orders))
    columns = {TITLE: title, ARTISTS: artists, ALBUM: album, COUNTRY: country, **numbers}
    origins = {name: _origin(found[1]) for name, found in columns.items() if found is not None}
    if genre is not None:
        origins[GENRE] = _origin(genre[1], of_genre=True)
    ids = ids_of(facts) or (track_id_of(title[0], artists[0][0]),)
    track = Track(
        id=TrackId(ids[0]),
        title=title[0],
        artists=artists[0],
        album=album[0] if album else "",
        genre=genre[0] if genre else None,
        country=country[0] if country else None,
        features={name: value for name, (value, _) in numbers.items()},
        source=", ".join(dict.fromkeys(origin.source for origin in origins.values())),
    )
    return LearnedSong(track, ids[1:], origins)


def best(
    facts: Sequence[Facts], order: Sequence[str], get: Callable[[Facts], T | None]
) -> tuple[T, Facts] | None:
    """Return the value of whoever comes first in an order and knows it, with that answer."""
    for source in order:
        for each in facts:
            if each.source == source and (value := get(each)) is not None:
                return value, each
    return None


def ids_of(facts: Sequence[Facts]) -> tuple[str, ...]:
    """Return every id of a song, the one that it is known by first: ISRC, MusicBrainz, Spotify.

    Of several recordings in MusicBrainz only the first counts: ListenBrainz names one that stands
    for all of a song.
    """
    isrcs = [f"isrc:{isrc}" for each in facts for isrc in each.isrcs]
    mbids = [f"mbid:{each.mbid}" for each in facts if each.mbid][:1]
    spotify = [SPOTIFY_PREFIX + one for each in facts for one in each.spotify_ids]
    return tuple(dict.fromkeys([*isrcs, *mbids, *spotify]))


def _numbers(facts: Sequence[Facts], orders: Orders) -> Iterator[tuple[str, tuple[float, Facts]]]:
    learnable = [source for source in orders.names if source not in NOT_LEARNED_FROM]
    groups = (
        (learnable, _OF_NAMES),
        (orders.features, _AUDIO),
        (orders.popularity, (_POPULARITY,)),
    )
    for order, names in groups:
        for name in names:
            if found := best(facts, order, lambda each, name=name: each.features.get(name)):
                yield name, found


def _title(facts: Facts) -> str | None:
    return facts.title or None


def _artists(facts: Facts) -> tuple[str, ...] | None:
    return facts.artists or None


def _origin(facts: Facts, *, of_genre: bool = False) -> Origin:
    return Origin(
        facts.source, facts.learned_at, facts.genre_licence if of_genre else facts.licence
    )
