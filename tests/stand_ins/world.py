"""Songs that do not exist, written by hand, which all stand-ins know alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

RECCOBEATS, MUSICBRAINZ, LISTENBRAINZ, DEEZER, ITUNES, YOUTUBE, SPOTIFY = EVERYWHERE = (
    "ReccoBeats",
    "MusicBrainz",
    "ListenBrainz",
    "Deezer",
    "iTunes",
    "YouTube",
    "Spotify",
)


def uuid(kind: int, number: int) -> str:
    return f"{kind:08d}-0000-4000-8000-{number:012d}"


@dataclass(frozen=True)
class Area:
    number: int
    name: str
    iso_1: tuple[str, ...] = ()
    iso_2: tuple[str, ...] = ()
    part_of: "Area | None" = None

    @property
    def mbid(self) -> str:
        return uuid(3, self.number)


@dataclass(frozen=True)
class Artist:
    number: int
    name: str
    country: str | None = None
    area: Area | None = None
    tags: tuple[tuple[str, int], ...] = ()

    @property
    def mbid(self) -> str:
        return uuid(2, self.number)


@dataclass(frozen=True)
class Song:
    """One recording; None and () are what nobody knows."""

    number: int
    title: str
    artist: Artist
    with_artists: tuple[Artist, ...] = ()
    year: int | None = 2001
    seconds: int = 200
    tags: tuple[tuple[str, int], ...] = ()
    album_genres: tuple[str, ...] = ()
    listeners: int | None = None
    rank: int = 0
    bpm: float = 0
    explicit: bool = False
    features: Mapping[str, float | None] | None = None
    known_to: Sequence[str] = EVERYWHERE
    has_other_recording: bool = False
    channel: str = ""
    video_title: str = ""

    @property
    def isrc(self) -> str:
        return f"QZAAA{self.number:07d}"

    @property
    def mbid(self) -> str:
        return uuid(1, self.number)

    @property
    def canonical_mbid(self) -> str:
        """The recording that ListenBrainz counts listeners of."""
        return uuid(4, self.number) if self.has_other_recording else self.mbid

    @property
    def spotify_id(self) -> str:
        return f"StandIn{self.number:015d}"

    @property
    def deezer_id(self) -> int:
        return 9_000_000 + self.number

    @property
    def apple_id(self) -> int:
        return 1_400_000_000 + self.number

    @property
    def video_id(self) -> str:
        return f"vid{self.number:08d}"

    @property
    def artists(self) -> tuple[Artist, ...]:
        return (self.artist, *self.with_artists)


SWEDEN = Area(1, "Sweden", ("SE",))
NORTH = Area(2, "Västerbotten", (), ("SE-AC",), SWEDEN)
TOWN = Area(3, "Umeå", part_of=NORTH)
GHANA = Area(4, "Ghana", ("GH",))
DISTRICT = Area(5, "Some District", part_of=GHANA)
VILLAGE = Area(6, "Some Village", part_of=DISTRICT)
WORLDWIDE = Area(7, "[Worldwide]", ("XW",))

LANTERNS = Artist(1, "The Paper Lanterns", "GB", Area(9, "United Kingdom", ("GB",)), (("rock", 5),))
ORLA = Artist(2, "Orla Svensdotter", None, TOWN, (("folk", 4), ("seen live", 90)))
KWAME = Artist(3, "Kwame Ofori-Lind", None, VILLAGE, (("afrobeat", 3),))
CHOIR = Artist(4, "Null Island Choir", None, WORLDWIDE)
DUO = Artist(5, "Ash & Ember", "US", Area(10, "United States", ("US",)), (("r&b", 7),))

AUDIO = {
    "acousticness": 0.11,
    "danceability": 0.62,
    "energy": 0.71,
    "instrumentalness": 0.002,
    "key": 9,
    "liveness": 0.13,
    "loudness": -7.25,
    "mode": 0,
    "speechiness": 0.04,
    "tempo": 128.5,
    "valence": 0.33,
}
OLD_AUDIO = {name: value for name, value in AUDIO.items() if name not in ("key", "mode")}

SONGS = (
    Song(
        1,
        "Lamplighter",
        LANTERNS,
        tags=(("seen live", 9), ("rock", 3)),
        listeners=999,
        rank=500_000,
        features=AUDIO,
        bpm=127.9,
        explicit=True,
    ),
    Song(
        2,
        "Snow on the Quay",
        ORLA,
        (DUO,),
        year=2014,
        listeners=99_999,
        features=OLD_AUDIO,
        has_other_recording=True,
    ),
    Song(3, "Market Day", KWAME, (DUO,), tags=(("afrobeat", 2), ("funk", 1)), listeners=0),
    Song(4, "Zero North", CHOIR, year=None, listeners=None, rank=0),
    Song(
        5,
        "Kindling (Remastered 2019)",
        DUO,
        album_genres=("R&B", "Pop"),
        listeners=50,
        features={**AUDIO, "tempo": 0, "key": -1, "valence": 1.7, "energy": None},
    ),
    Song(6, "Only on Deezer", LANTERNS, known_to=(DEEZER,), album_genres=("Rock",), rank=120_000),
    Song(7, "Only in the Shop", LANTERNS, known_to=(ITUNES,)),
    Song(8, "Only in the Library", ORLA, known_to=(MUSICBRAINZ,)),
    Song(9, "No Numbers", KWAME, known_to=(MUSICBRAINZ, LISTENBRAINZ, DEEZER, ITUNES)),
    Song(10, "Filmed", DUO, channel="Ash & Ember - Topic", video_title="Filmed", listeners=7),
    Song(
        11,
        "Also Filmed",
        LANTERNS,
        channel="lanternsVEVO",
        video_title="The Paper Lanterns – Also Filmed (Official Video) [4K]",
        listeners=7,
    ),
    Song(12, "Words\u0000 with\u202e tricks\n" + "x" * 900, CHOIR, features=AUDIO),
)


@dataclass
class World:
    """Songs by their ids."""

    songs: Sequence[Song] = SONGS
    by: dict[str, Song] = field(default_factory=dict[str, Song])
    artists: dict[str, Artist] = field(default_factory=dict[str, Artist])
    areas: dict[str, Area] = field(default_factory=dict[str, Area])

    def __post_init__(self) -> None:
        for song in self.songs:
            ids = (song.isrc, song.mbid, song.spotify_id, song.deezer_id, song.apple_id)
            self.by[song.canonical_mbid] = song
            self.by |= {str(one): song for one in (*ids, song.video_id)}
            for artist in song.artists:
                self.artists[artist.mbid] = artist
                area = artist.area
                while area is not None and area.mbid not in self.areas:
                    self.areas[area.mbid] = area
                    area = area.part_of

    def get(self, source: str, one_id: str) -> Song | None:
        song = self.by.get(one_id)
        return song if song is not None and source in song.known_to else None

    def named(self, source: str, words: str) -> list[Song]:
        """Songs whose title and artist are all of the words, in any case."""
        wanted = set(words.casefold().split())
        return [
            song
            for song in self.songs
            if source in song.known_to
            and wanted == set(f"{song.artist.name} {song.title}".casefold().split())
        ]
