"""The songs of the world that the stand-in of Spotify knows."""

from bot.stand_in.library import Library
from bot.stand_in.library import Song as SpotifySong
from tests.stand_ins.world import SPOTIFY, Song, World


def library_of(world: World) -> Library:
    return Library.of(spotify_song(song) for song in world.songs if SPOTIFY in song.known_to)


def spotify_song(song: Song) -> SpotifySong:
    features = song.features or {}
    return SpotifySong(
        song.spotify_id,
        song.title,
        tuple(artist.name for artist in song.artists),
        isrc=song.isrc,
        year=song.year,
        duration_ms=song.seconds * 1000,
        explicit=song.explicit,
        features={name: value for name, value in features.items() if value is not None},
    )
