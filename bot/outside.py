"""What is outside of the bot, as the operator set it: services, accounts, pages for people."""

from pathlib import Path
from typing import Final

from bot.keys import token_keys
from bot.settings import Settings
from cogs._bot import OperatorPages
from musicrec.accounts.keys import TokenKeys, key_in
from musicrec.accounts.settings import LOOPBACK, AccountSettings, SpotifyAccountSettings
from musicrec.domain.errors import BadInputError
from musicrec.sources import Orders, SourceSettings, SpotifySettings

CALLBACK: Final = "/spotify/callback"
"""Below ``PUBLIC_URL``: where Spotify leads browsers back to."""


def source_settings(settings: Settings) -> SourceSettings:
    """Return what outside services are to be asked, and in which order they are believed.

    Raises:
        BadInputError: A source is unknown, or there is a secret on Spotify without an id.
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


def account_settings(settings: Settings, *, key_folder: Path | None = None) -> AccountSettings:
    """Return which accounts may be linked.

    Args:
        settings: The operator's.
        key_folder: Where a key is made and kept if there is none in the settings.

    Raises:
        BadInputError: A key is none.
        StorageError: The key in the folder cannot be used.
    """
    keys = token_keys(settings)
    if keys is None and key_folder is not None:
        keys = TokenKeys([key_in(key_folder)])
    if not settings.spotify_client_id:
        return AccountSettings(None, keys)
    back = f"{settings.public_url}{CALLBACK}" if settings.public_url else LOOPBACK
    spotify = SpotifyAccountSettings(settings.spotify_client_id, back, hints=settings.spotify_hints)
    return AccountSettings(spotify, keys)


def operator_pages(settings: Settings) -> OperatorPages:
    """Return where the operator says something about data and terms."""
    return OperatorPages(settings.privacy_url or "", settings.terms_url or "")


def _spotify(settings: Settings) -> SpotifySettings | None:
    secret = settings.spotify_client_secret
    if secret is None:
        return None
    if not settings.spotify_client_id:
        msg = "SPOTIFY_CLIENT_SECRET needs SPOTIFY_CLIENT_ID beside it: set both."
        raise BadInputError(msg)
    return SpotifySettings(
        settings.spotify_client_id,
        secret.get_secret_value(),
        audio_features=settings.spotify_audio_features,
    )


def _order(named: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    if named is None:
        return default
    return tuple(name.strip() for name in named.split(","))
