"""What may be set about outside services: addresses, limits, and who is asked first for what."""

from dataclasses import dataclass, field
from typing import Final

from musicrec.domain.errors import BadInputError

RECCOBEATS: Final = "ReccoBeats"
MUSICBRAINZ: Final = "MusicBrainz"
LISTENBRAINZ: Final = "ListenBrainz"
DEEZER: Final = "Deezer"
ITUNES: Final = "iTunes"
SPOTIFY: Final = "Spotify"

SOURCES: Final = (RECCOBEATS, MUSICBRAINZ, LISTENBRAINZ, DEEZER, ITUNES, SPOTIFY)

NOT_LEARNED_FROM: Final = frozenset({SPOTIFY})
"""Whose numbers no model may see, but for audio features where the operator switched them on.

Spotify's Developer Terms (version 10, IV.2.a.i) forbid training models on its content. What it
tells is used to know which song is meant and to link to it.
"""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """Where a service is and what it bears: the one place for its limits.

    Attributes:
        base_url: Without a slash at the end.
        interval_s: Seconds from the start of one call to the start of the next, in all processes of
            a database.
        most_ids: Ids in one call, where it takes several.
        timeout_s: Of one call.
        tries: How often a call that failed for a passing reason is made in all.
        patience_s: The longest ``Retry-After`` that is waited for; a longer one closes the source.
        closed_s: How long it stays closed where it refuses without saying for how long.
        rest_s: How long it is left alone after all tries failed.
        per_day: Calls a day (UTC); None for as many as the interval allows.
    """

    base_url: str
    interval_s: float
    most_ids: int = 1
    timeout_s: float = 10.0
    tries: int = 3
    patience_s: float = 5.0
    closed_s: float = 60.0
    rest_s: float = 30.0
    per_day: int | None = None


SPOTIFY_API: Final = ServiceSettings(
    "https://api.spotify.com/v1", interval_s=0.5, most_ids=100, per_day=500
)
"""Spotify's Web API, for each kind of call.

Quotas are counted a day and not published; others were closed out for a day after about 600 calls
of a kind. The interval keeps a rolling limit of 30 seconds.
Source: developer.spotify.com/documentation/web-api/concepts/rate-limits.
"""
SPOTIFY_ACCOUNTS: Final = "https://accounts.spotify.com"
"""Hands out tokens."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Who is believed first, by kind of value; a source that is not named is not used for it.

    Attributes:
        names: Title, artists, album, year, length, whether it is explicit; the last three never
            of those in ``NOT_LEARNED_FROM``.
        features: Audio features; Spotify's only where ``SpotifySettings`` switches them on.
        genres: Genre.
        country: Country of the main artist.
        popularity: Popularity.
    """

    names: tuple[str, ...] = (
        MUSICBRAINZ,
        DEEZER,
        ITUNES,
        RECCOBEATS,
        LISTENBRAINZ,
        SPOTIFY,
    )
    features: tuple[str, ...] = (RECCOBEATS, SPOTIFY)
    genres: tuple[str, ...] = (MUSICBRAINZ, LISTENBRAINZ, DEEZER, ITUNES)
    country: tuple[str, ...] = (MUSICBRAINZ, LISTENBRAINZ)
    popularity: tuple[str, ...] = (LISTENBRAINZ, DEEZER)

    def __post_init__(self) -> None:
        """Refuse misspelt names.

        Raises:
            BadInputError: A source is unknown.
        """
        named = (*self.names, *self.features, *self.genres, *self.country, *self.popularity)
        for name in named:
            if name not in SOURCES:
                msg = f"There is no source {name!r}; there are {', '.join(SOURCES)}."
                raise BadInputError(msg)


@dataclass(frozen=True, slots=True)
class SpotifySettings:
    """An application of the operator's on Spotify, in Development Mode as all new ones are.

    Attributes:
        client_id: Of the application.
        client_secret: Of the application.
        api: Where the Web API is and what it bears.
        accounts_url: Of the service that hands out tokens, without a slash at the end.
        audio_features: Whether audio features are asked for, which are closed to applications
            registered since November 2024. Models learn from features, and Spotify's Developer
            Terms (version 10, IV.2.a.i) forbid training models on its content: switch this on only
            for an application that still has them and whose agreement with Spotify allows that.
    """

    client_id: str
    client_secret: str = field(repr=False)
    api: ServiceSettings = SPOTIFY_API
    accounts_url: str = SPOTIFY_ACCOUNTS
    audio_features: bool = False

    def __post_init__(self) -> None:
        """Refuse half an application.

        Raises:
            BadInputError: The id or the secret is empty.
        """
        if not self.client_id or not self.client_secret:
            msg = "An application on Spotify has both an id and a secret: give both, or neither."
            raise BadInputError(msg)


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Everything that may be set.

    The intervals keep a tenth or more of what a service allows in reserve, because other programs
    may share this address, and because calls do not travel equally fast.

    Attributes:
        contact: A web or mail address of whoever runs this program, which goes into the
            ``User-Agent``; MusicBrainz refuses callers without one.
        reccobeats: Its limit is not published; this interval is a guess that it bears. 40 ids a
            call is what its documentation says.
        musicbrainz: One call a second for each address, else everything is refused.
            Source: musicbrainz.org/doc/MusicBrainz_API/Rate_Limiting.
        listenbrainz: It tells in ``X-RateLimit-…`` headers how many calls are left, which is
            obeyed beside this interval.
        listenbrainz_labs: Its experimental queries, at an address of their own.
        deezer: 50 calls in 5 seconds. Source: developers.deezer.com/api.
        itunes: About 20 calls a minute. Source: Apple's iTunes Search API documentation.
        youtube: Only its oEmbed page, for the title of a video.
        deezer_links: Only for where a shortened link of Deezer leads.
        spotify: None where the operator has no application there; it is not asked then.
        orders: Who is believed first.
    """

    contact: str
    reccobeats: ServiceSettings = field(
        default=ServiceSettings("https://api.reccobeats.com/v1", interval_s=0.25, most_ids=40)
    )
    musicbrainz: ServiceSettings = field(
        default=ServiceSettings("https://musicbrainz.org/ws/2", interval_s=1.1)
    )
    listenbrainz: ServiceSettings = field(
        default=ServiceSettings("https://api.listenbrainz.org/1", interval_s=0.4, most_ids=100)
    )
    listenbrainz_labs: ServiceSettings = field(
        default=ServiceSettings("https://labs.api.listenbrainz.org", interval_s=0.4, most_ids=100)
    )
    deezer: ServiceSettings = field(
        default=ServiceSettings("https://api.deezer.com", interval_s=0.125)
    )
    itunes: ServiceSettings = field(
        default=ServiceSettings("https://itunes.apple.com", interval_s=3.5)
    )
    youtube: ServiceSettings = field(
        default=ServiceSettings("https://www.youtube.com", interval_s=0.5)
    )
    deezer_links: ServiceSettings = field(
        default=ServiceSettings("https://link.deezer.com", interval_s=0.5)
    )
    spotify: SpotifySettings | None = None
    orders: Orders = field(default=Orders())
