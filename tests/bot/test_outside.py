from pathlib import Path

import pytest

from bot.outside import source_settings
from bot.settings import Settings, load_settings
from musicrec.domain.errors import BadInputError
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


@pytest.mark.parametrize("name", ["SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET"])
def test_half_an_application_is_refused(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(name, "something")
    with pytest.raises(BadInputError, match="both"):
        source_settings(load_settings())


def test_the_operator_says_who_is_believed_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDER_OF_GENRES", "Deezer, MusicBrainz")
    orders = source_settings(load_settings()).orders
    assert orders.genres == ("Deezer", "MusicBrainz")
    assert orders.names == Orders().names


def test_a_source_that_does_not_exist_is_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDER_OF_COUNTRY", "MusicBrains")
    with pytest.raises(BadInputError, match="MusicBrains"):
        source_settings(load_settings())
