"""Which outside services are asked, as the operator set it."""

from bot.settings import Settings
from musicrec.sources import Orders, SourceSettings, SpotifySettings


def source_settings(settings: Settings) -> SourceSettings:
    """Return what outside services are to be asked, and in which order they are believed.

    Raises:
        BadInputError: A source is unknown, or there is half an application on Spotify.
    """
    defaults = Orders()
    return SourceSettings(
        contact=settings.contact,
        spotify=_spotify(settings),
        orders=Orders(
            names=_order(settings.order_of_names, defaults.names),
            features=_order(settings.order_of_features, defaults.features),
            genres=_order(settings.order_of_genres, defaults.genres),
            country=_order(settings.order_of_country, defaults.country),
            popularity=_order(settings.order_of_popularity, defaults.popularity),
        ),
    )


def _spotify(settings: Settings) -> SpotifySettings | None:
    secret = settings.spotify_client_secret
    if not settings.spotify_client_id and secret is None:
        return None
    return SpotifySettings(
        settings.spotify_client_id or "",
        secret.get_secret_value() if secret else "",
        audio_features=settings.spotify_audio_features,
    )


def _order(named: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    if named is None:
        return default
    return tuple(name.strip() for name in named.split(","))
