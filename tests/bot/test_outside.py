from pathlib import Path

import pytest

from bot.outside import account_settings, operator_pages, source_settings
from bot.settings import Settings, load_settings
from cogs._bot import OperatorPages
from musicrec.accounts.keys import new_key
from musicrec.accounts.settings import SpotifyAccountSettings
from musicrec.domain.errors import BadInputError, SealedError
from musicrec.sources import Orders, SourceSettings


@pytest.fixture(autouse=True)
def clean_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def test_nothing_set_asks_everybody_but_spotify_in_the_usual_order():
    assert source_settings(load_settings()) == SourceSettings(contact="")


def test_an_application_on_spotify_is_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "an-id")
    monkeypatch.setenv("SPOTIFY_CLIENT_SECRET", "a-secret")
    spotify = source_settings(load_settings()).spotify
    assert spotify is not None
    assert (spotify.client_id, spotify.client_secret) == ("an-id", "a-secret")
    assert not spotify.audio_features
    assert "a-secret" not in repr(spotify)


def test_a_secret_without_its_application_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SPOTIFY_CLIENT_SECRET", "something")
    with pytest.raises(BadInputError, match="set both"):
        source_settings(load_settings())


def test_an_application_without_its_secret_serves_for_linking_accounts_alone(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "an-id")
    monkeypatch.setenv("TOKEN_KEYS", new_key())
    assert source_settings(load_settings()).spotify is None
    accounts = account_settings(load_settings())
    assert accounts.spotify == SpotifyAccountSettings("an-id", "http://127.0.0.1/callback")
    assert accounts.keys is not None


def test_saved_songs_are_taken_over_only_where_that_is_switched_on(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "an-id")
    for setting, is_on in (("", False), ("false", False), ("true", True)):
        monkeypatch.setenv("SPOTIFY_HINTS", setting)
        spotify = account_settings(load_settings()).spotify
        assert spotify is not None
        assert spotify.hints is is_on


@pytest.mark.parametrize(
    ("public_url", "is_pasted"), [("https://bot.example.org", False), ("http://[::1]:8711", True)]
)
def test_browsers_come_back_to_the_public_address(
    monkeypatch: pytest.MonkeyPatch, public_url: str, is_pasted: bool
):
    monkeypatch.setenv("SPOTIFY_CLIENT_ID", "an-id")
    monkeypatch.setenv("PUBLIC_URL", public_url)
    spotify = account_settings(load_settings()).spotify
    assert spotify is not None
    assert spotify.redirect_uri == f"{public_url}/spotify/callback"
    assert spotify.is_pasted == is_pasted


def test_the_playground_makes_its_own_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    folder = tmp_path / "data"
    assert account_settings(load_settings()).keys is None
    keys = account_settings(load_settings(), key_folder=folder).keys
    assert keys is not None
    again = account_settings(load_settings(), key_folder=folder).keys
    assert again is not None
    assert again.open(keys.seal("a token")) == "a token"
    monkeypatch.setenv("TOKEN_KEYS", new_key())
    others = account_settings(load_settings(), key_folder=folder).keys
    assert others is not None
    with pytest.raises(SealedError):
        others.open(keys.seal("a token"))


def test_the_operator_says_who_is_believed_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDER_OF_GENRES", "Deezer, MusicBrainz")
    orders = source_settings(load_settings()).orders
    assert orders.genres == ("Deezer", "MusicBrainz")
    assert orders.names == Orders().names


def test_a_source_that_does_not_exist_is_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDER_OF_COUNTRY", "MusicBrains")
    with pytest.raises(BadInputError, match="MusicBrains"):
        source_settings(load_settings())


def test_pages_of_the_operator_are_linked_where_they_are_set(monkeypatch: pytest.MonkeyPatch):
    assert operator_pages(load_settings()) == OperatorPages()
    monkeypatch.setenv("PRIVACY_URL", "https://example.org/privacy")
    monkeypatch.setenv("TERMS_URL", "https://example.org/terms")
    assert operator_pages(load_settings()) == OperatorPages(
        "https://example.org/privacy", "https://example.org/terms"
    )
