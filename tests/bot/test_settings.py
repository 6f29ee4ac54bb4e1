from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsError, load_settings, misspelt_variables

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def clean_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names_in(text: str) -> set[str]:
    return {line.split("=")[0] for line in text.splitlines() if line and not line.startswith("#")}


def test_nothing_set_means_the_defaults():
    settings = load_settings()
    assert settings.discord_token is None
    assert settings.database_address is None
    assert settings.data_dir == Path("data")
    assert (settings.worker_processes, settings.local_port) == (2, 8710)
    assert settings.log_level == "INFO"
    assert settings.workers is None


@pytest.mark.parametrize("address", ["dask://host:8786", "dask+tls://10.0.0.1:1"])
def test_a_schedulers_address_is_taken(address: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORKERS", address)
    assert load_settings().workers == address


def test_the_example_names_every_setting_and_loads_as_the_defaults(clean_folder: Path):
    defaults = load_settings()
    (clean_folder / ".env").write_text(EXAMPLE.read_text())
    assert load_settings() == defaults
    assert names_in(EXAMPLE.read_text()) == {name.upper() for name in Settings.model_fields}


def test_every_setting_of_the_example_has_a_comment_above_it():
    _, *blocks = EXAMPLE.read_text().strip().split("\n\n")
    assert blocks
    for block in blocks:
        *comments, setting = block.splitlines()
        assert comments
        assert all(line.startswith("# ") for line in comments)
        assert "=" in setting


def test_the_environment_wins_over_the_file(clean_folder: Path, monkeypatch: pytest.MonkeyPatch):
    (clean_folder / ".env").write_text("LOCAL_PORT=1\nWORKER_PROCESSES=3\n")
    monkeypatch.setenv("LOCAL_PORT", "2")
    settings = load_settings()
    assert (settings.local_port, settings.worker_processes) == (2, 3)


def test_an_empty_token_is_no_token(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISCORD_TOKEN", "")
    assert load_settings().discord_token is None


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISCORD_TOKEN", "hush")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:hush@host/name")
    monkeypatch.setenv("TOKEN_KEYS", "hush")
    settings = load_settings()
    assert "hush" not in repr(settings)
    assert settings.database_address == "postgresql://me:hush@host/name"


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        load_settings().local_port = 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WORKER_PROCESSES", "0", "WORKER_PROCESSES must be a whole number from 1 to 16."),
        ("WORKER_PROCESSES", "17", "WORKER_PROCESSES must be a whole number from 1 to 16."),
        ("WORKER_PROCESSES", "many", "WORKER_PROCESSES must be a whole number from 1 to 16."),
        ("WORKERS", "host:8786", "WORKERS must be a Dask scheduler's address such as dask://host"),
        (
            "WORKERS",
            "dask://host",
            "WORKERS must be a Dask scheduler's address such as dask://host",
        ),
        ("WORKERS", "tcp://host:8786", "WORKERS must be a Dask scheduler's address such as dask:"),
        ("LOCAL_PORT", "65536", "LOCAL_PORT must be a port from 1 to 65535, or 0 for any"),
        ("PUBLIC_URL", "http://bot.example.org", "PUBLIC_URL must be an address such as https://"),
        ("PUBLIC_URL", "https://bot.example.org/", "PUBLIC_URL must be an address such as https:"),
        ("PUBLIC_URL", "http://localhost:8711", "PUBLIC_URL must be an address such as https://"),
        ("WEB_PORT", "0", "WEB_PORT must be a port from 1 to 65535."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR."),
    ],
)
def test_a_wrong_value_is_one_sentence_that_says_what_is_allowed(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(sentence)


def test_an_unknown_name_in_the_file_is_one_sentence_with_a_guess(clean_folder: Path):
    (clean_folder / ".env").write_text("DISCORD_TOKN=x\n")
    with pytest.raises(SettingsError, match=r"no setting DISCORD_TOKN.*did you mean DISCORD_TOKEN"):
        load_settings()
    (clean_folder / ".env").write_text("SOMETHING_ELSE=x\n")
    with pytest.raises(SettingsError, match=r"no setting SOMETHING_ELSE.*there are DISCORD_TOKEN"):
        load_settings()


def test_a_file_that_is_no_text_is_one_sentence(clean_folder: Path):
    (clean_folder / ".env").write_bytes(b"\xff\xfe\x00DISCORD")
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        load_settings()


def test_a_misspelt_variable_of_the_environment_is_noticed(monkeypatch: pytest.MonkeyPatch):
    assert "DISCORD_TOKN" not in misspelt_variables()
    monkeypatch.setenv("DISCORD_TOKN", "x")
    assert misspelt_variables()["DISCORD_TOKN"] == "DISCORD_TOKEN"
